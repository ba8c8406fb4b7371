"""How far a run is, and what follows from it: the learning rate, frozen norms, validation."""

import math

from models.training.config import TrainSettings

FLOOR = 0.01
"""Of the peak learning rate, what a cosine ends at."""


class Schedule:
    """A run's budget and everything that goes by it, as functions of its counters."""

    def __init__(self, settings: TrainSettings, epoch_steps: int) -> None:
        """Take the settings and the steps of an epoch."""
        self._settings = settings
        self._epoch_steps = epoch_steps
        self.by_epochs = settings.sampling == "epochs"

    def progress(self, step: int, seconds: float) -> float:
        """The part of the budget that is used, from 0; 1 and more is the end.

        Args:
            step: steps done.
            seconds: time at work.
        """
        settings = self._settings
        if settings.epochs is not None:
            return step / (settings.epochs * self._epoch_steps)
        if settings.steps is not None:
            return step / settings.steps
        assert settings.minutes is not None  # one of the three is given
        return seconds / (60 * settings.minutes)

    def epoch(self, step: int) -> float | None:
        """Epochs done; None for a run that does not count them."""
        return step / self._epoch_steps if self.by_epochs else None

    def learning_rate(self, step: int, progress: float) -> float:
        """Linear warm-up in steps; then constant, or a cosine over the run down to FLOOR."""
        settings = self._settings
        warm = min(1.0, (step + 1) / settings.warm_up_steps) if settings.warm_up_steps else 1.0
        if settings.schedule == "constant":
            return settings.learning_rate * warm
        half = 0.5 * (1 + math.cos(math.pi * min(progress, 1.0)))
        return settings.learning_rate * warm * (FLOOR + (1 - FLOOR) * half)

    def norms_frozen(self, progress: float) -> bool:
        """Whether batch norms use their running statistics by now."""
        return progress >= self._settings.norms_frozen_from

    def validation_due(self, step: int, since_s: float) -> bool:
        """Whether to validate after a step, `since_s` seconds of work after the last time."""
        settings = self._settings
        if self.by_epochs and settings.dev_epochs:
            return step % (settings.dev_epochs * self._epoch_steps) == 0
        return since_s >= settings.dev_seconds

    def save_due(self, since_s: float) -> bool:
        """Whether to save, `since_s` seconds of work after the last time."""
        return since_s >= self._settings.save_seconds
