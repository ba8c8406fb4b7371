"""A span whose end was typed: only what the camera can mean becomes one. No Qt."""

import numpy as np

from gui.language import tr
from gui.state.picture import Picture
from streamer.thermal.scale import Scale
from streamer.thermal.span import Span


class SpanRefusedError(ValueError):
    """A value cannot be an end of the span; says why, in a sentence of its own."""


def span_with_end(picture: Picture, value: float, *, high: bool) -> Span:
    """A picture's span with another end.

    Args:
        picture: a thermal one; it has a span and a scale.
        value: the end, in the unit shown.
        high: whether it is the end that the hottest colour stands for.

    Raises:
        SpanRefusedError: no count of the camera has that value, or the other end lies beyond it.
    """
    span, scale = picture.span, picture.scale
    assert span is not None
    assert scale is not None
    least, most = sorted(map(scale.value, _reach(picture)))
    wanted = _text(scale, value)
    if not least <= value <= most:
        raise SpanRefusedError(
            tr(
                "{wanted} is nothing this camera can measure: {least} to {most} wanted",
                wanted=wanted,
                least=_text(scale, least),
                most=_text(scale, most),
            )
        )
    low, top = sorted((scale.value(span.low), scale.value(span.high)))
    if not (value > low if high else value < top):
        other, word = (low, tr("above")) if high else (top, tr("below"))
        raise SpanRefusedError(
            tr(
                "{wanted} is not {word} the other end, {end}",
                wanted=wanted,
                word=word,
                end=_text(scale, other),
            )
        )
    ends = (low, value) if high else (value, top)
    first, last = sorted(map(scale.counts, ends))
    return Span(first, last)


def _reach(picture: Picture) -> tuple[float, float]:
    """The first and the last count that a picture of its kind can hold, above absolute zero."""
    kind = np.iinfo(picture.pixels.dtype)
    ends = float(kind.min), float(kind.max)
    scale = picture.scale
    if scale is None or scale.radiometry is None:
        return ends
    coldest, hottest = sorted(ends, key=scale.kelvin)
    return max(coldest, scale.counts_of_kelvin(0.0), key=scale.kelvin), hottest


def _text(scale: Scale, value: float) -> str:
    return f"{value:.1f} {scale.symbol}" if scale.radiometry else f"{value:.0f}"
