"""A training run: when to step, when to validate, when to save."""

import math
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from models import checkpoint
from models.data.batch import Batch
from models.errors import ModelError
from models.training.batches import DataSource, batches, steps_per_epoch
from models.training.config import TrainSettings
from models.training.log import TrainLog, draw_curves
from models.training.state import TrainingState
from models.training.step import StepMetrics, learning_rate, training_step
from models.training.validation import selected, validate

Advance = Callable[[float, str], None]
"""Called after every step with the run's progress (0..1) and a few words."""


class TrainingRun:
    """Goes on from `state` to the end of the budget; files go to `output`."""

    def __init__(
        self,
        settings: TrainSettings,
        state: TrainingState,
        sources: Sequence[DataSource],
        output: Path,
        resumed: bool,
    ) -> None:
        self._settings, self._state, self._sources, self._output = settings, state, sources, output
        self._log = TrainLog(output / "log.csv", state.step if resumed else None)
        self._epoch_steps = steps_per_epoch(sources, settings.batch)
        self._by_epochs = settings.sampling == "epochs"
        self._saved_at = self._validated_at = state.seconds
        self._sums: StepMetrics = {}
        self._count = 0
        self._rate = 0.0
        self._recent: list[float] = []
        self._latest: StepMetrics = {}

    def _progress(self) -> float:
        """Of the budget, 0..1."""
        settings, state = self._settings, self._state
        if settings.epochs is not None:
            return state.step / (settings.epochs * self._epoch_steps)
        if settings.steps is not None:
            return state.step / settings.steps
        assert settings.minutes is not None  # one of the three is given
        return state.seconds / (60 * settings.minutes)

    def run(
        self, report: Callable[[str], None], advance: Advance, stopped: Callable[[], bool]
    ) -> dict[str, Any]:
        """Step until the budget is used up; arguments and return value as of `train`."""
        early = False
        for batch in batches(self._sources, self._settings, self._state.step):
            progress = self._progress()
            if progress >= 1:
                break
            self._step(batch, progress)
            advance(self._progress(), self._words())
            early = stopped()
            if early:
                break
            looked = self._validate_if_due()
            if looked or self._state.seconds - self._saved_at >= self._settings.save_seconds:
                report(self._save())
        state = self._state
        unseen = not early and self._validated_at != state.seconds
        if unseen:
            self._validate()
        if unseen or self._saved_at != state.seconds:
            report(self._save())
        return {
            "step": state.step,
            "epoch": round(state.step / self._epoch_steps, 2) if self._by_epochs else None,
            "seconds": round(state.seconds, 1),
            "stopped": early,
            **self._latest,
        }

    def _step(self, batch: Batch, progress: float) -> None:
        began = time.monotonic()
        state, settings = self._state, self._settings
        if progress >= settings.norms_frozen_from:
            state.freeze_norms()
        self._rate = learning_rate(settings, state.step, progress)
        metrics = training_step(state, batch, self._rate, settings.clip)
        if not math.isfinite(metrics["loss"]):
            kept = self._output / "last.safetensors"
            good = f"the last good weights are {kept}" if kept.exists() else "nothing was saved yet"
            raise ModelError(
                f"step {state.step}: the loss is {metrics['loss']} "
                f"on {', '.join(batch.names)}; {good}"
            )
        state.step += 1
        state.update_ema(settings.average)
        for name, value in metrics.items():
            self._sums[name] = self._sums.get(name, 0.0) + value
        self._count += 1
        took = time.monotonic() - began
        self._recent = [*self._recent[-49:], took]
        # A run may be paused for a measurement and continued: that step did not work so long.
        state.seconds += min(took, 5 * statistics.median(self._recent))

    def _validate_if_due(self) -> bool:
        if self._by_epochs and self._settings.dev_epochs:
            due = self._state.step % (self._settings.dev_epochs * self._epoch_steps) == 0
        else:
            due = self._state.seconds - self._validated_at >= self._settings.dev_seconds
        if due:
            self._validate()
        return due

    def _validate(self) -> None:
        self._validated_at = self._state.seconds
        net = self._state.evaluated_net()
        self._latest = validate(net, self._sources, self._settings.recipe)
        score = selected(self._latest, self._settings.select)
        if score is not None and score > self._state.best:
            self._state.best = score
            self._save_weights("best.safetensors")

    def _save(self) -> str:
        """Everything to disk; the line to report."""
        state = self._state
        self._saved_at = state.seconds
        self._save_weights("last.safetensors")
        state.save(self._output / "state.pt")
        fresh = self._latest if self._validated_at == state.seconds else {}
        means = {name: total / self._count for name, total in self._sums.items()}
        row = {"step": float(state.step), "seconds": state.seconds, "rate": self._rate}
        if self._by_epochs:
            row["epoch"] = state.step / self._epoch_steps
        self._log.add({**row, **means, **fresh})
        self._sums, self._count = {}, 0
        title = f"{self._settings.preset}, {state.step} steps, seed {self._settings.seed}"
        draw_curves(self._log.path, self._output / "curves.png", title)
        dev = "".join(f"  {k[:-3]} {v:.3f}" for k, v in fresh.items() if k.endswith("both_db"))
        return f"step {state.step}  {self._words()}  loss {means.get('loss', math.nan):.5f}{dev}"

    def _save_weights(self, name: str) -> None:
        state, settings = self._state, self._settings
        training = {
            "preset": settings.preset,
            "step": state.step,
            "epoch": round(state.step / self._epoch_steps, 2) if self._by_epochs else None,
            "minutes": round(state.seconds / 60, 1),
            "settings": {
                **msgspec.to_builtins(settings),
                # Where things lay on this machine is nobody's business.
                "data": [_short_path(folder) for folder in settings.data],
                "output": Path(settings.output).name,
                **{
                    name: None if path is None else _short_path(path)
                    for name, path in (
                        ("init", settings.init),
                        ("teacher", settings.teacher),
                        ("encoder_weights", settings.encoder_weights),
                    )
                },
            },
            **self._latest,
        }
        kinds = "benchmark x8" if settings.recipe.benchmark == 1 else "sensor x2..x16"
        if 0 < settings.recipe.benchmark < 1:
            kinds = f"benchmark x8 ({settings.recipe.benchmark:.0%}) and {kinds}"
        checkpoint.save(self._output / name, state.net, kinds, training, state.weights())

    def _words(self) -> str:
        median = statistics.median(self._recent) if self._recent else 0.0
        epoch = f"epoch {self._state.step / self._epoch_steps:.1f}  " if self._by_epochs else ""
        return f"{epoch}{median * 1e3:.0f} ms/step"


def _short_path(path: str) -> str:
    return "/".join(Path(path).parts[-2:])
