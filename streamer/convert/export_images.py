"""What an export makes of a recorded picture: the colours of the window, and sizes of video."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from streamer.messages import Frame, Mode, SuperResolvedFrame
from streamer.thermal.colouring import Colouriser, as_bgr
from streamer.thermal.palettes import GREY, table
from streamer.thermal.scale import Scale, Unit
from streamer.thermal.span import LockedSpan, Span, narrowest_counts, robust_span

Message = Frame | SuperResolvedFrame


def is_measurement(message: Message) -> bool:
    """Whether its numbers are counts of the sensor; a picture made of the visible alone is not."""
    return isinstance(message, Frame) or message.mode is not Mode.VISIBLE_ONLY


def scale_of(message: Message) -> Scale:
    """Its counts as degrees Celsius, or as they are where nothing is known about them."""
    return Scale.of(message.radiometry if is_measurement(message) else None, Unit.CELSIUS)


class FilmSpans:
    """The spans of a film, which stay: for temperatures, for counts, for what is no measurement.

    Each is as wide as the window's automatic spans of all pictures of its kind together.

    Args:
        given: in degrees Celsius, or in counts where those are unknown; holds for measurements.
    """

    def __init__(self, given: tuple[float, float] | None = None) -> None:
        self._given = given
        self._found: dict[tuple[bool, bool], LockedSpan] = {}

    def add(self, message: Message) -> None:
        """Takes a thermal picture into account."""
        scale, kind = scale_of(message), _kind(message)
        found = LockedSpan.of(robust_span(message.pixels, narrowest_counts(scale)), scale)
        known = self._found.get(kind, found)
        self._found[kind] = LockedSpan(
            min(known.low, found.low), max(known.high, found.high), found.radiometric
        )

    def of(self, message: Message) -> Span:
        """The span of a thermal picture, in its counts."""
        scale, kind = scale_of(message), _kind(message)
        if self._given is not None and is_measurement(message):
            low, high = sorted(scale.counts(value) for value in self._given)
            return Span(low, high)
        if kind not in self._found:
            self.add(message)
        span = self._found[kind].counts(scale)
        assert span is not None  # the kind says on which scale it was locked
        return span


class FilmColours:
    """The pictures of a film as the window would show them, all in one palette and one span.

    Args:
        spans: of the film.
        palette: of `streamer.thermal.palettes`; what is no measurement is grey.
    """

    def __init__(self, spans: FilmSpans, palette: str) -> None:
        self._spans = spans
        self._palette = palette
        self._colouriser = Colouriser()

    def of(self, message: Message) -> NDArray[np.uint8]:
        """A picture as (H, W, 3) BGR; the visible as it is."""
        pixels: NDArray[Any] = message.pixels
        if pixels.ndim == 3:
            return pixels
        if isinstance(message, Frame) and message.stream == "visible":
            grey = pixels if pixels.dtype == np.uint8 else (pixels >> 8).astype(np.uint8)
            return grey[..., None].repeat(3, axis=2)
        colours = table(self._palette if is_measurement(message) else GREY)
        return as_bgr(self._colouriser.colour(pixels, self._spans.of(message), colours))


def enlarged(picture: NDArray[np.uint8], width: int) -> NDArray[np.uint8]:
    """At least `width` wide by repeating pixels, and of even sides, as video codecs want it."""
    times = max(1, -(-width // picture.shape[1]))
    if times > 1:
        picture = picture.repeat(times, axis=0).repeat(times, axis=1)
    return even(picture)


def even(picture: NDArray[Any]) -> NDArray[Any]:
    """With the last row and column repeated where a side is odd."""
    below, right = picture.shape[0] % 2, picture.shape[1] % 2
    if not below and not right:
        return picture
    return np.asarray(cv2.copyMakeBorder(picture, 0, below, 0, right, cv2.BORDER_REPLICATE))


def _kind(message: Message) -> tuple[bool, bool]:
    return is_measurement(message), scale_of(message).radiometry is not None
