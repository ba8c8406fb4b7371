"""How far a reading may lie from what the sensor saw around it, and putting back what lies beyond.

A network rings beside a hot edge, and putting block averages right makes it ring more: a step of
20 to 70 degrees came to read 14 and 83. What a sensor pixel can mean is bounded by its
neighbourhood, but not by its extremes alone: of what is thinner than a sensor pixel, a wire or a
mast, the pixel saw the mean with what is beside it. So the bounds are the extremes of the 3x3
sensor pixels around, widened by a share of their span, and again where something thin stands out.

Pixels within the bounds are not touched. All but the share is whole counts: these are compared
first, and the share is worked out where they leave a doubt.
"""

from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from models.imaging.agreement.scratch import Scratch

Picture = NDArray[np.float32]

LOCAL_SHARE = 0.045
"""Of the span of the 3x3 sensor pixels around, what a reading may lie beyond their extremes."""

THIN_GAIN = 2
"""Times what thin structures stand out by, that their neighbourhood may read beyond."""

_AROUND = np.ones((3, 3), np.uint8)
_NEIGHBOURS = np.array([[1, 1, 1], [1, 0, 1], [1, 1, 1]], np.uint8)
_BORDER = cv2.BORDER_REFLECT_101

_SCRATCH = Scratch()


class _End(NamedTuple):
    """Of each sensor pixel: the highest or lowest of the 3x3 around, and what is thin there."""

    extreme: NDArray[Any]
    thin: NDArray[Any]

    def of(self, pixels: NDArray[np.intp]) -> "_End":
        """That of some pixels, by their flat indices."""
        return _End(self.extreme.take(pixels), self.thin.take(pixels))


def reading_bounds(measured: NDArray[Any], limits: tuple[float, float]) -> tuple[Picture, Picture]:
    """The lowest and the highest reading that each sensor pixel's area may hold.

    Args:
        measured: (h, w) in whole counts.
        limits: the smallest and the largest count there is; 0 and 255, or 0 and 65535.

    Returns:
        Two arrays of (h, w) in counts; the measurement lies between them.
    """
    return _bounds_of(*_ends_of(_as_counts(measured, limits)), limits)


def bound(picture: Picture, measured: NDArray[Any], limits: tuple[float, float]) -> None:
    """Bring readings beyond their bounds back, in place, keeping each block's average.

    What is cut off is shared out over its block by the room that each pixel has left.

    Args:
        picture: (H, W) in counts, whose blocks average to the measurement.
        measured: (h, w) in whole counts; H and W the same integer multiple of h and w.
        limits: as of `reading_bounds`.
    """
    rows, columns = measured.shape
    scale = picture.shape[0] // rows
    cold, hot = _ends_of(_as_counts(measured, limits))
    coldest, hottest = (_block_extremes(extreme, picture, scale) for extreme in (cv2.min, cv2.max))
    doubtful = cv2.bitwise_or(
        cv2.compare(coldest, _widest(cold, cv2.subtract), cv2.CMP_LT),
        cv2.compare(hottest, _widest(hot, cv2.add), cv2.CMP_GT),
    )
    found = np.flatnonzero(doubtful.view(np.bool_))
    low, high = _bounds_of(cold.of(found), hot.of(found), limits)
    beyond = (coldest.take(found) < low) | (hottest.take(found) > high)
    found = found[beyond]
    if found.size == 0:
        return
    low, high, mean = (
        each[:, None, None]
        for each in (low[beyond], high[beyond], measured.take(found).astype(np.float32))
    )
    row, column = np.divmod(found, columns)
    inside = np.arange(scale)[:, None] * picture.shape[1] + np.arange(scale)
    at = ((row * picture.shape[1] + column) * scale)[:, None, None] + inside
    pixels = picture.reshape(-1)
    kept = np.clip(pixels.take(at), low, high)
    missing = mean - kept.mean(axis=(1, 2), keepdims=True)
    room = np.where(missing > 0, high - kept, kept - low)
    share = missing / np.maximum(room.mean(axis=(1, 2), keepdims=True), 1e-6)
    pixels[at] = np.clip(kept + share * room, low, high)


def _as_counts(measured: NDArray[Any], limits: tuple[float, float]) -> NDArray[Any]:
    """In the type that holds no more than the limits: sums then stop at them."""
    dtype = np.uint8 if limits[1] <= np.iinfo(np.uint8).max else np.uint16
    if measured.dtype == dtype:
        return measured
    counts = _SCRATCH.plane("counts", measured.shape, dtype)
    np.copyto(counts, measured, casting="unsafe")
    return counts


def _bounds_of(cold: _End, hot: _End, limits: tuple[float, float]) -> tuple[Picture, Picture]:
    """`reading_bounds` of as many sensor pixels as are given."""
    coldest, below_thin, hottest, above_thin = (
        part.astype(np.float32) for end in (cold, hot) for part in end
    )
    beyond = (hottest - coldest) * np.float32(LOCAL_SHARE)
    above = hottest + beyond + above_thin * np.float32(THIN_GAIN)
    below = coldest - beyond - below_thin * np.float32(THIN_GAIN)
    return np.maximum(below, np.float32(limits[0])), np.minimum(above, np.float32(limits[1]))


def _widest(end: _End, widened: Any) -> Picture:
    """An end with what is thin, but without the share: (h, w), saturated at the limits."""
    whole = widened(end.extreme, end.thin)
    for _ in range(THIN_GAIN - 1):
        whole = widened(whole, end.thin, dst=whole)
    as_float = _SCRATCH.plane(f"widest {widened.__name__}", whole.shape)
    np.copyto(as_float, whole)
    return as_float


def _ends_of(counts: NDArray[Any]) -> tuple[_End, _End]:
    """The cold and the hot end of each sensor pixel."""
    return (
        _end_of(counts, "cold", cv2.erode, cv2.min, cv2.max),
        _end_of(counts, "hot", cv2.dilate, cv2.max, cv2.min),
    )


def _end_of(counts: NDArray[Any], name: str, spread: Any, most: Any, least: Any) -> _End:
    """The hot end; the cold one with minimum and maximum exchanged.

    What is thin is the white top-hat of a 2x2 square: a corner of something wide is within such a
    square, a line is not. A lone pixel is no line; it counts as its highest neighbour does. At the
    border the picture is mirrored without its last row: a frame's edge makes nothing wider.
    """
    extreme, seen = (
        _SCRATCH.plane(f"{name} {part}", counts.shape, counts.dtype) for part in ("extreme", "thin")
    )
    spread(counts, _NEIGHBOURS, dst=seen, borderType=_BORDER)
    most(counts, seen, dst=extreme)
    least(counts, seen, dst=seen)
    rows, columns = counts.shape
    framed = _SCRATCH.plane("framed", (rows + 2, columns + 2), counts.dtype)
    cv2.copyMakeBorder(seen, 1, 1, 1, 1, _BORDER, dst=framed)
    wide = _of_pairs(most, _of_pairs(least, framed))
    cv2.absdiff(seen, wide, dst=wide)  # it has one sign
    return _End(extreme, cv2.dilate(wide, _AROUND, dst=seen))


def _of_pairs(extreme: Any, picture: NDArray[Any]) -> NDArray[Any]:
    """The extreme of each 2x2 pixels, (h, w) -> (h - 1, w - 1)."""
    rows, columns = picture.shape
    of_rows = _SCRATCH.plane("pairs of rows", (rows - 1, columns), picture.dtype)
    pairs = _SCRATCH.plane(f"pairs {rows}", (rows - 1, columns - 1), picture.dtype)
    extreme(picture[:-1], picture[1:], dst=of_rows)
    extreme(of_rows[:, :-1], of_rows[:, 1:], dst=pairs)
    return pairs


def _block_extremes(extreme: Any, picture: Picture, scale: int) -> Picture:
    """The lowest (cv2.min) or the highest pixel of each block of scale x scale, (h, w)."""
    # Rows that lie in memory one behind the other are what OpenCV compares fastest.
    turned = cv2.transpose(
        _over_rows(extreme, picture, scale, "over rows"),
        dst=_SCRATCH.plane("turned", (picture.shape[1], picture.shape[0] // scale)),
    )
    both = _over_rows(extreme, np.asarray(turned, np.float32), scale, "over both")
    name = f"of blocks {extreme.__name__}"
    return np.asarray(cv2.transpose(both, dst=_SCRATCH.plane(name, both.shape[::-1])))


def _over_rows(extreme: Any, picture: Picture, scale: int, name: str) -> Picture:
    """Each `scale` rows as one, (H, W) -> (H / scale, W)."""
    rows, width = picture.shape
    lines = picture.reshape(-1, scale * width)
    found = _SCRATCH.plane(name, (rows // scale, width))
    extreme(lines[:, :width], lines[:, -width:], dst=found)  # of one row: the same
    for line in range(width, (scale - 1) * width, width):
        extreme(found, lines[:, line : line + width], dst=found)
    return found
