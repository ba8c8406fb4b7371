"""Training: draw a batch, step, average, now and then look at the development split and save.

    corefusion train --preset paper --beta 1 --data DIR --output runs/paper-b1

The batch of a step depends on (seed, step) alone, so that a resumed run goes on exactly as the one
that was cut. Files in the output folder:

    settings.json       the run's settings in full
    files.txt           every picture the run trains on
    log.csv             step, epoch, seconds, loss and its terms; development figures where measured
    curves.png          the same as curves
    state.pt            everything needed to go on after a kill (--resume)
    last.safetensors    the weights at the last save
    best.safetensors    the weights with the best development figure so far
"""

import json
import math
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import torch

from models import checkpoint
from models.development import development_figures, selected
from models.errors import ModelError
from models.presets import TrainSettings, check_same_run
from models.sampling import Source, batches, load_sources, steps_per_epoch
from models.train_log import TrainLog, check_curves, draw_curves
from models.training_state import TrainingState
from models.transforms import Batch

Figures = dict[str, float]

Advance = Callable[[float, str], None]
"""Called after every step with the run's progress (0..1) and a few words."""


def train(
    settings: TrainSettings,
    resume: bool = False,
    report: Callable[[str], None] = lambda line: None,
    advance: Advance = lambda progress, words: None,
    stopped: Callable[[], bool] = lambda: False,
) -> dict[str, Any]:
    """Train to the end of the budget.

    Args:
        settings: the run.
        resume: go on from the state in the output folder.
        report: gets a line at every save.
        advance: see `Advance`.
        stopped: asked after every step; True saves and returns.

    Returns:
        step, epoch, seconds, whether it was stopped early, and the last development figures.

    Raises:
        ModelError: for unusable data, a state that does not fit, or a loss that is not finite.
    """
    check_curves()
    if settings.threads:
        torch.set_num_threads(settings.threads)
    output = Path(settings.output)
    if not resume and (output / "state.pt").exists():
        raise ModelError(f"{output}: holds a run already; --resume it or choose another")
    sources = load_sources(settings)
    state = TrainingState(settings)
    if resume:
        check_same_run(output / "settings.json", settings)
        state.load(output / "state.pt")
    output.mkdir(parents=True, exist_ok=True)
    (output / "files.txt").write_text(_files(sources), encoding="utf-8")
    settings_text = json.dumps(msgspec.to_builtins(settings), indent=1)
    (output / "settings.json").write_text(settings_text + "\n", encoding="utf-8")
    run = _Run(settings, state, sources, output, resume)
    return run.to_the_end(report, advance, stopped)


def training_step(state: TrainingState, batch: Batch, rate: float, clip: float) -> Figures:
    """One step; returns the loss and its terms as numbers. Nothing moves if it is not finite."""
    for optimiser in state.optimisers:
        for group in optimiser.param_groups:
            group["lr"] = rate
        optimiser.zero_grad(set_to_none=True)
    base, guide, target, present = (
        torch.from_numpy(array).to(state.device, non_blocking=True)
        for array in (batch.base, batch.guide, batch.target, batch.present)
    )
    guide = guide.contiguous(memory_format=torch.channels_last)
    # bf16 keeps f32's range and needs no loss scaling.
    with torch.autocast(state.device.type, dtype=torch.bfloat16, enabled=state.half):
        loss, parts = state.objective(state.net, base, guide, target, present)
    value = float(loss.detach())
    if not math.isfinite(value):
        return {"loss": value}
    loss.backward()
    if clip > 0:
        torch.nn.utils.clip_grad_norm_(state.net.parameters(), clip)
    for optimiser in state.optimisers:
        optimiser.step()
    figures = {name: float(part.detach()) for name, part in parts.items()}
    figures["train_db"], figures["train_ssim"] = figures.pop("psnr"), figures.pop("similarity")
    return {"loss": value, **figures}


def learning_rate(settings: TrainSettings, step: int, progress: float) -> float:
    """Linear warm-up in steps; then constant, or a cosine over the run down to a hundredth."""
    warm = min(1.0, (step + 1) / settings.warm_up_steps) if settings.warm_up_steps else 1.0
    if settings.schedule == "constant":
        return settings.learning_rate * warm
    cosine = 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(progress, 1.0)))
    return settings.learning_rate * warm * cosine


class _Run:
    """The loop's own bookkeeping: when to look, when to save, what to say."""

    def __init__(
        self,
        settings: TrainSettings,
        state: TrainingState,
        sources: Sequence[Source],
        output: Path,
        resumed: bool,
    ) -> None:
        self.settings, self.state, self.sources, self.output = settings, state, sources, output
        self.log = TrainLog(output / "log.csv", state.step if resumed else None)
        self.epoch_steps = steps_per_epoch(sources, settings.batch)
        self.by_epochs = settings.sampling == "epochs"
        self.saved_at = self.looked_at = state.seconds
        self.sums: Figures = {}
        self.count = 0
        self.rate = 0.0
        self.recent: list[float] = []
        self.latest: Figures = {}

    def progress(self) -> float:
        """0..1 of the budget."""
        settings, state = self.settings, self.state
        if settings.epochs is not None:
            return state.step / (settings.epochs * self.epoch_steps)
        if settings.steps is not None:
            return state.step / settings.steps
        assert settings.minutes is not None  # one of the three is given
        return state.seconds / (60 * settings.minutes)

    def to_the_end(
        self, report: Callable[[str], None], advance: Advance, stopped: Callable[[], bool]
    ) -> dict[str, Any]:
        early = False
        for batch in batches(self.sources, self.settings, self.state.step):
            progress = self.progress()
            if progress >= 1:
                break
            self._step(batch, progress)
            advance(self.progress(), self._words())
            early = stopped()
            if early:
                break
            looked = self._look_if_due()
            if looked or self.state.seconds - self.saved_at >= self.settings.save_seconds:
                report(self._save())
        state = self.state
        unseen = not early and self.looked_at != state.seconds
        if unseen:
            self._look()
        if unseen or self.saved_at != state.seconds:
            report(self._save())
        return {
            "step": state.step,
            "epoch": round(state.step / self.epoch_steps, 2) if self.by_epochs else None,
            "seconds": round(state.seconds, 1),
            "stopped": early,
            **self.latest,
        }

    def _step(self, batch: Batch, progress: float) -> None:
        began = time.monotonic()
        state, settings = self.state, self.settings
        if progress >= settings.norms_frozen_from:
            state.freeze_norms()
        self.rate = learning_rate(settings, state.step, progress)
        figures = training_step(state, batch, self.rate, settings.clip)
        if not math.isfinite(figures["loss"]):
            kept = self.output / "last.safetensors"
            good = f"the last good weights are {kept}" if kept.exists() else "nothing was saved yet"
            raise ModelError(
                f"step {state.step}: the loss is {figures['loss']} "
                f"on {', '.join(batch.names)}; {good}"
            )
        state.step += 1
        state.average_in(settings.average)
        for name, value in figures.items():
            self.sums[name] = self.sums.get(name, 0.0) + value
        self.count += 1
        took = time.monotonic() - began
        self.recent = [*self.recent[-49:], took]
        # A run may be paused for a measurement and continued: that step did not work so long.
        state.seconds += min(took, 5 * statistics.median(self.recent))

    def _look_if_due(self) -> bool:
        if self.by_epochs and self.settings.dev_epochs:
            due = self.state.step % (self.settings.dev_epochs * self.epoch_steps) == 0
        else:
            due = self.state.seconds - self.looked_at >= self.settings.dev_seconds
        if due:
            self._look()
        return due

    def _look(self) -> None:
        self.looked_at = self.state.seconds
        net = self.state.evaluated_net()
        self.latest = development_figures(net, self.sources, self.settings.recipe)
        score = selected(self.latest, self.settings.select)
        if score is not None and score > self.state.best:
            self.state.best = score
            self._save_weights("best.safetensors")

    def _save(self) -> str:
        """Everything to disk; the line to report."""
        state = self.state
        self.saved_at = state.seconds
        self._save_weights("last.safetensors")
        state.save(self.output / "state.pt")
        fresh = self.latest if self.looked_at == state.seconds else {}
        means = {name: total / self.count for name, total in self.sums.items()}
        row = {"step": float(state.step), "seconds": state.seconds, "rate": self.rate}
        if self.by_epochs:
            row["epoch"] = state.step / self.epoch_steps
        self.log.add({**row, **means, **fresh})
        self.sums, self.count = {}, 0
        title = f"{self.settings.preset}, {state.step} steps, seed {self.settings.seed}"
        draw_curves(self.log.path, self.output / "curves.png", title)
        dev = "".join(f"  {k[:-3]} {v:.3f}" for k, v in fresh.items() if k.endswith("both_db"))
        return f"step {state.step}  {self._words()}  loss {means.get('loss', math.nan):.5f}{dev}"

    def _save_weights(self, name: str) -> None:
        state, settings = self.state, self.settings
        training = {
            "preset": settings.preset,
            "step": state.step,
            "epoch": round(state.step / self.epoch_steps, 2) if self.by_epochs else None,
            "minutes": round(state.seconds / 60, 1),
            "settings": {
                **msgspec.to_builtins(settings),
                # Where things lay on this machine is nobody's business.
                "data": [_tail(folder) for folder in settings.data],
                "output": Path(settings.output).name,
                **{
                    name: None if path is None else _tail(path)
                    for name, path in (
                        ("init", settings.init),
                        ("teacher", settings.teacher),
                        ("encoder_weights", settings.encoder_weights),
                    )
                },
            },
            **self.latest,
        }
        kinds = "benchmark x8" if settings.recipe.benchmark == 1 else "sensor x2..x16"
        if 0 < settings.recipe.benchmark < 1:
            kinds = f"benchmark x8 ({settings.recipe.benchmark:.0%}) and {kinds}"
        checkpoint.save(self.output / name, state.net, kinds, training, state.weights())

    def _words(self) -> str:
        median = statistics.median(self.recent) if self.recent else 0.0
        epoch = f"epoch {self.state.step / self.epoch_steps:.1f}  " if self.by_epochs else ""
        return f"{epoch}{median * 1e3:.0f} ms/step"


def _tail(path: str) -> str:
    return "/".join(Path(path).parts[-2:])


def _files(sources: Sequence[Source]) -> str:
    lines = [f"{s.folder.resolve()}\t{pair.name}" for s in sources for pair in s.train]
    return "\n".join(lines) + "\n"
