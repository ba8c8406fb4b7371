"""Training of the real-time network.

    corefusion train --preset fast --data DIR [--data DIR]... --output DIR --minutes 55

One plain loop: draw a batch, step, average the weights, now and then look at the dev split and
save. The batch of step n depends on (seed, n) alone, so a resumed run goes on exactly as the one
that was cut. Files in the output folder:

    files.txt           every picture the run trains on
    log.csv             step, seconds, loss, learning rate; dev figures where they were measured
    state.pt            everything needed to go on after a kill (--resume)
    last.safetensors    averaged weights at the last save
    best.safetensors    averaged weights with the best dev PSNR so far
"""

import copy
import csv
import logging
import math
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, cast

import cv2
import numpy as np
import torch
from torch import Tensor

from models import checkpoint, degradation, losses, metrics
from models.dataset import Pair, check_trainable, find_pairs, read_pair, split
from models.errors import ModelError
from models.network import GuidedNetwork, channels_last
from models.realtime import STRIDE, RealtimeConfig, RealtimeNet
from models.transforms import Batch, Recipe, collate, draw_sample

log = logging.getLogger(__name__)

PRESETS = ("fast",)
TRAINED_FOR = "benchmark x8 and sensor x2..x16, half of the samples each"


@dataclass(frozen=True, slots=True)
class TrainSettings:
    """One run. Either `minutes` (time at work, pauses not counted) or `steps` bounds it."""

    data: tuple[Path, ...]
    output: Path
    preset: str = "fast"
    minutes: float | None = None
    steps: int | None = None
    init: Path | None = None
    resume: bool = False
    seed: int = 1
    batch: int = 8
    learning_rate: float = 1e-3
    benchmark_weight: float = 3.0
    warm_up_steps: int = 200
    average: float = 0.999
    clip: float = 1.0
    norms_frozen_from: float = 0.6
    save_seconds: float = 120.0
    dev_seconds: float = 420.0
    threads: int = 0
    config: RealtimeConfig = field(default_factory=RealtimeConfig)
    recipe: Recipe = field(default_factory=Recipe)


@dataclass(frozen=True, slots=True)
class Source:
    """One data folder in memory, and how often a sample comes from it."""

    folder: Path
    train: list[Pair]
    dev: list[Pair]
    weight: float


class Run:
    """What changes while training: weights, their average, the optimiser, step and time."""

    def __init__(self, settings: TrainSettings) -> None:
        torch.manual_seed(settings.seed)
        self.net: GuidedNetwork = RealtimeNet(settings.config)
        if settings.init is not None:
            self.net, _ = checkpoint.load(settings.init)
        channels_last(self.net).train()
        self.average = {k: v.detach().clone() for k, v in self.net.state_dict().items()}
        self.optimiser = torch.optim.AdamW(
            self.net.parameters(), lr=settings.learning_rate, weight_decay=1e-4, betas=(0.9, 0.99)
        )
        self.step = 0
        self.seconds = 0.0
        self.best_db = -math.inf

    def averaged_net(self) -> GuidedNetwork:
        """A network with the averaged weights, for the dev split."""
        net = copy.deepcopy(self.net)
        net.load_state_dict(self.average)
        return channels_last(net.eval())

    def average_in(self, decay: float) -> None:
        """Move the averaged weights towards the present ones."""
        # Young averages forget faster, else the random start would weigh for a thousand steps.
        decay = min(decay, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for name, value in self.net.state_dict().items():
                if value.dtype.is_floating_point:
                    self.average[name].lerp_(value, 1 - decay)
                else:
                    self.average[name].copy_(value)

    def freeze_norms(self) -> None:
        """From here on train the function that is deployed: fixed statistics, not the batch's.

        The decoder's norms see batches mixed of one and of two modalities; what they settle on
        would else never be what one frame alone is put through.
        """
        for module in self.net.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.eval()

    def save_state(self, path: Path) -> None:
        """Write everything that `load_state` needs, whole or not at all."""
        partial = path.with_suffix(".partial")
        torch.save(
            {
                "net": self.net.state_dict(),
                "average": self.average,
                "optimiser": self.optimiser.state_dict(),
                "step": self.step,
                "seconds": self.seconds,
                "best_db": self.best_db,
            },
            partial,
        )
        partial.replace(path)

    def load_state(self, path: Path) -> None:
        """Go on from a saved state; ModelError if it is missing or of another network."""
        try:
            state = torch.load(path, weights_only=True)
            self.net.load_state_dict(state["net"])
            self.optimiser.load_state_dict(state["optimiser"])
        except FileNotFoundError as error:
            raise ModelError(f"{path}: nothing to resume from") from error
        except (RuntimeError, KeyError, ValueError, EOFError) as error:
            raise ModelError(f"{path}: cannot resume: {str(error).splitlines()[0]}") from error
        self.average = state["average"]
        self.step, self.seconds = state["step"], state["seconds"]
        self.best_db = state["best_db"]


def load_sources(
    folders: Sequence[Path], crop_px: int, benchmark_weight: float = 3.0
) -> list[Source]:
    """Decode every pair into memory (a few hundred MB).

    A folder's weight grows with the root of its size; one with its own `thermal_lr` belongs to the
    benchmark and weighs `benchmark_weight` times that.

    Raises:
        ModelError: if a folder is for scoring only, broken, or holds no pair large enough.
    """
    sources = []
    for folder in folders:
        check_trainable(folder)
        train_paths, dev_paths = split(find_pairs(folder))
        with ThreadPoolExecutor(4) as pool:
            pairs = list(pool.map(read_pair, train_paths))
            dev = list(pool.map(read_pair, dev_paths))
        train = [pair for pair in pairs if min(pair.thermal.shape) >= crop_px + 2 * STRIDE]
        if len(train) < len(pairs):
            log.warning("%s: %d pairs too small, left out", folder, len(pairs) - len(train))
        if not train:
            raise ModelError(f"{folder}: no pair of at least {crop_px + 2 * STRIDE} pixels a side")
        factor = benchmark_weight if train[0].thermal_lr is not None else 1.0
        sources.append(Source(folder, train, dev, factor * math.sqrt(len(train))))
    return sources


def draw_batch(sources: Sequence[Source], settings: TrainSettings, step: int) -> Batch:
    """The batch of a step: a function of (seed, step) alone."""
    rng = np.random.default_rng((settings.seed, step))
    weights = np.array([source.weight for source in sources])
    samples = []
    for index in rng.choice(len(sources), settings.batch, p=weights / weights.sum()):
        pairs = sources[index].train
        samples.append(draw_sample(pairs[int(rng.integers(len(pairs)))], settings.recipe, rng))
    return collate(samples, settings.recipe, rng)


def batches(sources: Sequence[Source], settings: TrainSettings, start: int) -> Iterator[Batch]:
    """Batches from step `start` on, the next one always drawn ahead in a thread."""
    with ThreadPoolExecutor(1) as pool:
        ahead = pool.submit(draw_batch, sources, settings, start)
        step = start
        while True:
            batch = ahead.result()
            step += 1
            ahead = pool.submit(draw_batch, sources, settings, step)
            yield batch


def train_step(run: Run, batch: Batch, learning_rate: float, clip: float) -> float:
    """One step; returns the loss."""
    for group in run.optimiser.param_groups:
        group["lr"] = learning_rate
    base, guide, target, present = (
        torch.from_numpy(array) for array in (batch.base, batch.guide, batch.target, batch.present)
    )
    guide = guide.contiguous(memory_format=torch.channels_last)
    prediction = run.net(base, guide, present)
    loss = losses.reconstruction(prediction, target)
    run.optimiser.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(run.net.parameters(), clip)
    run.optimiser.step()
    return float(loss.detach())


def learning_rate(settings: TrainSettings, step: int, progress: float) -> float:
    """Linear warm-up in steps, then a cosine over the run's progress, down to a hundredth."""
    warm = min(1.0, (step + 1) / settings.warm_up_steps)
    cosine = 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(progress, 1.0)))
    return settings.learning_rate * warm * cosine


@torch.inference_mode()
def dev_figures(net: GuidedNetwork, sources: Sequence[Source]) -> dict[str, float]:
    """Mean PSNR in dB over the dev pairs at x8.

    Point-sampled and area-averaged, with and without the guide.
    """
    found: dict[str, list[float]] = {}
    for source in sources:
        for pair in source.dev:
            rows, columns = (side // STRIDE * STRIDE for side in pair.thermal.shape)
            truth = pair.thermal[:rows, :columns]
            guide = torch.from_numpy(pair.visible[:rows, :columns].transpose(2, 0, 1).copy())
            for name in ("benchmark", "sensor"):
                if name == "benchmark" and pair.thermal_lr is None:
                    continue
                low = degradation.named(name)(truth, 8)
                if name == "benchmark" and pair.thermal_lr is not None:
                    low = pair.thermal_lr[: rows // 8, : columns // 8]
                up = cv2.resize(
                    low.astype(np.float32), (columns, rows), interpolation=cv2.INTER_LINEAR
                )
                base = torch.from_numpy(up)[None, None] / 255
                for key, picture in (("both", guide[None] / 255), ("thermal", None)):
                    out = (base + net.residual(base, picture))[0, 0].numpy() * 255
                    found.setdefault(f"{name}_{key}", []).append(metrics.psnr_db(out, truth))
                found.setdefault(f"{name}_bilinear", []).append(metrics.psnr_db(up, truth))
    return {f"{key}_db": round(float(np.mean(values)), 4) for key, values in found.items()}


def train(settings: TrainSettings, report: Callable[[str], None]) -> dict[str, Any]:
    """Train to the end of the budget; `report` gets a progress line now and then.

    Returns:
        The last dev figures, with step and seconds.

    Raises:
        ModelError: for an unknown preset, unusable data, or a state that does not fit.
    """
    if settings.preset not in PRESETS:
        raise ModelError(
            f"preset: this release trains {', '.join(PRESETS)}; got {settings.preset!r}"
        )
    if (settings.minutes is None) == (settings.steps is None):
        raise ModelError("train: give a budget, either minutes or steps")
    if settings.threads:
        torch.set_num_threads(settings.threads)
    sources = load_sources(settings.data, settings.recipe.crop_px, settings.benchmark_weight)
    settings.output.mkdir(parents=True, exist_ok=True)
    _write_files(sources, settings.output / "files.txt")
    run = Run(settings)
    if settings.resume:
        run.load_state(settings.output / "state.pt")
    elif (settings.output / "state.pt").exists():
        raise ModelError(f"{settings.output}: holds a run already; resume it or choose another")

    facts: dict[str, Any] = {}
    recent: list[float] = []
    saved = looked = run.seconds
    loss_sum, loss_count = 0.0, 0
    for batch in batches(sources, settings, run.step):
        progress = _progress(settings, run)
        if progress >= 1:
            break
        began = time.monotonic()
        if progress >= settings.norms_frozen_from:
            run.freeze_norms()
        rate = learning_rate(settings, run.step, progress)
        loss_sum += train_step(run, batch, rate, settings.clip)
        loss_count += 1
        run.step += 1
        run.average_in(settings.average)
        took = time.monotonic() - began
        recent = [*recent[-49:], took]
        # A run may be stopped for a measurement and continued: that step did not work so long.
        run.seconds += min(took, 5 * statistics.median(recent))

        if run.seconds - saved >= settings.save_seconds:
            if run.seconds - looked >= settings.dev_seconds:
                facts = _look(run, sources, settings)
                looked = run.seconds
            _save(run, settings, facts)
            saved = run.seconds
            row = {"loss": loss_sum / loss_count, "rate": rate, **facts}
            loss_sum, loss_count = 0.0, 0
            _log_row(settings.output / "log.csv", run, row)
            report(_line(run, row, progress, statistics.median(recent)))
    facts = _look(run, sources, settings)
    _save(run, settings, facts)
    _log_row(settings.output / "log.csv", run, {**facts})
    return {"step": run.step, "seconds": round(run.seconds, 1), **facts}


def _progress(settings: TrainSettings, run: Run) -> float:
    if settings.steps is not None:
        return run.step / settings.steps
    return run.seconds / (60 * cast(float, settings.minutes))


def _look(run: Run, sources: Sequence[Source], settings: TrainSettings) -> dict[str, float]:
    figures = dev_figures(run.averaged_net(), sources)
    score = figures.get("benchmark_both_db", figures.get("sensor_both_db"))
    if score is not None and score > run.best_db:
        run.best_db = score
        _save_weights(run, settings, figures, "best.safetensors")
    return figures


def _save(run: Run, settings: TrainSettings, facts: dict[str, Any]) -> None:
    _save_weights(run, settings, facts, "last.safetensors")
    run.save_state(settings.output / "state.pt")


def _save_weights(run: Run, settings: TrainSettings, facts: dict[str, Any], name: str) -> None:
    training = {
        "preset": settings.preset,
        "step": run.step,
        "minutes": round(run.seconds / 60, 1),
        "data": ["/".join(folder.parts[-2:]) for folder in settings.data],
        "recipe": asdict(settings.recipe),
        **facts,
    }
    tensors: dict[str, Tensor] = run.average
    checkpoint.save(settings.output / name, run.net, TRAINED_FOR, training, tensors)


def _write_files(sources: Sequence[Source], path: Path) -> None:
    lines = [
        f"{source.folder.resolve()}\t{pair.name}" for source in sources for pair in source.train
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _log_row(path: Path, run: Run, row: dict[str, float]) -> None:
    known = ["step", "seconds", "loss", "rate"]
    known += [
        f"{name}_{key}_db"
        for name in ("benchmark", "sensor")
        for key in ("both", "thermal", "bilinear")
    ]
    fresh = not path.exists()
    with path.open("a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, known)
        if fresh:
            writer.writeheader()
        writer.writerow({"step": run.step, "seconds": round(run.seconds, 1), **row})


def _line(run: Run, row: dict[str, float], progress: float, step_seconds: float) -> str:
    left = run.seconds / progress - run.seconds if progress > 0 else math.inf
    dev = "".join(f"  {k[:-3]} {v:.3f}" for k, v in row.items() if k.endswith("_db"))
    return (
        f"step {run.step}  loss {row['loss']:.5f}  rate {row['rate']:.2e}  "
        f"{step_seconds * 1e3:.0f} ms/step  {progress:.0%}  {left / 60:.1f} min left{dev}"
    )
