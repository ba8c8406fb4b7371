"""Which pictures of two sides belong together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from unicodedata import normalize

from streamer.pictures.errors import Cause
from streamer.pictures.listing.names import Side, natural_order, shared_part, without_padding
from streamer.pictures.listing.sources import PictureRef
from streamer.pictures.losses import Losses, named

Key = Callable[[str, Side], str]

_KEYS: tuple[Key, ...] = (
    lambda stem, side: stem,
    lambda stem, side: stem.lower(),
    shared_part,
    without_padding,
)
"""What two names of a pair are compared by, the strictest first."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One moment: a picture of each side, or of one alone."""

    name: str
    visible: PictureRef | None
    thermal: PictureRef | None

    def of(self, side: Side) -> PictureRef | None:
        """The picture of a side."""
        return self.visible if side is Side.VISIBLE else self.thermal


@dataclass(frozen=True, slots=True)
class Pairing:
    """Two sides, slot by slot.

    Attributes:
        slots: in the order of their numbers.
        by_name: whether names paired them; else their order did.
        losses: what has no partner.
        words: what a person should know of it; empty where every name has its partner.
    """

    slots: tuple[Slot, ...]
    by_name: bool
    losses: Losses
    words: str

    @property
    def pairs(self) -> list[Slot]:
        """The slots that both sides have."""
        return [slot for slot in self.slots if slot.visible and slot.thermal]


def pair(visible: Sequence[PictureRef], thermal: Sequence[PictureRef]) -> Pairing:
    """Pairs two sides by what their names share, and by their order only where no names match.

    Of the ways in which published sets name their pairs the strictest is taken that pairs most.
    """
    single = _one_file(visible) and _one_file(thermal)  # two files were named: they are the pair
    found = _by_name(visible, thermal)
    slots = found or _by_order(visible, thermal)
    losses = Losses()
    for slot in slots:
        if slot.visible is None or slot.thermal is None:
            losses.add(Cause.NO_PARTNER, slot.name)
    return Pairing(
        tuple(slots), found is not None, losses, _words(slots, found is not None, single)
    )


def _by_name(visible: Sequence[PictureRef], thermal: Sequence[PictureRef]) -> list[Slot] | None:
    best: list[Slot] | None = None
    most = 0
    for key in _KEYS:
        ones = _keyed(visible, Side.VISIBLE, key)
        others = _keyed(thermal, Side.THERMAL, key)
        if ones is None or others is None:
            continue
        common = len(ones.keys() & others.keys())
        if common > most:
            most = common
            best = [
                Slot(_name(ones.get(one), others.get(one)), ones.get(one), others.get(one))
                for one in sorted(
                    ones.keys() | others.keys(), key=lambda one: (natural_order(one[0]), one[1])
                )
            ]
    return best


def _keyed(
    pictures: Sequence[PictureRef], side: Side, key: Key
) -> dict[tuple[str, int], PictureRef] | None:
    """By key and page, an accent written either way the same; None where two have the same."""
    keyed = {(key(normalize("NFC", each.stem), side), each.page): each for each in pictures}
    return keyed if len(keyed) == len(pictures) else None


def _by_order(visible: Sequence[PictureRef], thermal: Sequence[PictureRef]) -> list[Slot]:
    slots = []
    for index in range(max(len(visible), len(thermal))):
        one = visible[index] if index < len(visible) else None
        other = thermal[index] if index < len(thermal) else None
        slots.append(Slot(_name(one, other), one, other))
    return slots


def _name(visible: PictureRef | None, thermal: PictureRef | None) -> str:
    picture = thermal or visible
    assert picture is not None
    return picture.name


def _one_file(pictures: Sequence[PictureRef]) -> bool:
    return len({each.path for each in pictures}) == 1


def _words(slots: Sequence[Slot], by_name: bool, single: bool) -> str:
    lacking = {side: [slot.name for slot in slots if slot.of(side) is None] for side in (*Side,)}
    told = [
        f"{named(names)} {'has' if len(names) == 1 else 'have'} no {side} partner"
        for side, names in lacking.items()
        if names
    ]
    if not by_name and not single:
        told.insert(0, "no names match, so they are paired by their order")
    return "; ".join(told)
