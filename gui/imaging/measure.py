"""Numbers: what a count means to a reader, the pixel under a point, the extremes, the ticks."""

import math
from enum import StrEnum
from typing import Any, Self

import msgspec
import numpy as np
from msgspec.structs import astuple
from numpy.typing import NDArray

from streamer.messages import Radiometry

ZERO_CELSIUS_K = 273.15


class Unit(StrEnum):
    """The words of config.yaml."""

    CELSIUS = "celsius"
    FAHRENHEIT = "fahrenheit"
    KELVIN = "kelvin"

    @property
    def symbol(self) -> str:
        """As written behind a number."""
        return {"celsius": "°C", "fahrenheit": "°F", "kelvin": "K"}[self.value]

    @property
    def per_kelvin(self) -> float:
        """How many of these degrees one kelvin of difference is."""
        return 1.8 if self is Unit.FAHRENHEIT else 1.0

    def from_kelvin(self, kelvin: float) -> float:
        """A temperature in this unit."""
        match self:
            case Unit.CELSIUS:
                return kelvin - ZERO_CELSIUS_K
            case Unit.FAHRENHEIT:
                return (kelvin - ZERO_CELSIUS_K) * 1.8 + 32
            case Unit.KELVIN:
                return kelvin

    def to_kelvin(self, value: float) -> float:
        """The inverse of `from_kelvin`."""
        match self:
            case Unit.CELSIUS:
                return value + ZERO_CELSIUS_K
            case Unit.FAHRENHEIT:
                return (value - 32) / 1.8 + ZERO_CELSIUS_K
            case Unit.KELVIN:
                return value


class Origin(StrEnum):
    """Which kind of pixel a reading was taken from."""

    SENSOR = "sensor pixel"
    SUPER_RESOLVED = "super-resolved pixel"


class Scale(msgspec.Struct, frozen=True):
    """Counts to what is shown: degrees where the camera's radiometry is known, else relative."""

    radiometry: Radiometry | None
    unit: Unit

    @classmethod
    def of(cls, radiometry: Radiometry | None, unit: Unit) -> Self:
        """The scale of a frame; a radiometry that cannot be turned back is none."""
        known = radiometry is not None and radiometry.gain_k != 0
        if radiometry is None or not known or not math.isfinite(sum(astuple(radiometry))):
            return cls(None, unit)
        return cls(radiometry, unit)

    @property
    def symbol(self) -> str:
        """The unit behind numbers; relative counts are never called degrees."""
        return self.unit.symbol if self.radiometry else "rel."

    def kelvin(self, counts: float) -> float:
        """The temperature of a count; the count itself where nothing is known about it."""
        if self.radiometry is None:
            return counts
        return self.radiometry.gain_k * counts + self.radiometry.offset_k

    def counts_of_kelvin(self, kelvin: float) -> float:
        """The inverse of `kelvin`."""
        if self.radiometry is None:
            return kelvin
        return (kelvin - self.radiometry.offset_k) / self.radiometry.gain_k

    def value(self, counts: float) -> float:
        """The number shown for a count."""
        return self.unit.from_kelvin(self.kelvin(counts)) if self.radiometry else counts

    def counts(self, value: float) -> float:
        """The count that a shown number stands for."""
        return self.counts_of_kelvin(self.unit.to_kelvin(value)) if self.radiometry else value

    def text(self, counts: float) -> str:
        """A reading in words: `36.4 °C`, or `rel. 8123` without radiometry."""
        value = self.value(counts)
        return f"{value:.1f} {self.symbol}" if self.radiometry else f"rel. {value:.0f}"

    def difference_text(self, counts: float) -> str:
        """A difference of counts in words, without its sign."""
        if self.radiometry is None:
            return f"{abs(counts):.0f} counts"
        symbol = "°F" if self.unit is Unit.FAHRENHEIT else "K"
        return f"{abs(counts * self.radiometry.gain_k) * self.unit.per_kelvin:.2f} {symbol}"

    def counts_in(self, kelvin: float, otherwise: float) -> float:
        """How many counts a difference spans; `otherwise` where that is unknown."""
        return kelvin / abs(self.radiometry.gain_k) if self.radiometry else otherwise


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


def ticks(low: float, high: float, most: int) -> list[float]:
    """Round numbers between two values: steps of 1, 2 or 5 times a power of ten, at most `most`."""
    if not high > low or most < 1:
        return []
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = power * next(factor for factor in (1, 2, 5, 10) if factor * power >= rough * (1 - 1e-9))
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [float(value) for value in np.arange(first, last + 1) * step]
