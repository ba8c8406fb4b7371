"""What each pixel of a sensor always reads too much or too little: its fixed pattern.

Only motion tells it from the scene. Where the camera has moved on by more than a pixel, another
pixel measures the same place of the scene, and what the two differ by is theirs. While the scene
stands still nothing is learnt, so nothing of it can be taken for the sensor's.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from models.temporal.samples import Plane

LEAST_MOTION_PX = 0.7
"""Sensor pixels that a place has to have moved by before it tells anything."""

MOST_SIGMAS = 4.0
"""How far a pixel may be taken to be off, in standard deviations of the noise."""

BROAD_PX = 8.0
"""Standard deviation of the surroundings over which what is taken out is nothing on average."""

_LINE_GAIN = 0.1  # of one more look at a column or a row, in what is known of it, at least
_PIXEL_GAIN = 0.02  # a pixel is told of by one reading, a line by many
_ALIKE = 4.0  # pictures err alike beside: so many readings of a line tell as much as one
_AGAIN = 8.0  # and again where they erred before: so many of a pixel do
_FEWEST = 8  # readings of a line, or a frame tells nothing of it
_OUTLIER = 5.0  # standard deviations beyond which a difference counts as one of so many


class FixedPattern:
    """The pattern of one sensor, followed slowly; none before the camera has moved.

    Attributes:
        offsets: (h, w) counts that are taken out; None while nothing is known.
    """

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """The pattern may be another now: a shutter event, a pause, another sensor."""
        self.offsets: Plane | None = None
        self._known: tuple[_Part, ...] | None = None

    @property
    def counts(self) -> float:
        """Standard deviation of what is taken out."""
        return 0.0 if self.offsets is None else float(np.std(self.offsets))

    def taken_out_of(self, measured: Plane) -> Plane:
        """(h, w) counts without the pattern; the very measurement while nothing is known."""
        if self.offsets is None or self.offsets.shape != measured.shape:
            return measured
        return np.asarray(measured - self.offsets)

    def learn(
        self, apart: Plane, weights: Plane, moved: NDArray[np.float32], noise_counts: float
    ) -> Plane:
        """Takes in another look at places that were seen before.

        Args:
            apart: (h, w) counts, without the pattern as far as it is known: what each pixel
                measured of its place, less what others measure of that place now.
            weights: (h, w) 0 to 1: how sure it is that the place is the same, unchanged and flat.
            moved: (h, w, 2) sensor pixels (x, y) that the place has moved by.
            noise_counts: standard deviation of the sensor's noise.

        Returns:
            The new `offsets`.
        """
        known = self._known
        if known is None:
            rows, columns = apart.shape
            shapes = (1, columns), (rows, 1), (rows, columns)
            known = self._known = tuple(_Part(shape) for shape in shapes)
        of_columns, of_rows, of_pixels = known
        sure = weights > 0.5
        reach = np.float32(_OUTLIER * (noise_counts + 0.5))
        usual = np.median(apart[sure]) if sure.any() else np.float32(0)
        left = np.clip(apart - usual, -reach, reach)
        far = np.abs(moved) >= LEAST_MOTION_PX
        for axis, lines in enumerate((of_columns, of_rows)):
            counted = weights * far[..., axis]
            readings = counted.sum(axis=axis, keepdims=True)
            told = readings >= _FEWEST
            each = np.maximum(readings, 1)
            mean = told * (counted * left).sum(axis=axis, keepdims=True) / each
            spread = (counted * np.square(left - mean)).sum(axis=axis, keepdims=True) / each
            lines.follow(mean, spread * _ALIKE / each, np.float32(1) * told, _LINE_GAIN)
            left = left - mean
        spread = np.float32(np.square(left[sure]).mean() if sure.any() else 0)
        of_pixels.follow(left, spread * np.float32(_AGAIN), weights * far.any(axis=-1), _PIXEL_GAIN)
        most = np.float32(MOST_SIGMAS * noise_counts)
        offsets = np.clip(of_columns.sure + of_rows.sure + of_pixels.sure, -most, most)
        self.offsets = np.asarray(offsets - offsets.mean(), dtype=np.float32)
        return self.offsets


class _Part:
    """What is known of columns, of rows, or of pixels.

    Args:
        shape: of their counts.
    """

    def __init__(self, shape: tuple[int, int]) -> None:
        self._counts = np.zeros(shape, np.float32)
        self._doubt = np.zeros(shape, np.float32)  # variance of what is known
        self._looks = np.zeros(shape, np.float32)

    @property
    def sure(self) -> Plane:
        """By how much each reads too much, less where that may well be chance."""
        power, chance = float(np.square(self._counts).mean()), float(self._doubt.mean())
        return self._counts * np.float32(max(0.0, 1 - chance / power) if power else 0.0)

    def follow(self, told: Plane, doubt: Plane | np.float32, weights: Plane, least: float) -> None:
        """Goes a part of the way that was told: the more is known already, the smaller.

        Args:
            told: counts that each still reads too much.
            doubt: variance of that.
            weights: 0 to 1: how sure it is that something was told at all.
            least: the smallest part.
        """
        self._looks += weights
        gain = weights * np.maximum(1 / (self._looks + 1), np.float32(least))
        self._counts += told * gain
        self._doubt += gain * gain * doubt - (2 - gain) * gain * self._doubt
        # A Gaussian: of a box some waves come back with the other sign, and would grow for ever.
        across, down = (BROAD_PX if side > 1 else 0.01 for side in reversed(told.shape))
        self._counts -= cv2.GaussianBlur(self._counts, (0, 0), across, sigmaY=down)
