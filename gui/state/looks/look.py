"""What lies over the large picture besides its own: raw thermal, edges, the visible. No Qt."""

from enum import StrEnum
from typing import Any

import msgspec
from numpy.typing import NDArray

from gui.language import lowered, tr
from gui.panes import Pane
from streamer.thermal.palettes import Table


class Look(StrEnum):
    """How the large thermal picture is put together with another."""

    PLAIN = "plain"
    SPLIT = "split"  # raw thermal left of a line, super-resolved right of it
    EDGES = "edges"  # edges of the visible picture over the thermal one
    BLEND = "blend"  # the visible picture shines through
    INSET = "inset"  # the thermal picture in the middle of the visible one
    SIGMA = "sigma"  # how far each place may be off
    RESIDUAL = "residual"  # what is left between the picture and what the sensor measured
    PAST = "past"  # how much of each place was measured before

    def possible(self, *, visible: bool) -> "Look":
        """The look that can be shown; plain where it needs a visible picture and has none.

        Args:
            visible: whether there is one that is not old: edges of a scene that has gone by would
                be taken for those of what is warm now.
        """
        needs_it = self in (Look.EDGES, Look.BLEND, Look.INSET)
        return self if visible or not needs_it else Look.PLAIN

    def pane_at(self, place: tuple[float, float], split: float) -> Pane | None:
        """Whose picture is seen alone at a place, where that is not the one below.

        Args:
            place: as shares of width and height.
            split: where the line stands.
        """
        if self is Look.SPLIT:
            return Pane.THERMAL if place[0] < split else None
        left, top, right, bottom = INSET
        inside = left <= place[0] < right and top <= place[1] < bottom
        return Pane.VISIBLE if self is Look.INSET and not inside else None

    def caption(self, own: str, strength: float) -> str:
        """What is seen, in words.

        Args:
            own: the caption of the picture below.
            strength: 0 to 1.
        """
        match self:
            case Look.PLAIN:
                return own
            case Look.SPLIT:
                return tr("Raw thermal | {own}", own=own)
            case Look.EDGES:
                return tr("{own}, visible edges {strength:.0%}", own=own, strength=strength)
            case Look.BLEND:
                return tr(
                    "{own}, visible {strength:.0%}: colours are mixed", own=own, strength=strength
                )
            case Look.INSET:
                return tr("Visible, {own} inside", own=lowered(own))
            case Look.SIGMA:
                return tr("How far it may be off, one sigma")
            case Look.RESIDUAL:
                return tr("Averaged to sensor pixels, minus what these measured")
            case Look.PAST:
                return tr("How much of it earlier frames measured")


INSET = (0.25, 0.25, 0.75, 0.75)
"""Where the thermal picture lies in the visible one: left, top, right, bottom, as shares."""


class Legend(msgspec.Struct, frozen=True):
    """The bar of a layer: its colours, and what the first and the last of them mean."""

    table: Table
    low: str
    high: str


class Layer(msgspec.Struct, frozen=True, kw_only=True):
    """A picture over the picture.

    Attributes:
        pixels: (H, W) of 32 bits: opaque, or with alpha that colours are multiplied by.
        alpha: whether it has alpha.
        opacity: of all of it, 0 to 1.
        smooth: whether it is interpolated on the screen.
        only: the part of the area that it covers, as shares: left, top, right, bottom.
        outside: it covers all but that part.
        line: where a line to be dragged stands, as a share of the width; None for none.
        legend: its bar, where its colours mean values.
    """

    pixels: NDArray[Any]
    alpha: bool = False
    opacity: float = 1.0
    smooth: bool = True
    only: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)
    outside: bool = False
    line: float | None = None
    legend: Legend | None = None
