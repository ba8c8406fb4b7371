"""A picture as a value: what a pane shows, and how it is coloured."""

from enum import StrEnum
from typing import Any

import msgspec
from numpy.typing import NDArray

from gui.imaging.tone import Tone
from gui.language import mark, tr
from gui.panes import Pane
from streamer.messages import Uncertainty
from streamer.thermal.isotherm import Isotherm
from streamer.thermal.palettes import Table
from streamer.thermal.readings import Reading
from streamer.thermal.scale import Scale
from streamer.thermal.span import Span
from streamer.thermal.validity import Mask


class Origin(StrEnum):
    """Which kind of pixel a reading was taken from."""

    SENSOR = mark("sensor pixel")
    SUPER_RESOLVED = mark("super-resolved pixel")

    @property
    def words(self) -> str:
        """As written before a place."""
        return tr(self.value)

    @property
    def short(self) -> str:
        """As written behind a value."""
        return tr("sensor") if self is Origin.SENSOR else tr("SR")


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """What a pane shows, and how it is coloured.

    Attributes:
        pane: where.
        model: of a result, the number of the model that made it.
        pixels: (H, W) counts, or (H, W, 3) BGR of the visible.
        smooth: whether it is interpolated on the screen.
        span: of the palette; None for the visible.
        table: the palette; None for the visible.
        scale: None where nothing in it is a measurement.
        isotherm: which counts are marked.
        tone: how counts become colours; `table` is in equal steps of the span in any case.
        beyond: whether what lies beyond the span has colours of its own.
        origin: which kind of pixel is read off it, if any.
        uncertainty: how far its pixels may be off, where that was foretold.
        bad: (H, W), true where a pixel of the sensor was found over time to be no reading.
    """

    pane: Pane
    model: int = 0
    pixels: NDArray[Any]
    smooth: bool
    span: Span | None = None
    table: Table | None = None
    scale: Scale | None = None
    isotherm: Isotherm | None = None
    tone: Tone = Tone.LINEAR
    beyond: bool = False
    origin: Origin | None = None
    uncertainty: Uncertainty | None = None
    bad: Mask | None = None

    @property
    def counts(self) -> NDArray[Any] | None:
        """(H, W) counts where they are a measurement."""
        return None if self.scale is None else self.pixels

    def label(self, reading: Reading) -> str:
        """As `text`, with which kind of pixel gave it."""
        return f"{self.text(reading)} {self.origin.short if self.origin else ''}".strip()

    def text(self, reading: Reading) -> str:
        """A reading off it, with how far it may be off; nothing where nothing is measured."""
        if self.scale is None:
            return ""
        place = reading.u, reading.v
        sigma = None if self.uncertainty is None else self.uncertainty.at(*place)
        return self.scale.text(reading.counts, sigma)
