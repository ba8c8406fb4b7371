"""How a pixel behaves over a window of looks: a band of rows, and what is remembered of it.

See `streamer.pictures.readings.bad_pixels` for what is taken for bad, and why.
"""

import math
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from streamer.order_statistics import median
from streamer.thermal.validity import Mask

WINDOW = 64
"""Looks at a pixel that make a window."""

STILL = 50
"""A stuck pixel moves so many times less than its neighbours."""

SPILL = 0.04
"""Of what a pixel stands out by, what a lens puts on its neighbours at the least."""

LEVEL = 0.5
"""Of the same, by what its neighbours' means may differ: a moving scene has none of its own."""

HALO = 2
"""Rows above and below that a band's judgement takes in."""

NOISE = {np.dtype(np.uint8): 1.0, np.dtype(np.uint16): 4.0}
"""Counts of noise that are taken for granted, by the type of the counts."""

_MOVED = 7  # of eight neighbours
_SIGMAS = 8.0  # far beyond noise
_GRADIENT_SIGMAS = 12.0  # the same, of four pixels' sum
_TRUSTED = 4
_WINDOWS = 2
_ROBUST = 1 / (0.6745 * math.sqrt(20))  # of |Laplacian|'s median, a pixel's standard deviation
_ACROSS = np.array([[0, -1, 0], [-1, 0, 1], [0, 1, 0]], np.float32)
_BORDER = cv2.BORDER_REFLECT_101


class PixelBand:
    """Rows of a sensor: what was seen of them in the present window, and what came of those before.

    Args:
        top: the first row.
        bottom: the row after the last.
        rows: of the whole sensor.
        columns: likewise.
        dtype: of its counts.

    Attributes:
        found: (bottom - top, columns), true where a pixel is bad.
    """

    def __init__(
        self, top: int, bottom: int, rows: int, columns: int, dtype: np.dtype[Any]
    ) -> None:
        first, last = max(0, top - HALO), min(rows, bottom + HALO)
        self._seen, self._own = np.s_[first:last], np.s_[top - first : bottom - first]
        shape = (last - first, columns)
        self.found: Mask = np.zeros((bottom - top, columns), np.bool_)
        self._trust = np.zeros(shape, np.int8)
        self._looks = 0
        self._sigma = 0.0
        self._low, self._high = np.empty(shape, dtype), np.empty(shape, dtype)
        # Four times what the neighbours stand out by; four times the gradient across.
        self._least_bend, self._most_bend = _plane(shape), _plane(shape)
        self._least_slope, self._most_slope = _plane(shape), _plane(shape)
        self._sum = _plane(shape)
        self._bend, self._slope = _plane(shape), _plane(shape)

    def add(self, counts: NDArray[Any]) -> bool:
        """Looks at a frame; whether that ended a window."""
        seen = counts[self._seen]
        bend = cv2.Laplacian(seen, cv2.CV_32F, dst=self._bend, ksize=1, borderType=_BORDER)
        slope = cv2.filter2D(seen, cv2.CV_32F, _ACROSS, dst=self._slope, borderType=_BORDER)
        if self._looks == 0:
            self._sigma = max(NOISE[seen.dtype], median(np.abs(bend[::3, ::3])) * _ROBUST)
            np.copyto(self._low, seen)
            np.copyto(self._high, seen)
            for plane in (self._least_bend, self._most_bend):
                np.copyto(plane, bend)
            for plane in (self._least_slope, self._most_slope):
                np.copyto(plane, slope)
            self._sum.fill(0)
        else:
            cv2.min(self._low, seen, dst=self._low)
            cv2.max(self._high, seen, dst=self._high)
            cv2.min(self._least_bend, bend, dst=self._least_bend)
            cv2.max(self._most_bend, bend, dst=self._most_bend)
            cv2.min(self._least_slope, slope, dst=self._least_slope)
            cv2.max(self._most_slope, slope, dst=self._most_slope)
        cv2.accumulate(seen, self._sum)
        self._looks += 1
        if self._looks < WINDOW:
            return False
        self._judge()
        self._looks = 0
        return True

    def _judge(self) -> None:
        steep = _GRADIENT_SIGMAS * self._sigma
        moved = (self._most_slope > steep) & (self._least_slope < -steep)
        bad = moved & self._is_bad()
        belied = moved & ~bad & (self._trust > 0)
        self._trust[bad] = np.minimum(self._trust[bad] + 1, _TRUSTED)
        self._trust[belied] -= 1
        trust = self._trust[self._own]
        self.found = (trust >= _WINDOWS) | (self.found & (trust > 0))

    def _is_bad(self) -> Mask:
        """Where a pixel behaved as a bad one does, whether or not the scene moved."""
        far = _SIGMAS * self._sigma
        hot, cold = self._most_bend < -4 * far, self._least_bend > 4 * far
        moves = cv2.subtract(self._high, self._low).astype(np.float32)
        stuck = _neighbours_from(moves, np.maximum(moves * STILL, 2 * far)) >= _MOVED
        stands = (hot | cold) & (_neighbours_from(moves, 2 * far) >= _MOVED) & _alone(self._sum)
        return np.asarray(stands | (stuck & ~hot & ~cold))


def _neighbours_from(
    values: NDArray[np.float32], least: NDArray[np.float32] | float
) -> NDArray[np.uint8]:
    """How many of the eight neighbours have a value of at least what is asked at a pixel."""
    count = np.zeros(values.shape, np.uint8)
    for neighbour in _around(values):
        count += neighbour >= least
    return count


def _alone(mean: NDArray[np.float32]) -> Mask:
    """Where a pixel of a mean picture stands out with nothing beside it that a lens would leave."""
    neighbours = np.stack(_around(mean))
    lowest, highest = neighbours.min(axis=0), neighbours.max(axis=0)
    framed = cv2.copyMakeBorder(mean, 2, 2, 2, 2, _BORDER)
    beside = (neighbours[1] + neighbours[3] + neighbours[4] + neighbours[6]) / 4
    behind = (framed[:-4, 2:-2] + framed[4:, 2:-2] + framed[2:-2, :-4] + framed[2:-2, 4:]) / 4
    out = mean - beside
    spilt = np.where(out > 0, beside - behind, behind - beside) >= SPILL * np.abs(out)
    level = highest - lowest < LEVEL * np.abs(out)
    return np.asarray(((mean > highest) | (mean < lowest)) & level & ~spilt)


def _around(plane: NDArray[np.float32]) -> list[NDArray[Any]]:
    """The eight neighbours of each pixel, row by row."""
    rows, columns = plane.shape
    framed = cv2.copyMakeBorder(plane, 1, 1, 1, 1, _BORDER)
    return [
        framed[row : row + rows, column : column + columns]
        for row in range(3)
        for column in range(3)
        if (row, column) != (1, 1)
    ]


def _plane(shape: tuple[int, int]) -> NDArray[np.float32]:
    return np.empty(shape, np.float32)
