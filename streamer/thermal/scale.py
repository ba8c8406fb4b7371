"""From counts to what is shown: degrees in the user's unit, or relative numbers."""

import math
from enum import StrEnum
from functools import lru_cache
from typing import Any, Self

import msgspec
import numpy as np
from numpy.typing import NDArray

from streamer.measuring.correction import Correction
from streamer.measuring.object_parameters import ObjectParameters
from streamer.messages import ZERO_CELSIUS_K, Radiometry


class Unit(StrEnum):
    """A unit of temperature, by its name in config.yaml."""

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


class Scale(msgspec.Struct, frozen=True):
    """Counts to what is shown: degrees where the camera's radiometry is known, else relative.

    Attributes:
        radiometry: of the camera; None where counts are all there is.
        unit: degrees are shown in.
        correction: from the camera's temperatures to the object's; None where they are the same.
    """

    radiometry: Radiometry | None
    unit: Unit
    correction: Correction | None = None

    @classmethod
    def of(
        cls,
        radiometry: Radiometry | None,
        unit: Unit,
        parameters: ObjectParameters | None = None,
    ) -> Self:
        """The scale of a frame; a radiometry that cannot be turned back is none."""
        if radiometry is None or not radiometry.invertible:
            return cls(None, unit)
        if parameters is None or parameters.changes_nothing:
            return cls(radiometry, unit)
        return cls(radiometry, unit, Correction(parameters))

    @property
    def symbol(self) -> str:
        """The unit behind numbers; relative counts are never called degrees."""
        return self.unit.symbol if self.radiometry else "rel."

    def kelvin(self, counts: float) -> float:
        """The temperature of a count; the count itself where nothing is known about it."""
        if self.radiometry is None:
            return counts
        apparent_k = self.radiometry.kelvin(counts)
        return apparent_k if self.correction is None else self.correction.object_kelvin(apparent_k)

    def counts_of_kelvin(self, kelvin: float) -> float:
        """The inverse of `kelvin`."""
        if self.radiometry is None:
            return kelvin
        apparent = kelvin if self.correction is None else self.correction.apparent_kelvin(kelvin)
        return self.radiometry.counts_of_kelvin(apparent)

    def kelvins(self, counts: NDArray[Any]) -> NDArray[np.float64]:
        """`kelvin` of an array of counts, uint8 or uint16, of any shape."""
        if self.radiometry is None:
            return counts.astype(np.float64)
        if self.correction is None:
            return self.radiometry.gain_k * counts + self.radiometry.offset_k
        return _kelvins(self.radiometry, self.correction, counts.dtype.itemsize).take(counts)

    def sigma_kelvin(self, counts: float, sigma: float) -> float:
        """How many kelvin (or counts) a reading may be off that may be off `sigma` counts."""
        if self.radiometry is None:
            return sigma
        if self.correction is None:
            return abs(sigma * self.radiometry.gain_k)
        return abs(self.kelvin(counts + sigma) - self.kelvin(counts - sigma)) / 2

    def value(self, counts: float) -> float:
        """The number shown for a count."""
        return self.unit.from_kelvin(self.kelvin(counts)) if self.radiometry else counts

    def counts(self, value: float) -> float:
        """The count that a shown number stands for."""
        return self.counts_of_kelvin(self.unit.to_kelvin(value)) if self.radiometry else value

    def text(self, counts: float, sigma: float | None = None) -> str:
        """A reading as text: `36.4 °C`, or `rel. 8123` without radiometry.

        Args:
            counts: the reading.
            sigma: how many counts it may be off, written behind it: `36.4 ± 0.8 °C`.
        """
        off = None if sigma is None else self.sigma_kelvin(counts, sigma)
        return self.kelvin_text(self.kelvin(counts), off)

    def kelvin_text(self, kelvin: float, sigma: float | None = None) -> str:
        """As `text`, of what `kelvin` gave; an en dash for what cannot be."""
        off = ""
        if self.radiometry is None:
            if sigma is not None:
                off = f" \N{PLUS-MINUS SIGN} {sigma:.0f}"
            return f"rel. {kelvin:.0f}{off}"
        if math.isnan(kelvin):
            return f"\N{EN DASH} {self.symbol}"
        if sigma is not None and math.isfinite(sigma):
            degrees = sigma * self.unit.per_kelvin
            off = f" \N{PLUS-MINUS SIGN} {degrees:.{1 if degrees >= 0.095 else 2}f}"
        return f"{self.unit.from_kelvin(kelvin):.1f}{off} {self.symbol}"

    def difference_text(self, counts: float) -> str:
        """A difference of counts as text, without its sign."""
        if self.radiometry is None:
            return f"{abs(counts):.0f} counts"
        symbol = "°F" if self.unit is Unit.FAHRENHEIT else "K"
        return f"{abs(counts * self.radiometry.gain_k) * self.unit.per_kelvin:.2f} {symbol}"

    def counts_in(self, kelvin: float, otherwise: float) -> float:
        """How many counts a difference spans; `otherwise` where that is unknown."""
        return kelvin / abs(self.radiometry.gain_k) if self.radiometry else otherwise


@lru_cache(maxsize=16)
def _kelvins(radiometry: Radiometry, correction: Correction, itemsize: int) -> NDArray[np.float64]:
    """The temperature of every count that pixels of so many bytes can hold."""
    counts = np.arange(1 << (8 * itemsize), dtype=np.float64)
    return correction.object_kelvins(radiometry.gain_k * counts + radiometry.offset_k)
