"""A training run: when to step, when to validate, when to save."""

import math
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from models import checkpoint
from models.data.batch import Batch
from models.errors import ModelError
from models.training.config import TrainSettings
from models.training.feeding.batches import batches, steps_per_epoch
from models.training.feeding.sources import DataSource
from models.training.log import TrainLog, draw_curves
from models.training.meter import Meter
from models.training.observer import TrainingObserver
from models.training.optim.schedule import Schedule
from models.training.state import TrainingState
from models.training.step import StepMetrics, training_step
from models.training.validation import selected, validate


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
        self._schedule = Schedule(settings, steps_per_epoch(sources, settings.batch))
        self._meter = Meter()
        self._saved_at = self._validated_at = state.seconds
        self._rate = 0.0
        self._latest: StepMetrics = {}

    def run(self, observer: TrainingObserver) -> dict[str, Any]:
        """Step until the budget is used up; argument and return value as of `train`."""
        state, schedule = self._state, self._schedule
        early = False
        for batch in batches(self._sources, self._settings, state.step):
            progress = self._progress()
            if progress >= 1:
                break
            self._step(batch, progress)
            observer.on_step(self._progress(), self._words())
            early = observer.stop_requested()
            if early:
                break
            validated = schedule.validation_due(state.step, state.seconds - self._validated_at)
            if validated:
                self._validate()
            if validated or schedule.save_due(state.seconds - self._saved_at):
                observer.on_save(self._save())
        unseen = not early and self._validated_at != state.seconds
        if unseen:
            self._validate()
        if unseen or self._saved_at != state.seconds:
            observer.on_save(self._save())
        return {
            "step": state.step,
            "epoch": self._epoch(),
            "seconds": round(state.seconds, 1),
            "stopped": early,
            **self._latest,
        }

    def _progress(self) -> float:
        return self._schedule.progress(self._state.step, self._state.seconds)

    def _epoch(self) -> float | None:
        """As it is reported, to two places."""
        epoch = self._schedule.epoch(self._state.step)
        return None if epoch is None else round(epoch, 2)

    def _step(self, batch: Batch, progress: float) -> None:
        began = time.monotonic()
        state, settings = self._state, self._settings
        if self._schedule.norms_frozen(progress):
            state.freeze_norms()
        self._rate = self._schedule.learning_rate(state.step, progress)
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
        state.seconds += self._meter.add(metrics, time.monotonic() - began)

    def _validate(self) -> None:
        self._validated_at = self._state.seconds
        if not any(source.dev for source in self._sources):
            return  # nothing to copy a network for
        net = self._state.evaluated_net()
        self._latest = validate(net, self._sources, self._settings.recipe)
        score = selected(self._latest, self._settings.select)
        if score is not None and score > self._state.best:
            self._state.best = score
            self._save_weights("best.safetensors")

    def _save(self) -> str:
        """Everything to disk; returns the line to report."""
        state = self._state
        self._saved_at = state.seconds
        self._save_weights("last.safetensors")
        state.save(self._output / "state.pt")
        fresh = self._latest if self._validated_at == state.seconds else {}
        means = self._meter.take_means()
        row = {"step": float(state.step), "seconds": state.seconds, "rate": self._rate}
        epoch = self._schedule.epoch(state.step)
        if epoch is not None:
            row["epoch"] = epoch
        self._log.add({**row, **means, **fresh})
        title = f"{self._settings.preset}, {state.step} steps, seed {self._settings.seed}"
        draw_curves(self._log.path, self._output / "curves.png", title)
        dev = "".join(f"  {k[:-3]} {v:.3f}" for k, v in fresh.items() if k.endswith("both_db"))
        return f"step {state.step}  {self._words()}  loss {means.get('loss', math.nan):.5f}{dev}"

    def _save_weights(self, name: str) -> None:
        state, settings = self._state, self._settings
        training = {
            "preset": settings.preset,
            "step": state.step,
            "epoch": self._epoch(),
            "minutes": round(state.seconds / 60, 1),
            "settings": {
                **msgspec.to_builtins(settings),
                # A checkpoint that is passed on says nothing of this machine's folders.
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
        points = "challenge24 x8" if settings.recipe.sampling == "cubic" else "benchmark x8"
        kinds = points if settings.recipe.benchmark == 1 else "sensor x2..x16"
        if 0 < settings.recipe.benchmark < 1:
            kinds = f"{points} ({settings.recipe.benchmark:.0%}) and {kinds}"
        checkpoint.save(self._output / name, state.net, kinds, training, state.weights())

    def _words(self) -> str:
        """Epoch and speed."""
        epoch = self._schedule.epoch(self._state.step)
        counted = "" if epoch is None else f"epoch {epoch:.1f}  "
        return f"{counted}{self._meter.step_s * 1e3:.0f} ms/step"


def _short_path(path: str) -> str:
    return "/".join(Path(path).parts[-2:])
