"""Where labels stand: in the picture, none over another, joined to what they name. No Qt."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

_GAP = 6
_LARGE_PX = 40  # a label stands over or under what is larger than this, and beside a cross
_RINGS = 7  # how many lines of text a label may be away


class Rect(NamedTuple):
    """In pixels of the screen."""

    x: float
    y: float
    width: float
    height: float

    def overlaps(self, other: "Rect") -> bool:
        """Whether they share a pixel."""
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )

    def within(self, other: "Rect") -> bool:
        """Whether it lies inside another as a whole."""
        return (
            self.x >= other.x
            and self.y >= other.y
            and self.x + self.width <= other.x + other.width
            and self.y + self.height <= other.y + other.height
        )


class Wanted(NamedTuple):
    """A label that is to be placed.

    Attributes:
        around: what it names.
        sizes: width and height of each form of its text, the fullest first.
    """

    around: Rect
    sizes: tuple[tuple[float, float], ...]


class Placed(NamedTuple):
    """Where a label stands.

    Attributes:
        form: which form of its text fits there.
        at: where.
        apart: whether it needs a line to what it names.
    """

    form: int
    at: Rect
    apart: bool


def place_labels(
    area: Rect,
    wanted: Sequence[Wanted],
    taken: Sequence[Rect] = (),
    covered: Rect | None = None,
) -> list[Placed | None]:
    """Places labels, the first ones first.

    A label that has no room in its fullest form stands in a shorter one; none is cut. Marks are
    covered only where there is no other way.

    Args:
        area: the picture.
        wanted: what is to be placed, the most important first.
        taken: where nothing may stand: captions, stamps.
        covered: where nothing may stand, and nothing is labelled that lies under it: a notice.

    Returns:
        For each where it stands; None where there is no room for any form of it.
    """
    occupied = [*taken, *([] if covered is None else [covered])]
    marks = [each.around for each in wanted]
    placed: list[Placed | None] = []
    for number, each in enumerate(wanted):
        found = None
        if covered is None or not _middle(each.around).within(covered):
            found = _place(area, each, occupied, marks[:number] + marks[number + 1 :])
        placed.append(found)
        if found is not None:
            occupied.append(found.at)
    return placed


def _place(
    area: Rect, wanted: Wanted, occupied: Sequence[Rect], marks: Sequence[Rect]
) -> Placed | None:
    small = [mark for mark in marks if mark.width * mark.height < 900]  # boxes may hold labels
    for form, (width, height) in enumerate(wanted.sizes):
        second: Placed | None = None
        for ring, x, y in _candidates(wanted.around, width, height):
            at = Rect(x, y, width, height)
            if not at.within(area) or any(at.overlaps(other) for other in occupied):
                continue
            placed = Placed(form, at, ring > 0)
            if not any(at.overlaps(mark) for mark in small):
                return placed
            second = second or placed
        if second is not None:
            return second
    return None


def _middle(rect: Rect) -> Rect:
    return Rect(rect.x + rect.width / 2, rect.y + rect.height / 2, 0, 0)


def _candidates(around: Rect, width: float, height: float) -> Iterator[tuple[int, float, float]]:
    """Places about a thing: near it first, then ever farther away; and inside it, if large."""
    right, left = around.x + around.width + _GAP, around.x - _GAP - width
    below, above = around.y + around.height + _GAP, around.y - _GAP - height
    middle_y = around.y + (around.height - height) / 2
    middle_x = around.x + (around.width - width) / 2
    large = around.width > _LARGE_PX or around.height > _LARGE_PX
    for ring in range(_RINGS):
        away = ring * (height + 2)
        beside = [(right, middle_y + away), (left, middle_y + away)]
        if ring:
            beside += [(right, middle_y - away), (left, middle_y - away)]
        over = [
            (x, y)
            for y in (above - away, below + away)
            for x in (around.x, around.x + around.width - width, middle_x, right, left)
        ]
        if large and around.width > width and around.height > height:
            over.insert(2, (around.x, around.y + around.height - height - away))
        for x, y in (*over, *beside) if large else (*beside, *over):
            yield ring, x, y
