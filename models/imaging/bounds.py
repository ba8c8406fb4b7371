"""How far a reading may lie from what the sensor saw around it, and putting back what lies beyond.

A network rings beside a hot edge, and putting block averages right makes it ring more: a step of
20 to 70 degrees came to read 14 and 83. What a sensor pixel can mean is bounded by its
neighbourhood, but not by its extremes alone: of what is thinner than a sensor pixel, a wire or a
mast, the pixel saw the mean with what is beside it. So the bounds are the extremes of the 3x3
sensor pixels around, widened by a share of their span, and again where something thin stands out.

Pixels within the bounds are not touched.
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.float32]

LOCAL_SHARE = 0.045
"""Of the span of the 3x3 sensor pixels around, what a reading may lie beyond their extremes."""

THIN_GAIN = 2.0
"""Times what thin structures stand out by, that their neighbourhood may read beyond."""

_AROUND = np.ones((3, 3), np.uint8)
_NEIGHBOURS = np.array([[1, 1, 1], [1, 0, 1], [1, 1, 1]], np.uint8)


def reading_bounds(measured: Picture, limits: tuple[float, float]) -> tuple[Picture, Picture]:
    """The lowest and the highest reading that each sensor pixel's area may hold.

    Args:
        measured: (h, w) in counts.
        limits: the smallest and the largest count there is.

    Returns:
        Two arrays of (h, w) in counts; the measurement lies between them.
    """
    coldest: Picture = np.asarray(cv2.erode(measured, _AROUND), dtype=np.float32)
    hottest: Picture = np.asarray(cv2.dilate(measured, _AROUND), dtype=np.float32)
    beyond = (hottest - coldest) * np.float32(LOCAL_SHARE)
    above = hottest + beyond + _thin(measured)
    below = coldest - beyond - _thin(-measured)
    return np.maximum(below, np.float32(limits[0])), np.minimum(above, np.float32(limits[1]))


def bound(picture: Picture, measured: Picture, limits: tuple[float, float]) -> None:
    """Bring readings beyond their bounds back, in place, keeping each block's average.

    What is cut off is shared out over its block by the room that each pixel has left.

    Args:
        picture: (H, W) in counts, whose blocks average to the measurement.
        measured: (h, w) in counts; H and W the same integer multiple of h and w.
        limits: the smallest and the largest count the result may hold.
    """
    rows, columns = measured.shape
    scale = picture.shape[0] // rows
    below, above = reading_bounds(measured, limits)
    coldest, hottest = _block_extremes(picture, scale)
    at = np.nonzero((coldest < below) | (hottest > above))
    if at[0].size == 0:
        return
    low, high, mean = (bounds[at][:, None, None] for bounds in (below, above, measured))
    # Advanced indices on axes 0 and 2 move to the front: (n, scale, scale).
    blocks = picture.reshape(rows, scale, columns, scale)
    kept = np.clip(blocks[at[0], :, at[1], :], low, high)
    missing = mean - kept.mean(axis=(1, 2), keepdims=True)
    room = np.where(missing > 0, high - kept, kept - low)
    share = missing / np.maximum(room.mean(axis=(1, 2), keepdims=True), 1e-6)
    blocks[at[0], :, at[1], :] = np.clip(kept + share * room, low, high)


def _thin(measured: Picture) -> Picture:
    """What lines of one sensor pixel's width add to the upper bound around them, (h, w) counts.

    The white top-hat of a 2x2 square: a corner of something wide is within such a square, a line is
    not. A lone pixel is no line; it counts as its highest neighbour does. At the border the picture
    is mirrored without its last row: a frame's edge makes nothing wider.
    """
    neighbours = cv2.dilate(measured, _NEIGHBOURS, borderType=cv2.BORDER_REFLECT_101)
    seen = cv2.min(measured, neighbours)
    framed = cv2.copyMakeBorder(seen, 1, 1, 1, 1, cv2.BORDER_REFLECT_101)
    stands_out = cv2.subtract(seen, _of_pairs(cv2.max, _of_pairs(cv2.min, framed)))
    return np.asarray(cv2.dilate(stands_out, _AROUND), dtype=np.float32) * np.float32(THIN_GAIN)


def _of_pairs(extreme: Any, picture: Any) -> Any:
    """The extreme of each 2x2 pixels, (h, w) -> (h - 1, w - 1)."""
    rows = extreme(picture[:-1], picture[1:])
    return extreme(rows[:, :-1], rows[:, 1:])


def _block_extremes(picture: Picture, scale: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """The lowest and the highest pixel of each block of scale x scale, (h, w)."""
    low, high = (
        # Rows that lie in memory one behind the other are what OpenCV compares fastest.
        cv2.transpose(
            _over_rows(extreme, cv2.transpose(_over_rows(extreme, picture, scale)), scale)
        )
        for extreme in (cv2.min, cv2.max)
    )
    return low, high


def _over_rows(extreme: Any, picture: Any, scale: int) -> Any:
    """Each `scale` rows as one, (H, W) -> (H / scale, W)."""
    width = picture.shape[1]
    lines = picture.reshape(-1, scale * width)
    found = lines[:, :width].copy()
    for line in range(width, scale * width, width):
        extreme(found, lines[:, line : line + width], dst=found)
    return found
