"""What the user has chosen to see and how. No Qt: widgets edit it, `pictures` reads it."""

from dataclasses import dataclass, field
from typing import Self, TypeVar

import msgspec

from gui.imaging.tone import Tone
from gui.panes import Pane
from gui.state.framing.orientation import Orientation
from gui.state.framing.zoom import Zoom
from gui.state.looks.look import Look
from gui.state.measuring.editor import ToolEditor
from streamer.config.schema import ViewerConfig
from streamer.measuring.alarm_rule import AlarmRule
from streamer.thermal.isotherm import Isotherm
from streamer.thermal.palettes import DEFAULT, PALETTES, inverted, upright
from streamer.thermal.scale import Scale, Unit
from streamer.thermal.span import LockedSpan, Span

Item = TypeVar("Item")

_STEP = 0.1  # of the span's width, for each press of a span key


class Threshold(msgspec.Struct, frozen=True):
    """An end of the isotherm: in kelvin, or in counts."""

    value: float
    radiometric: bool

    def counts(self, scale: Scale) -> float | None:
        """In a camera's counts; None where it was set on the other kind of scale."""
        if self.radiometric != (scale.radiometry is not None):
            return None
        return scale.counts_of_kelvin(self.value)


@dataclass
class ViewerState:
    """Everything a key or a click can change; the picture never changes any of it."""

    palette: str = DEFAULT
    unit: Unit = Unit.CELSIUS
    locked: LockedSpan | None = None
    slots: list[Pane] = field(default_factory=lambda: list(Pane))  # the first is the large one
    side_shown: bool = True
    markers: bool = True
    fog_shown: bool = False
    time_shown: bool = False  # when the large picture was taken, written on it
    plot_shown: bool = True
    frozen: bool = False
    measuring: ToolEditor = field(default_factory=ToolEditor)
    alarms: tuple[AlarmRule, ...] = ()
    table_shown: bool = True
    curves_shown: bool = True
    curve_span_s: float = 60.0  # 0 for the profile of a line
    isotherm_above: Threshold | None = None
    isotherm_below: Threshold | None = None
    own_palettes: tuple[str, ...] = ()  # paths of files
    tone: Tone = Tone.LINEAR
    beyond_marked: bool = False  # whether what lies beyond the span has colours of its own
    cursor: tuple[float, float] | None = None
    look: Look = Look.PLAIN
    split: float = 0.5  # where the line stands, as a share of the width
    strength: float = 0.5  # of edges, or of the visible picture
    zoom: Zoom = field(default_factory=Zoom)  # of the large pictures
    orientation: Orientation = field(default_factory=Orientation)  # of all of them

    @classmethod
    def from_config(cls, viewer: ViewerConfig) -> Self:
        """The state of a first start."""
        return cls(palette=viewer.palette, unit=Unit(viewer.unit))

    @property
    def large(self) -> Pane:
        """What the large view shows."""
        return self.slots[0]

    def shows(self, pane: Pane) -> bool:
        """Whether a pane is anywhere to be seen."""
        return self.side_shown or pane is self.large

    def enlarge(self, pane: Pane) -> None:
        """Shows a pane large; the small ones keep their order."""
        self.slots[:] = [pane, *(other for other in Pane if other is not pane)]

    def toggle_look(self, look: Look) -> None:
        """Puts the large picture together with another, or shows it alone again."""
        self.look = Look.PLAIN if self.look is look else look

    def change_strength(self, steps: int) -> None:
        """More of what is laid over it, or less for negative steps."""
        self.strength = min(max(round(self.strength + 0.1 * steps, 1), 0.1), 1.0)

    def next_palette(self, step: int) -> None:
        """Goes through the palettes in their order, around the end."""
        name = _neighbour(list(PALETTES), upright(self.palette), step)
        self.palette = inverted(name) if self.palette != upright(self.palette) else name

    def isotherm(self, scale: Scale) -> Isotherm | None:
        """What is marked, in a camera's counts."""
        ends = [
            None if end is None else end.counts(scale)
            for end in (self.isotherm_above, self.isotherm_below)
        ]
        if ends == [None, None]:
            return None
        if scale.radiometry is not None and scale.radiometry.gain_k < 0:  # hotter is fewer counts
            ends.reverse()
        return Isotherm(*ends)

    def next_unit(self) -> None:
        """Goes through the units in their order, around the end."""
        self.unit = _neighbour(list(Unit), self.unit, 1)

    def next_tone(self) -> None:
        """Goes through the ways in which counts become colours."""
        self.tone = _neighbour(list(Tone), self.tone, 1)

    def lock(self, span: Span, scale: Scale) -> None:
        """Holds a span from now on."""
        self.locked = LockedSpan.of(span, scale)

    def stretch(self, span: Span, scale: Scale, steps: int) -> None:
        """Makes the span wider (or narrower, for negative steps) about its middle, and locks it."""
        by = span.width * _STEP / 2 * steps
        self.lock(Span(span.low - by, span.high + by), scale)

    def shift(self, span: Span, scale: Scale, steps: int) -> None:
        """Moves the span towards hotter (or colder, for negative steps), and locks it."""
        by = span.width * _STEP * steps
        self.lock(Span(span.low + by, span.high + by), scale)


def _neighbour(items: list[Item], current: Item, step: int) -> Item:
    return items[(items.index(current) + step) % len(items)]
