"""Means over steps, and how long a step takes."""

import statistics
from collections import deque

from models.training.step import StepMetrics

RECENT = 50
"""Steps whose median says how long one takes."""

LONGEST = 5
"""Times the median that a step can have worked: a run may be paused for a measurement."""


class Meter:
    """Collects the metrics of steps between two rows of the log."""

    def __init__(self) -> None:
        self._sums: StepMetrics = {}
        self._count = 0
        self._recent: deque[float] = deque(maxlen=RECENT)

    def add(self, metrics: StepMetrics, took_s: float) -> float:
        """Count a step; returns the seconds of `took_s` that it can have worked."""
        for name, value in metrics.items():
            self._sums[name] = self._sums.get(name, 0.0) + value
        self._count += 1
        self._recent.append(took_s)
        return min(took_s, LONGEST * statistics.median(self._recent))

    def take_means(self) -> StepMetrics:
        """Means over the steps since the last call; none without a step."""
        means = {name: total / self._count for name, total in self._sums.items()}
        self._sums, self._count = {}, 0
        return means

    @property
    def step_s(self) -> float:
        """Median seconds of the recent steps; 0 before the first."""
        return statistics.median(self._recent) if self._recent else 0.0
