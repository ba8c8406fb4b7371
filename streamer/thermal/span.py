"""Spans: which counts the first and the last colour of a palette stand for."""

import math
from typing import Any, Self

import msgspec
import numpy as np
from numpy.typing import NDArray

from streamer.thermal.scale import Scale
from streamer.thermal.validity import Mask, valid_pixels

_NARROWEST_K = 1.0  # an automatic span narrower than this would show noise as a scene
_NARROWEST_COUNTS = 8.0  # the same without radiometry
_COLD, _HOT = 0.002, 0.998  # a few dead or glinting pixels do not set the span
_SAMPLES = 20_000


class Span(msgspec.Struct, frozen=True):
    """The counts that the first and the last colour of a palette stand for."""

    low: float
    high: float

    @property
    def width(self) -> float:
        """How many counts the palette covers."""
        return self.high - self.low


class LockedSpan(msgspec.Struct, frozen=True):
    """A span that stays: in kelvin, so that it means the same on any camera, else in counts."""

    low: float
    high: float
    radiometric: bool

    @classmethod
    def of(cls, span: Span, scale: Scale) -> Self:
        """Locks a span of counts; one without width is made visible."""
        low, high = sorted((scale.kelvin(span.low), scale.kelvin(span.high)))
        narrowest = 0.1 if scale.radiometry else 1.0
        return cls(low, max(high, low + narrowest), scale.radiometry is not None)

    def counts(self, scale: Scale) -> Span | None:
        """In a camera's counts; None where it was locked on the other kind of scale."""
        if self.radiometric != (scale.radiometry is not None):
            return None
        low, high = scale.counts_of_kelvin(self.low), scale.counts_of_kelvin(self.high)
        return Span(min(low, high), max(low, high))


def robust_span(pixels: NDArray[Any], narrowest: float, bad: Mask | None = None) -> Span:
    """The counts between which nearly all readings lie.

    Args:
        pixels: (H, W) counts.
        narrowest: the least width of the span, in counts.
        bad: (H, W), true where a pixel is known to be no reading.
    """
    step = max(1, math.isqrt(pixels.size // _SAMPLES))
    valid = valid_pixels(pixels, bad)
    sample = pixels[::step, ::step].ravel()
    if valid is not None and (kept := valid[::step, ::step].ravel()).any():
        sample = sample[kept]
    cold, hot = int(_COLD * (sample.size - 1)), math.ceil(_HOT * (sample.size - 1))
    ordered = np.partition(sample, (cold, hot))
    low, high = float(ordered[cold]), float(ordered[hot])
    missing = max(0.0, narrowest - (high - low)) / 2
    return Span(low - missing, high + missing)


def narrowest_counts(scale: Scale, kelvin: float = _NARROWEST_K) -> float:
    """The least width of an automatic span in counts: some kelvin where they are known."""
    return scale.counts_in(kelvin, _NARROWEST_COUNTS)
