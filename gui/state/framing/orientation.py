"""Which way up a picture is shown. The data, and every place in them, stay as they were."""

from typing import Self

import msgspec

from streamer.measuring.tool import Place


class Orientation(msgspec.Struct, frozen=True):
    """Mirrored left to right first, then turned.

    Attributes:
        quarter_turns: clockwise, 0 to 3.
        mirrored: whether left and right were exchanged before.
    """

    quarter_turns: int = 0
    mirrored: bool = False

    def __post_init__(self) -> None:
        if self.quarter_turns not in range(4):
            raise ValueError(f"quarter_turns: 0 to 3 wanted, {self.quarter_turns} came")

    @property
    def upright(self) -> bool:
        """Whether width stays width."""
        return self.quarter_turns % 2 == 0

    def turned(self) -> Self:
        """A quarter of a turn further, clockwise."""
        return type(self)((self.quarter_turns + 1) % 4, self.mirrored)

    def flipped_sideways(self) -> Self:
        """As seen in a mirror on the wall beside it: left and right of the screen exchanged."""
        return type(self)(-self.quarter_turns % 4, not self.mirrored)

    def flipped_over(self) -> Self:
        """Top and bottom of the screen exchanged."""
        return type(self)((2 - self.quarter_turns) % 4, not self.mirrored)

    def seen(self, place: Place) -> Place:
        """Where a place of the picture is seen; both as shares of width and height."""
        u, v = place
        u = 1 - u if self.mirrored else u
        for _ in range(self.quarter_turns):
            u, v = 1 - v, u
        return u, v

    def stored(self, place: Place) -> Place:
        """The inverse of `seen`."""
        u, v = place
        for _ in range(self.quarter_turns):
            u, v = v, 1 - u
        return (1 - u if self.mirrored else u), v

    def stored_step(self, columns: int, rows: int) -> tuple[int, int]:
        """A step on the screen, to the right and down, as one in the picture."""
        for _ in range(self.quarter_turns):
            columns, rows = rows, -columns
        return (-columns if self.mirrored else columns), rows
