"""Everything written and drawn over a picture, as values."""

from enum import StrEnum

import msgspec

from gui.status.diagnosis import Notice
from streamer.measuring.tool import Place


class MarkKind(StrEnum):
    """What a mark points at."""

    HOTTEST = "hottest"
    COLDEST = "coldest"


class Mark(msgspec.Struct, frozen=True):
    """A crosshair with a value, at a place given as shares of the picture."""

    kind: MarkKind
    u: float
    v: float
    text: str


class ToolMark(msgspec.Struct, frozen=True, kw_only=True):
    """A measuring tool as it is drawn; places are shares of the picture.

    Attributes:
        outline: its line; a single place is a crosshair.
        closed: whether the line ends where it begins.
        labels: its text in every form, the fullest first; none for none.
        handles: where it can be taken hold of; none unless it is selected.
        hottest: where the hottest of it is, if that is to be marked.
        coldest: likewise.
        alarmed: whether an alarm holds for it.
    """

    outline: tuple[Place, ...]
    closed: bool = False
    labels: tuple[str, ...] = ()
    handles: tuple[Place, ...] = ()
    hottest: Place | None = None
    coldest: Place | None = None
    alarmed: bool = False


class Annotations(msgspec.Struct, frozen=True, kw_only=True):
    """Everything written and drawn onto a picture."""

    caption: str = ""
    stamp: str = ""
    empty: str = ""  # instead of a picture that is not there yet
    notice: Notice | None = None
    dimmed: bool = False
    marks: tuple[Mark, ...] = ()
    tools: tuple[ToolMark, ...] = ()
    alarms: tuple[tuple[str, ...], ...] = ()  # those that hold, each in words, the fullest first
