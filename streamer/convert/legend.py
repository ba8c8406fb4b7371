"""A thermal picture in colours, with the scale that says what they mean beside it."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from streamer.convert.export_images import Message, is_measurement
from streamer.thermal.colouring import Colouriser, as_bgr
from streamer.thermal.palettes import GREY, table
from streamer.thermal.scale import Scale, Unit
from streamer.thermal.span import narrowest_counts, robust_span
from streamer.thermal.ticks import ticks

_SMALLEST = 320  # a picture of a few pixels is enlarged: figures beside it need room
_STRIP, _BAR, _MARGIN, _LINE = 104, 18, 14, 22  # pixels
_MOST_TICKS = 9
_PAPER, _INK = 24, (225, 225, 225)
_FONT, _SIZE = cv2.FONT_HERSHEY_SIMPLEX, 0.45


def with_legend(message: Message, palette: str, unit: Unit) -> NDArray[np.uint8]:
    """(H, W, 3) BGR: the picture in an automatic span of its own, and a colour bar with figures.

    Args:
        message: a thermal picture or a result.
        palette: of `streamer.thermal.palettes`; what is no measurement is grey.
        unit: of the figures; counts without known degrees are called relative.
    """
    measured = is_measurement(message)
    scale = Scale.of(message.radiometry if measured else None, unit)
    span = robust_span(message.pixels, narrowest_counts(scale))
    colours = table(palette if measured else GREY)
    picture = as_bgr(Colouriser().colour(message.pixels, span, colours))
    times = max(1, -(-_SMALLEST // min(picture.shape[:2])))
    picture = picture.repeat(times, axis=0).repeat(times, axis=1)

    height = picture.shape[0]
    strip = np.full((height, _STRIP, 3), _PAPER, np.uint8)
    top, bottom = _MARGIN + _LINE, height - _MARGIN
    shades = as_bgr(colours[::-1].reshape(-1, 1))
    bar = cv2.resize(shades, (_BAR, bottom - top), interpolation=cv2.INTER_NEAREST)
    strip[top:bottom, _MARGIN : _MARGIN + _BAR] = bar
    _write_unit(strip, scale.symbol)
    low, high = sorted((scale.value(span.low), scale.value(span.high)))
    rising = scale.value(span.high) >= scale.value(span.low)
    labels = ticks(low, high, min(_MOST_TICKS, max(2, (bottom - top) // 40)))
    digits = 0 if len(labels) < 2 else _digits(labels[1] - labels[0])
    for value in labels:
        share = (value - low) / (high - low)
        row = round(bottom - 1 - (share if rising else 1 - share) * (bottom - 1 - top))
        cv2.line(strip, (_MARGIN + _BAR, row), (_MARGIN + _BAR + 4, row), _INK)
        _write(strip, f"{value:.{digits}f}", _MARGIN + _BAR + 8, row + 5)
    return np.ascontiguousarray(np.hstack((picture, strip)))


def _write_unit(strip: NDArray[np.uint8], symbol: str) -> None:
    """The unit above the bar; the font has no degree sign, which is a circle."""
    left, line = _MARGIN, _MARGIN + 8
    if symbol.startswith("°"):
        cv2.circle(strip, (left + 3, line - 7), 2, _INK, 1, cv2.LINE_AA)
        left, symbol = left + 8, symbol[1:]
    _write(strip, symbol, left, line)


def _write(strip: NDArray[Any], words: str, left: int, line: int) -> None:
    cv2.putText(strip, words, (left, line), _FONT, _SIZE, _INK, 1, cv2.LINE_AA)


def _digits(step: float) -> int:
    """How many decimals tell two neighbouring figures apart."""
    return max(0, -int(np.floor(np.log10(step) + 1e-9)))
