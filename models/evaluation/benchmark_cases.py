"""The rows of a bench: which model, on which engine, at which precision, for how many frames."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from models import checkpoint
from models.engines import openvino, selection
from models.engines.spec import EngineName, Precision
from models.errors import ModelError
from models.inference.predictor import PredictorSettings
from models.registry import INTERPOLATIONS, find_model, shipped
from models.training.config import PRESETS

REFERENCE = "paper"
REFERENCE_SHARE = 10
"""Of the frames of another row, the paper's network gets one in so many: it is as much slower."""


@dataclass(frozen=True, slots=True)
class Row:
    """What is to be measured: a model under its name, its checkpoint, and how.

    `as_trained` is the reference: see `TorchEngine`.
    """

    name: str
    random: bool
    settings: PredictorSettings
    frames: int
    as_trained: bool = False


def whole_table(frames: int, threads: int, folder: Path) -> Iterator[Row]:
    """Every model, engine and precision here, the paper's network as it is trained first."""
    few = max(3, frames // REFERENCE_SHARE)

    def row(model: str, engine: EngineName, precision: Precision, frames: int) -> Row:
        settings = PredictorSettings(model, engine.value, precision.value, threads)
        return row_of(settings, frames, folder)

    with_torch = selection.torch_installed()
    if with_torch:
        from models.engines.torch import precisions

        reference = row(REFERENCE, EngineName.TORCH, Precision.F32, few)
        yield dataclasses.replace(reference, as_trained=True)
        for precision in reversed(precisions()):
            yield row(REFERENCE, EngineName.TORCH, precision, few)
        for precision in openvino.precisions_of(random_weights(REFERENCE, folder)):
            yield row(REFERENCE, EngineName.OPENVINO, precision, few)
    tiers: dict[str, str] = {}
    for name in shipped():  # two sets of one tier differ by 3 % at most
        tiers.setdefault(name.partition(":")[0], name)
    for name in tiers.values():
        weights = find_model(name).weights
        assert weights is not None
        for precision in openvino.precisions_of(weights):
            yield row(name, EngineName.OPENVINO, precision, frames)
        if with_torch:
            for precision in precisions():
                yield row(name, EngineName.TORCH, precision, frames)
    for interpolation in INTERPOLATIONS:
        yield row_of(PredictorSettings(model=interpolation), frames, folder)


def row_of(settings: PredictorSettings, frames: int, folder: Path) -> Row:
    """A row; a name without weights of its own gets random ones, kept in `folder`.

    Raises:
        ModelError: for no frames, or without PyTorch where weights are to be made.
    """
    if frames < 1:
        raise ModelError(f"frames: wanted 1 or more, got {frames}")
    name = settings.model
    random = name in PRESETS and name not in shipped()
    if random:
        path = random_weights(name, folder)
        settings = msgspec.structs.replace(settings, model=str(path))
    return Row(name if random else find_model(name).name, random, settings, frames)


def random_weights(name: str, folder: Path) -> Path:
    """A checkpoint of a preset's network with weights that mean nothing.

    Raises:
        ModelError: without PyTorch, which makes them.
    """
    if not selection.torch_installed():
        raise ModelError(
            f"bench of {name}: PyTorch makes its random weights: "
            "pip install 'corefusion-live[torch]'"
        )
    import torch

    preset = PRESETS[name]
    path = folder / f"{name}.safetensors"
    if not path.exists():
        torch.manual_seed(0)
        net = checkpoint.build(preset.family, preset.network).train()
        with torch.no_grad():  # norms that have seen something keep the numbers in range
            net(torch.rand(2, 1, 64, 64), torch.rand(2, 3, 64, 64))
        checkpoint.save(path, net.eval(), "none", {})
    return path
