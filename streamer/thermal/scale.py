"""From counts to what is shown: degrees in the user's unit, or relative numbers."""

from enum import StrEnum
from typing import Self

import msgspec

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
    """Counts to what is shown: degrees where the camera's radiometry is known, else relative."""

    radiometry: Radiometry | None
    unit: Unit

    @classmethod
    def of(cls, radiometry: Radiometry | None, unit: Unit) -> Self:
        """The scale of a frame; a radiometry that cannot be turned back is none."""
        return cls(radiometry if radiometry is not None and radiometry.invertible else None, unit)

    @property
    def symbol(self) -> str:
        """The unit behind numbers; relative counts are never called degrees."""
        return self.unit.symbol if self.radiometry else "rel."

    def kelvin(self, counts: float) -> float:
        """The temperature of a count; the count itself where nothing is known about it."""
        return counts if self.radiometry is None else self.radiometry.kelvin(counts)

    def counts_of_kelvin(self, kelvin: float) -> float:
        """The inverse of `kelvin`."""
        return kelvin if self.radiometry is None else self.radiometry.counts_of_kelvin(kelvin)

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
        value = self.value(counts)
        if self.radiometry is None:
            off = "" if sigma is None else f" \N{PLUS-MINUS SIGN} {sigma:.0f}"
            return f"rel. {value:.0f}{off}"
        off = ""
        if sigma is not None:
            degrees = abs(sigma * self.radiometry.gain_k) * self.unit.per_kelvin
            off = f" \N{PLUS-MINUS SIGN} {degrees:.{1 if degrees >= 0.095 else 2}f}"
        return f"{value:.1f}{off} {self.symbol}"

    def difference_text(self, counts: float) -> str:
        """A difference of counts as text, without its sign."""
        if self.radiometry is None:
            return f"{abs(counts):.0f} counts"
        symbol = "°F" if self.unit is Unit.FAHRENHEIT else "K"
        return f"{abs(counts * self.radiometry.gain_k) * self.unit.per_kelvin:.2f} {symbol}"

    def counts_in(self, kelvin: float, otherwise: float) -> float:
        """How many counts a difference spans; `otherwise` where that is unknown."""
        return kelvin / abs(self.radiometry.gain_k) if self.radiometry else otherwise
