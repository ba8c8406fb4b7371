"""The pixel under a point, the extremes of a picture, and a box of pixels."""

from typing import Any

import msgspec
from numpy.typing import NDArray

from streamer.messages import Radiometry


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


class BoxReading(msgspec.Struct, frozen=True):
    """The counts inside a box of so many pixels."""

    columns: int
    rows: int
    mean: float
    hottest: float
    coldest: float


def reading_at(pixels: NDArray[Any], u: float, v: float) -> Reading:
    """The pixel at a place given as shares of width and height (0..1)."""
    height, width = pixels.shape
    column = min(max(int(u * width), 0), width - 1)
    row = min(max(int(v * height), 0), height - 1)
    return _reading(pixels, row, column)


def extremes(pixels: NDArray[Any], radiometry: Radiometry | None = None) -> Extremes:
    """The hottest and the coldest pixel of a picture; the first of equal ones."""
    most, least = int(pixels.argmax()), int(pixels.argmin())
    if radiometry is not None and radiometry.gain_k < 0:
        most, least = least, most
    width = pixels.shape[1]
    return Extremes(_reading(pixels, *divmod(most, width)), _reading(pixels, *divmod(least, width)))


def box_reading(
    pixels: NDArray[Any],
    box: tuple[float, float, float, float],
    radiometry: Radiometry | None = None,
) -> BoxReading:
    """The pixels in a box given as shares (left, top, right, bottom); at least one."""
    first = reading_at(pixels, box[0], box[1])
    last = reading_at(pixels, box[2], box[3])
    inside = pixels[first.row : last.row + 1, first.column : last.column + 1]
    found = extremes(inside, radiometry)
    rows, columns = inside.shape
    mean = float(inside.mean())
    return BoxReading(columns, rows, mean, found.hottest.counts, found.coldest.counts)


def _reading(pixels: NDArray[Any], row: int, column: int) -> Reading:
    height, width = pixels.shape
    u, v = (column + 0.5) / width, (row + 0.5) / height
    return Reading(column, row, u, v, float(pixels[row, column]))
