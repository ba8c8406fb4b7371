"""What a training run is made of: typed settings, and the four presets they start from.

Any field can be set by its path, `recipe.crop_px=128`. The settings in full are stored in every
checkpoint of a run. Needs no torch.
"""

import json
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec

from models.data.augmentation_config import AugmentationConfig
from models.data.videos import VideoFrames
from models.errors import ModelError


class LossSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Equation 8: pixel + ssim (1 - SSIM) + psnr (1 - PSNR / 40) + beta contrastive.

    Attributes:
        pixel: the pixel term; the paper has mse and compares it with mae. After five minutes of
            fine-tuning rmse stood 0.06 dB above charbonnier.
        ssim, psnr, beta: weights, none negative.
        ssim_stride: see `losses.structural_similarity`.
        signed: whether pictures are in [-1, 1] as in the paper, else in 0..1.
        temperature: of the contrastive loss; the paper writes none (1), the official code 0.5.
        head_relu: the official code's ReLU in the contrastive modules.
        views: what a positive pair is: the two modalities (the official code) or two
            augmentations of one picture (the paper's words).
    """

    pixel: Literal["mse", "mae", "charbonnier", "rmse"] = "rmse"
    ssim: float = 0.15
    ssim_stride: int = 1
    psnr: float = 0.0
    beta: float = 0.0
    signed: bool = False
    temperature: float = 0.5
    head_relu: bool = True
    views: Literal["modalities", "augmentations"] = "modalities"

    def __post_init__(self) -> None:
        for name in ("ssim", "psnr", "beta"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name}: wanted 0 or more, got {getattr(self, name)}")
        if self.ssim_stride < 1:
            raise ValueError(f"ssim_stride: wanted 1 or more, got {self.ssim_stride}")
        if self.temperature <= 0:
            raise ValueError(f"temperature: wanted above 0, got {self.temperature}")


class TrainSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One run. Exactly one of `epochs`, `steps` and `minutes` bounds it.

    Attributes:
        preset: the name of the preset it came from.
        data: data folders.
        weights: of each, a factor to how often it is drawn; empty is 1 each.
        videos: which frames of a folder of thermal videos are taken.
        output: folder of the run.
        minutes: time at work, pauses not counted.
        init: a checkpoint to start from; a real-time `network` may be deeper than it.
        encoder_weights: a ResNet-34 state dict for both encoders of the paper's network.
        teacher: a model whose pictures, the mean over eight views, make up `teacher_share` of the
            targets of pairs with a thermal_lr of their own (see
            `models.training.feeding.distillation`).
        family: of the network, as in checkpoints.
        network: its configuration, as plain values.
        device: auto (CUDA where there is one), cpu or cuda.
        precision: of the forward and backward passes; weights, loss and optimiser are always f32.
            auto is bf16 where the device computes in it (CUDA, a CPU with AVX512-BF16), else f32.
        threads: CPU threads, 0 for all cores.
        sampling: `epochs` draws every pair once an epoch; `weighted` draws with replacement,
            sources by weight.
        benchmark_weight: how much more often a source with its own thermal_lr is drawn.
        hold_out: whether the development split stays out of training. Without it there is no
            validation metric and no best checkpoint.
        optimiser: muon takes the kernels between features, AdamW the rest (see
            `models.training.optim.muon`); 0.23 dB above AdamW alone after seven minutes.
        schedule: of the learning rate, after `warm_up_steps` of linear rise.
        average: decay of the averaged weights; 0 keeps none and saves the trained ones.
        clip: largest norm of the gradient; 0 leaves it alone.
        norms_frozen_from: progress (0..1) from which batch norms use their running statistics.
        dev_epochs: epochs between validations; 0 goes by `dev_seconds`.
        select: the validation metric by which `best` is chosen.
    """

    preset: str
    data: tuple[str, ...] = ()
    weights: tuple[float, ...] = ()
    videos: VideoFrames = VideoFrames()
    output: str = ""
    epochs: int | None = None
    steps: int | None = None
    minutes: float | None = None
    init: str | None = None
    encoder_weights: str | None = None
    teacher: str | None = None
    teacher_share: float = 0.5
    family: Literal["realtime", "corefusion"] = "realtime"
    network: dict[str, Any] = {}
    loss: LossSettings = LossSettings()
    recipe: AugmentationConfig = AugmentationConfig()
    seed: int = 1
    device: Literal["auto", "cpu", "cuda"] = "auto"
    precision: Literal["auto", "f32", "bf16"] = "f32"
    threads: int = 0
    batch: int = 8
    sampling: Literal["weighted", "epochs"] = "weighted"
    benchmark_weight: float = 3.0
    hold_out: bool = True
    optimiser: Literal["adam", "adamw", "muon"] = "muon"
    learning_rate: float = 1e-3
    schedule: Literal["cosine", "constant"] = "cosine"
    warm_up_steps: int = 200
    average: float = 0.999
    clip: float = 1.0
    norms_frozen_from: float = 0.6
    save_seconds: float = 120.0
    dev_seconds: float = 420.0
    dev_epochs: int = 0
    select: Literal["psnr", "ssim"] = "psnr"

    def __post_init__(self) -> None:
        if self.batch < 1 or (self.loss.beta > 0 and self.batch < 2):
            raise ValueError(f"batch: wanted 1 or more, 2 or more with beta, got {self.batch}")
        if self.weights and len(self.weights) != len(self.data):
            raise ValueError(
                f"weights: wanted one for each of {len(self.data)} folders, got {len(self.weights)}"
            )
        for name, weight in zip(self.data, self.weights, strict=bool(self.weights)):
            if not 0 < weight < math.inf:
                raise ValueError(
                    f"weights: {name}: wanted above 0, got {weight:g}; a folder that is never "
                    "drawn from is left out"
                )
        if self.sampling == "epochs" and any(weight != 1 for weight in self.weights):
            raise ValueError(
                "weights: sampling epochs takes every picture once an epoch; weights want "
                "sampling=weighted"
            )
        if self.loss.beta > 0 and self.family != "corefusion":
            raise ValueError("loss.beta: only the corefusion family has contrastive modules")
        if not 0 <= self.teacher_share <= 1:
            raise ValueError(f"teacher_share: wanted 0..1, got {self.teacher_share}")
        if self.encoder_weights is not None and self.family != "corefusion":
            raise ValueError("encoder_weights: only the corefusion family has ResNet-34 encoders")


UNTOUCHED = AugmentationConfig(
    crop_px=0,
    benchmark=1.0,
    jitter=0.0,
    no_visible=0.0,
    no_thermal=0.0,
    wrong_guide=0.0,
    shifted=0.0,
    recoloured=0.0,
    grey=0.0,
    spoiled=0.0,
    dihedral=False,
)
"""Whole frames of the given low resolution, flips alone: the paper's section 4.2."""

PAPER = TrainSettings(
    preset="paper",
    family="corefusion",
    loss=LossSettings(pixel="mse", ssim=0.1, psnr=0.1, beta=1.0, signed=True),
    recipe=UNTOUCHED,
    sampling="epochs",
    optimiser="adam",
    learning_rate=1e-4,
    schedule="constant",
    warm_up_steps=0,
    average=0.0,
    clip=0.0,
    norms_frozen_from=1.0,
    dev_epochs=1,
    select="ssim",
)

PAPER_PLUS = msgspec.structs.replace(
    PAPER,
    preset="paper+",
    network={"residual": True},
    loss=LossSettings(pixel="mse", ssim=0.1, signed=True),
    recipe=msgspec.structs.replace(
        UNTOUCHED, crop_px=192, dihedral=True, no_visible=0.2, no_thermal=0.05
    ),
    average=0.999,
)

QUALITY_NETWORK = {
    "visible_blocks": [1, 2, 3],
    "thermal_blocks": [1, 2, 3],
    "decoder_blocks": [3, 3, 3],
}
"""The widths of `fast` and more blocks, so that it can start from weights of `fast`."""

REALTIME = TrainSettings(
    preset="fast",
    precision="auto",
    loss=LossSettings(ssim_stride=4),
    recipe=AugmentationConfig(resampled=0.5),
)

PRESETS = {
    "paper": PAPER,
    "paper+": PAPER_PLUS,
    "fast": REALTIME,
    "quality": msgspec.structs.replace(REALTIME, preset="quality", network=QUALITY_NETWORK),
}

RECIPES: dict[str, dict[str, Any]] = {
    "benchmark": {"recipe.benchmark": 1.0, "recipe.sampling": "linear"},
    "challenge24": {"recipe.benchmark": 1.0, "recipe.sampling": "cubic"},
    "sensor": {"recipe.benchmark": 0.0, "recipe.noisy": 0.0},
    "sensor-noisy": {"recipe.benchmark": 0.0, "recipe.noisy": 1.0},
}
"""What is changed of a recipe so that all of its samples have one kind of low resolution."""

EPOCHS = 500
"""The paper's length of a run, where no other budget is given."""

MINUTES = 60.0
"""The budget of the real-time presets, where no other is given."""


def settings_of(
    preset: str, changes: Mapping[str, Any], overrides: Iterable[tuple[str, Any]] = ()
) -> TrainSettings:
    """A preset with changes.

    Args:
        preset: one of PRESETS.
        changes: fields by their path (`loss.beta`), None leaving a field alone.
        overrides: (path, value) of what is set after them, None being a value.

    Raises:
        ModelError: for a preset, key or value there is not, or budgets that exclude each other.
    """
    if preset not in PRESETS:
        raise ModelError(f"preset: wanted {', '.join(PRESETS)}, got {preset!r}")
    tree: dict[str, Any] = msgspec.to_builtins(PRESETS[preset])
    for key, value in changes.items():
        if value is not None:
            _put(tree, key, value)
    for key, value in overrides:
        _put(tree, key, value)
    given = [name for name in ("epochs", "steps", "minutes") if tree[name] is not None]
    if len(given) > 1:
        raise ModelError(f"budget: {' and '.join(given)} exclude each other")
    if not given:
        whole = tree["sampling"] == "epochs"
        tree.update({"epochs": EPOCHS} if whole else {"minutes": MINUTES})
    try:
        return msgspec.convert(tree, TrainSettings)
    except msgspec.ValidationError as error:
        words, _, place = str(error).partition(" - at `$.")
        where = f"{place.rstrip('`')}: " if place else ""
        raise ModelError(f"train settings: {where}{words}") from error


FREE_ON_RESUME = (
    "epochs", "steps", "minutes", "device", "threads", "save_seconds", "dev_seconds", "dev_epochs",
    "data", "output", "init", "encoder_weights",
)  # fmt: skip
"""What a resumed run may have otherwise: how long, where and how closely watched; and paths, for a
folder may have moved."""


RECIPE_OF_0_1 = {"sampling": "blurred", "noise": "plain"}
"""What a recipe meant that was stored before it could say so, and goes on with."""


def check_same_run(stored: Path, settings: TrainSettings) -> TrainSettings:
    """Refuse to resume a run as another one.

    Returns:
        The settings to go on with: `settings`, but a run of release 0.1 keeps its low resolutions.

    Raises:
        ModelError: if the stored settings are unreadable or differ in what makes the result.
    """
    try:
        tree = json.loads(stored.read_text(encoding="utf-8"))
        tree["recipe"] = {**RECIPE_OF_0_1, **tree["recipe"]}
        before = msgspec.convert(tree, TrainSettings)
    except FileNotFoundError as error:
        raise ModelError(f"{stored.parent}: nothing to resume from") from error
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise ModelError(f"{stored}: not the settings of a run: {error}") from error
    kept = {
        name: value
        for name, value in RECIPE_OF_0_1.items()
        if getattr(before.recipe, name) == value
        and getattr(settings.recipe, name) == getattr(AugmentationConfig(), name)
    }
    recipe = msgspec.structs.replace(settings.recipe, **kept)
    settings = msgspec.structs.replace(settings, recipe=recipe)
    for key in sorted(set(TrainSettings.__struct_fields__) - set(FREE_ON_RESUME)):
        was, now = (msgspec.to_builtins(getattr(each, key)) for each in (before, settings))
        if was != now:
            raise ModelError(f"{stored.parent}: cannot resume: {key} was {was}, is {now}")
    return settings


def _put(tree: dict[str, Any], path: str, value: Any) -> None:
    *groups, last = path.split(".")
    inner = tree
    for group in groups:
        inner = inner.get(group, {})
        if not isinstance(inner, dict):
            raise ModelError(f"train settings: {path}: {group} has no fields")
    # A network's configuration depends on its family; its own type refuses what it does not know.
    if last not in inner and groups != ["network"]:
        raise ModelError(f"train settings: no {path}; here are {', '.join(sorted(inner))}")
    inner[last] = value
