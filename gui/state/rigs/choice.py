"""Which of several rigs is large, and how it is chosen. No Qt."""

from collections.abc import Sequence

import msgspec

from gui.language import mark, tr
from gui.state.commands.action import Action

_KEYS = 9  # rigs that have a key of their own
_COLUMN = (150.0, 240.0)  # narrowest and widest
_FLAT = 0.68  # height to width of a tile, below which a picture under words would be tiny


class RigChoice:
    """The rigs of a window in their order, and the one that is large.

    Attributes:
        names: of the rigs.
        large: the number of the large one.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self.large = 0

    def enlarge(self, number: int) -> None:
        """Makes another the large one."""
        self.large = number % len(self.names)

    def step(self, by: int) -> None:
        """Goes on by so many, around the end."""
        self.enlarge(self.large + by)


class StripForm(msgspec.Struct, frozen=True):
    """How the strip of rigs stands in a window.

    Attributes:
        column: as a column of pictures at the left; else as a row of buttons at the top.
        worded: whether a button has room for how its rig is doing; else it has the colour alone.
        flat: whether the tiles of a column are so low that words stand beside pictures.
        width: of the column.
    """

    column: bool
    worded: bool = True
    flat: bool = False
    width: float = 0.0


def strip_form(width: float, height: float, rigs: int) -> StripForm:
    """What a window has room for.

    Args:
        width: of the window, in pixels of plain text's size.
        height: likewise.
        rigs: how many there are.
    """
    if width >= 760 and height >= 440:
        column = min(max(width / 6, _COLUMN[0]), _COLUMN[1])
        flat = height / max(1, rigs) < _FLAT * column
        return StripForm(column=True, flat=flat, width=round(column))
    return StripForm(column=False, worded=width / max(1, rigs) >= 190)


def rig_actions(names: Sequence[str]) -> tuple[Action, ...]:
    """What can be done with several rigs, as the table of shortcuts has it of one."""
    menu = mark("Rigs")
    own = tuple(
        Action(
            f"rig_{number}",
            name,
            (f"Alt+{number}",) if number <= _KEYS else (),
            tr("See this rig large"),
            True,
            menu=menu,
        )
        for number, name in enumerate(names, 1)
    )
    return (
        *own,
        Action("next_rig", mark("Next rig"), ("PgDown",), mark("See it large"), menu=menu),
        Action("previous_rig", mark("Rig before"), ("PgUp",), mark("See it large"), menu=menu),
        Action(
            "record_all",
            mark("Record all rigs"),
            ("Ctrl+Shift+V",),
            mark("Each into a file of its own; again: complete all"),
            True,
            menu=menu,
        ),
    )
