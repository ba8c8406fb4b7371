"""What the mouse does on the colour bar: which span a drag or a wheel asks for. No Qt."""

from enum import StrEnum

import msgspec

from streamer.thermal.span import Span

_NOTCH = 0.9  # of its width, for a notch of the wheel
_NARROWEST = 1e-3  # of the span before: an end is never dragged past the other


class Grip(StrEnum):
    """What of the bar is held."""

    HIGH = "high"
    LOW = "low"
    BOTH = "both"


class BarDrag(msgspec.Struct, frozen=True):
    """A drag that has begun.

    Attributes:
        grip: what is held.
        span: as it was then.
        per_pixel: how many counts a pixel of the bar is.
        at: where it began, in pixels down the screen.
    """

    grip: Grip
    span: Span
    per_pixel: float
    at: float

    def span_at(self, y: float) -> Span:
        """The span while the pointer is there: up is hotter."""
        by = (self.at - y) * self.per_pixel
        low = self.span.low if self.grip is Grip.HIGH else self.span.low + by
        high = self.span.high if self.grip is Grip.LOW else self.span.high + by
        least = self.span.width * _NARROWEST
        if high - low < least:
            return Span(low, low + least) if self.grip is Grip.HIGH else Span(high - least, high)
        return Span(low, high)


def grip_at(y: float, top: float, bottom: float, reach: float) -> Grip:
    """What is held at a height of the bar."""
    if y < top + reach:
        return Grip.HIGH
    return Grip.LOW if y > bottom - reach else Grip.BOTH


def scrolled(span: Span, about: float, notches: float) -> Span:
    """Narrower (or wider, for negative notches) about a count, which keeps its colour."""
    factor = _NOTCH**notches
    return Span(about + (span.low - about) * factor, about + (span.high - about) * factor)
