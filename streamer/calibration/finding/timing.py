"""How much later one camera's pictures are than the other's, from what moves in both."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from streamer.calibration.registration.gradients import Plane

MOST_MS = 1000.0
"""The longest lag that is looked for."""

LEAST_CONFIDENCE = 0.5
_STEP_MS = 5.0
_SMOOTH_MS = 60.0
_SLOW_MS = 1500.0  # what changes more slowly says nothing of a lag
_LEAST_S = 3.0
_CHANCE = 1.25  # the best correlation of unlike motions, times the square root of seconds
_CLEAR = 0.25  # above chance, and above the next best lag: certain


class Lag(NamedTuple):
    """What was found.

    Attributes:
        offset_ms: to be added to the visible camera's timestamps.
        confidence: 0 to 1.
    """

    offset_ms: float
    confidence: float

    @property
    def accepted(self) -> bool:
        """Whether it is sure enough to be used."""
        return self.confidence >= LEAST_CONFIDENCE


class Motion(NamedTuple):
    """How much a picture changed, at the middle of the time in which it did.

    Attributes:
        times_ms: (N,).
        energy: (N,), mean absolute change a second.
    """

    times_ms: NDArray[np.float64]
    energy: NDArray[np.float64]


def motion_of(times_ms: Sequence[float], pictures: Sequence[Plane]) -> Motion:
    """The motion in a stream of small grey pictures."""
    times = np.asarray(times_ms, np.float64)
    change = np.array(
        [
            float(np.mean(np.abs(np.asarray(after, np.float32) - before)))
            for before, after in pairwise(pictures)
        ]
    )
    apart = np.maximum(np.diff(times), 1.0)
    return Motion((times[1:] + times[:-1]) / 2, change / apart * 1000)


def lag_between(visible: Motion, thermal: Motion) -> Lag | None:
    """The lag at which both motions agree best; None where there is too little of them."""
    if min(len(visible.times_ms), len(thermal.times_ms)) < 8:
        return None
    begin = max(visible.times_ms[0], thermal.times_ms[0])
    end = min(visible.times_ms[-1], thermal.times_ms[-1])
    if end - begin < _LEAST_S * 1000:
        return None
    grid = np.arange(begin - MOST_MS, end + MOST_MS, _STEP_MS)
    one, other = (_even(motion, grid) for motion in (visible, thermal))
    steps = round(MOST_MS / _STEP_MS)
    lags = np.arange(-steps, steps + 1)
    scores = np.array([_correlation(one, other, int(lag)) for lag in lags])
    best = int(np.argmax(scores))
    near = np.abs(lags - lags[best]) * _STEP_MS < 250
    second = float(scores[~near].max()) if (~near).any() else 0.0
    place = float(lags[best])
    if 0 < best < len(lags) - 1:
        left, middle, right = scores[best - 1 : best + 2]
        bend = left - 2 * middle + right
        place += float(np.clip((left - right) / (2 * bend), -0.5, 0.5)) if bend < 0 else 0.0
    height = float(scores[best])
    chance = _CHANCE / np.sqrt((end - begin) / 1000)
    above = np.clip((height - chance) / _CLEAR, 0, 1)
    confidence = float(min(above, np.clip((height - max(second, 0)) / _CLEAR, 0, 1)))
    return Lag(-place * _STEP_MS, confidence)


def _even(motion: Motion, grid: NDArray[np.float64]) -> NDArray[np.float64]:
    """The motion's logarithm at even times, without what is slow; NaN where there is none."""
    energy = np.log(motion.energy + 0.1 * float(np.median(motion.energy)) + 1e-6)
    even = np.interp(grid, motion.times_ms, energy)
    smooth = _mean(even, _SMOOTH_MS) - _mean(even, _SLOW_MS)
    outside = (grid < motion.times_ms[0]) | (grid > motion.times_ms[-1])
    smooth[outside] = np.nan
    return smooth


def _mean(values: NDArray[np.float64], over_ms: float) -> NDArray[np.float64]:
    width = max(1, round(over_ms / _STEP_MS)) | 1
    return np.convolve(np.pad(values, width // 2, mode="edge"), np.ones(width) / width, "valid")


def _correlation(one: NDArray[np.float64], other: NDArray[np.float64], lag: int) -> float:
    """Of `one` taken `lag` steps later with `other`."""
    moved = np.roll(one, -lag)
    if lag > 0:
        moved[-lag:] = np.nan
    elif lag < 0:
        moved[:-lag] = np.nan
    both = np.isfinite(moved) & np.isfinite(other)
    if both.sum() < 50:
        return 0.0
    a, b = moved[both] - moved[both].mean(), other[both] - other[both].mean()
    norm = float(np.sqrt(np.sum(a * a) * np.sum(b * b)))
    return float(np.sum(a * b)) / norm if norm > 0 else 0.0
