"""The consistency step: the picture averaged back to sensor pixels equals what was measured.

A sensor pixel averages over its area. Whatever detail a network adds, the mean over each pixel's
area is known, so it is put right: most of the correction smoothly (interpolated, no blocks seen),
the small rest exactly, block by block. What then reads beyond what the sensor's neighbourhood can
mean is brought back (`models.imaging.agreement.bounds`).
"""

from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from models.imaging.agreement.bounds import bound
from models.imaging.agreement.scratch import Scratch

Picture = NDArray[np.float32]

_SCRATCH = Scratch()

SMOOTH_ROUNDS = 3
"""Rounds of smooth correction. They run on the sensor's grid, where they cost next to nothing."""


def averaged(picture: Picture, sensor_hw: tuple[int, int]) -> Picture:
    """A picture on the canvas as the sensor would measure it, (h, w) float32."""
    small = cv2.resize(picture, sensor_hw[::-1], interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.float32)


def missed_of(picture: Picture, measured: Picture) -> Picture:
    """(h, w): the measurement less the picture as the sensor would measure it, in counts."""
    return np.asarray(measured - averaged(picture, (measured.shape[0], measured.shape[1])))


def make_consistent(
    picture: Picture,
    measured: NDArray[Any],
    difference: Picture,
    limits: tuple[float, float],
    bounded: bool = True,
) -> None:
    """Correct a picture in place.

    Args:
        picture: (H, W) in counts; H and W the same integer multiple of the sensor's.
        measured: (h, w) in whole counts.
        difference: `missed_of` the two.
        limits: the smallest and the largest count the result may hold.
        bounded: whether readings are also kept within `reading_bounds`.
    """
    rows, columns = picture.shape
    scale = rows // measured.shape[0]
    # What bilinear up-sampling and averaging make of a correction is a three-tap filter on the
    # sensor's grid. So all smooth rounds are worked out there and applied to the canvas once.
    kernel = _round_trip(scale)
    smooth, rest = difference, difference
    for round_ in range(SMOOTH_ROUNDS):
        if round_:
            smooth = smooth + rest
        rest = difference - cv2.sepFilter2D(
            smooth, cv2.CV_32F, kernel, kernel, borderType=cv2.BORDER_REPLICATE
        )
    correction = _SCRATCH.plane("correction", (rows, columns))
    for part, way in ((smooth, cv2.INTER_LINEAR), (rest, cv2.INTER_NEAREST)):
        cv2.resize(part, (columns, rows), dst=correction, interpolation=way)
        cv2.add(picture, correction, dst=picture)
    if bounded:
        bound(picture, measured, limits)
        return
    low, high, _, _ = cv2.minMaxLoc(picture)
    if low < limits[0] or high > limits[1]:
        _fit(picture, measured, limits, scale)


def _fit(picture: Picture, measured: NDArray[Any], limits: tuple[float, float], scale: int) -> None:
    """Where pixels leave the limits, lower their block's contrast around its mean, as release 0.1.

    Clipping alone would move the mean away from the measurement again.
    """
    rows, columns = measured.shape
    # 255 inside the limits; one pixel outside leaves a block's average below 255 up to x16.
    inside = cv2.inRange(picture, limits[0], limits[1])
    at = np.nonzero(cv2.resize(inside, (columns, rows), interpolation=cv2.INTER_AREA) < 255)
    # Advanced indices on axes 0 and 2 move to the front: (n, scale, scale).
    blocks = picture.reshape(rows, scale, columns, scale)
    found = blocks[at[0], :, at[1], :]
    lowest, highest = found.min(axis=(1, 2)), found.max(axis=(1, 2))
    mean = measured[at].astype(np.float32)
    room_below = (mean - limits[0]) / np.maximum(mean - lowest, 1e-6)
    room_above = (limits[1] - mean) / np.maximum(highest - mean, 1e-6)
    contrast = np.clip(np.minimum(room_below, room_above), 0, 1)
    shaped = mean[:, None, None] + (found - mean[:, None, None]) * contrast[:, None, None]
    blocks[at[0], :, at[1], :] = np.clip(shaped, *limits)


@lru_cache(maxsize=32)
def _round_trip(scale: int) -> NDArray[np.float32]:
    """Taps of area-average after bilinear up-sampling by an integer, half-pixel centres."""
    offsets = (np.arange(scale) + 0.5) / scale - 0.5
    side = float(offsets[offsets > 0].sum() / scale)
    return np.array([side, 1 - 2 * side, side], dtype=np.float32)
