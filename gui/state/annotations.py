"""Everything written and drawn over a picture, as values."""

from enum import StrEnum

import msgspec

from gui.status.diagnosis import Notice


class MarkKind(StrEnum):
    """What a mark points at."""

    HOTTEST = "hottest"
    COLDEST = "coldest"
    SPOT = "spot"


class Mark(msgspec.Struct, frozen=True):
    """A crosshair with a value, at a place given as shares of the picture."""

    kind: MarkKind
    u: float
    v: float
    text: str


class Box(msgspec.Struct, frozen=True):
    """A frame with a text, its sides given as shares of the picture."""

    left: float
    top: float
    right: float
    bottom: float
    text: str


class Annotations(msgspec.Struct, frozen=True, kw_only=True):
    """Everything written and drawn onto a picture."""

    caption: str = ""
    stamp: str = ""
    empty: str = ""  # instead of a picture that is not there yet
    notice: Notice | None = None
    dimmed: bool = False
    marks: tuple[Mark, ...] = ()
    box: Box | None = None
