"""How counts become colours: in equal steps, by how many pixels have them, or place by place."""

from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gui.language import mark, tr
from streamer.thermal.palettes import Table
from streamer.thermal.span import Span

_BINS = 1024
_PLATEAU = 3.0  # times the mean: no value takes more colours than that many times its share
_LEAST = 0.15  # of the colours are in equal steps in any case: an empty range keeps some
_FOLLOWS = 0.15  # how far colours go towards those of a new picture: they do not flicker
_SAMPLES = 40_000


class Tone(StrEnum):
    """How counts become colours."""

    LINEAR = mark("linear")
    EQUALISED = mark("equalised")  # a histogram with a plateau, of the whole picture
    LOCAL = mark("local")  # contrast-limited adaptive equalisation (CLAHE)

    @property
    def words(self) -> str:
        """What it is, and what it means for who reads temperatures off colours."""
        means = self.warning or tr("colours are proportional to temperature")
        return tr("Contrast: {tone}, {means}", tone=tr(self.value), means=means)

    @property
    def warning(self) -> str:
        """What a reader of colours has to know; empty where nothing is out of the usual."""
        match self:
            case Tone.LINEAR:
                return ""
            case Tone.EQUALISED:
                return tr("colours not proportional to temperature")
            case Tone.LOCAL:
                return tr("one colour is not one temperature")


class Equaliser:
    """Makes a palette's colours follow how often counts occur, calmly over time.

    Plateau equalisation as infrared cameras do it: the histogram inside the span is cut at a
    plateau, so that a large flat background does not take all colours.
    """

    def __init__(self) -> None:
        self._shares: NDArray[np.float64] | None = None
        self._span: Span | None = None
        self._pixels: NDArray[Any] | None = None
        self._by: Table | None = None
        self._table: Table | None = None

    def table(self, pixels: NDArray[Any], span: Span, by: Table) -> Table:
        """The colours in equal steps of the span; the same object while nothing has changed.

        Args:
            pixels: (H, W) counts; a picture that is seen again is not counted again.
            span: of the palette.
            by: the palette.
        """
        same = pixels is self._pixels and span == self._span and by is self._by
        if same and self._table is not None:
            return self._table
        plateau = np.minimum(histogram(pixels, span, _BINS), _PLATEAU / _BINS)
        plateau /= max(plateau.sum(), 1e-9)
        wanted = (1 - _LEAST) * plateau + _LEAST / _BINS
        if self._shares is None:
            self._shares = wanted
        elif pixels is not self._pixels:
            self._shares = self._shares + _FOLLOWS * (wanted - self._shares)
        self._span, self._pixels, self._by = span, pixels, by
        mixed = self._shares / self._shares.sum()
        reached = np.cumsum(mixed) - mixed / 2
        self._table = by[np.rint(reached * (len(by) - 1)).astype(np.intp)]
        return self._table


def histogram(pixels: NDArray[Any], span: Span, parts: int) -> NDArray[np.float64]:
    """The share of pixels of (H, W) counts in each of so many equal parts of a span."""
    step = max(1, int(np.sqrt(pixels.size / _SAMPLES)))
    sample = pixels[::step, ::step].astype(np.float32)
    if span.width <= 0:
        return np.full(parts, 1 / parts)
    index = np.floor((sample - span.low) * (parts / span.width)).astype(np.intp)
    inside = index[(index >= 0) & (index < parts)]
    counted = np.bincount(inside, minlength=parts).astype(np.float64)
    return counted / max(1, len(inside))
