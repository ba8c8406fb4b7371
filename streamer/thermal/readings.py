"""The pixel under a point, and the extremes of a picture."""

from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from streamer.messages import Radiometry
from streamer.thermal.validity import Mask, valid_pixels


class Reading(msgspec.Struct, frozen=True):
    """One pixel's counts, and where it is: column, row, and both as a share of the picture."""

    column: int
    row: int
    u: float
    v: float
    counts: float


class Extremes(msgspec.Struct, frozen=True):
    """The hottest and the coldest pixel."""

    hottest: Reading
    coldest: Reading


def reading_at(pixels: NDArray[Any], u: float, v: float) -> Reading:
    """The pixel at a place given as shares of width and height (0..1)."""
    height, width = pixels.shape
    column = min(max(int(u * width), 0), width - 1)
    row = min(max(int(v * height), 0), height - 1)
    return _reading(pixels, row, column)


def extremes(
    pixels: NDArray[Any], radiometry: Radiometry | None = None, bad: Mask | None = None
) -> Extremes:
    """The hottest and the coldest reading of a picture; the first of equal ones.

    Args:
        pixels: (H, W) counts.
        radiometry: what they mean; of some cameras a higher count is colder.
        bad: (H, W), true where a pixel is known to be no reading.
    """
    return _extremes(pixels, valid_pixels(pixels, bad), radiometry)


def mean_of(pixels: NDArray[Any], bad: Mask | None = None) -> float:
    """The mean of a picture's readings, in counts; `bad` as of `extremes`."""
    return _mean(pixels, valid_pixels(pixels, bad))


def _mean(pixels: NDArray[Any], valid: Mask | None) -> float:
    return float(pixels.mean() if valid is None else pixels[valid].mean())


def _extremes(pixels: NDArray[Any], valid: Mask | None, radiometry: Radiometry | None) -> Extremes:
    if valid is None:
        most, least = int(pixels.argmax()), int(pixels.argmin())
    else:
        top = np.iinfo(pixels.dtype).max
        most = int(np.where(valid, pixels, 0).argmax())
        least = int(np.where(valid, pixels, top).argmin())
    if radiometry is not None and radiometry.gain_k < 0:
        most, least = least, most
    width = pixels.shape[1]
    return Extremes(_reading(pixels, *divmod(most, width)), _reading(pixels, *divmod(least, width)))


def _reading(pixels: NDArray[Any], row: int, column: int) -> Reading:
    height, width = pixels.shape
    u, v = (column + 0.5) / width, (row + 0.5) / height
    return Reading(column, row, u, v, float(pixels[row, column]))
