"""The pictures of one side of a source, slot by slot: what a camera made of files plays."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from streamer.messages import Radiometry
from streamer.paths import PathKind, kind_of
from streamer.pictures.counts import ThermalPicture, thermal_counts
from streamer.pictures.decoding import read_stored
from streamer.pictures.degrees import marked
from streamer.pictures.errors import Cause, PictureError
from streamer.pictures.guides import GuideDepth, visible_picture
from streamer.pictures.listing.names import Side, side_of, side_of_folder
from streamer.pictures.listing.pairing import Pairing, pair
from streamer.pictures.listing.ranks import Rank, rank_of
from streamer.pictures.listing.sources import SUFFIXES, PictureRef, pictures_at
from streamer.pictures.losses import Losses
from streamer.pictures.stored import StoredPicture

log = logging.getLogger(__name__)

_SAME_RATE = 0.1
"""Two numbers of pictures that differ as two rates do, up to this share, are series by time."""


def are_pictures(path: Path) -> bool:
    """Whether a path is a folder, or a file that is named as a picture.

    Raises:
        PathError: it cannot be looked at.
    """
    kind = kind_of(path)
    return kind is PathKind.FOLDER or (kind is PathKind.FILE and path.suffix.lower() in SUFFIXES)


def paired_with(
    own: Sequence[PictureRef], side: Side, partner: Path, rates_hz: tuple[float, float]
) -> Pairing | None:
    """How the pictures of one side meet those of another source; None where time alone tells.

    Args:
        own: of this side.
        side: which that is.
        partner: the other source.
        rates_hz: of this side and of the other.

    Raises:
        PictureError: the other source has no pictures.
    """
    other = pictures_at(partner, next(each for each in Side if each is not side))
    sides = (own, other) if side is Side.VISIBLE else (other, own)
    found = pair(*sides)
    if rates_hz[0] != rates_hz[1]:
        expected = len(other) * rates_hz[0] / rates_hz[1]
        series = abs(len(own) - expected) <= _SAME_RATE * max(len(own), expected)
        if series or not found.by_name:
            return None
    return found


class Stills:
    """Decodes the pictures of one side, and counts what is left out.

    Args:
        slots: see below.
        side: which.
        given: what a setting says that counts mean in kelvin; None where it is silent.
        inside: of the visible side, whether only what radiometric stills hold is meant.

    Attributes:
        slots: a picture, or None where only the other side has one.
        losses: what was left out so far.
    """

    def __init__(
        self,
        slots: Sequence[PictureRef | None],
        side: Side,
        given: Radiometry | None,
        *,
        inside: bool = False,
    ) -> None:
        self.slots = tuple(slots)
        self.losses = Losses()
        self._side = side
        self._given = given
        self._inside = inside
        self._depth = GuideDepth()
        self._said: set[str] = set()
        self._ranks: dict[Path, Rank] = {}
        if side is Side.THERMAL:
            self._ranks = {each.path: rank_of(each.path) for each in self.slots if each}
        self._rank = max(self._ranks.values(), default=Rank.PLAIN)
        self._relative: bool | None = None

    @property
    def pictures(self) -> int:
        """How many there are, good or bad."""
        return sum(each is not None for each in self.slots)

    def read(self, picture: PictureRef) -> ThermalPicture:
        """A picture; of the visible side its `counts` are (H, W, 3) BGR.

        Raises:
            PictureError: it is left out; it was counted.
        """
        try:
            return self._read(picture)
        except PictureError as error:
            self._leave_out(picture, error)
            raise

    def first(self) -> ThermalPicture:
        """The first good picture.

        Raises:
            PictureError: none is, or more than a tenth of all comes before it.
        """
        refused: list[tuple[PictureRef, PictureError]] = []
        for each in self.slots:
            if each is None:
                continue
            try:
                first = self._read(each)
            except PictureError as error:
                refused.append((each, error))
                self.losses.add(error.cause, each.name)
                if self.losses.too_many_of(self.pictures):
                    raise refused[0][1] from None
                continue
            for picture, why in refused:
                self._leave_out(picture, why, known=True)
            return first
        raise refused[0][1] if refused else PictureError("no picture of this side")

    def _leave_out(self, picture: PictureRef, error: PictureError, *, known: bool = False) -> None:
        new = self.losses.add(error.cause, picture.name) or known
        if new and error.cause is not Cause.NO_VISIBLE:  # its thermal picture is there
            log.warning("left out: %s", error)

    def _read(self, picture: PictureRef) -> ThermalPicture:
        name = (
            str(picture.path) if picture.pages == 1 else f"{picture.path} page {picture.page + 1}"
        )
        if self._side is Side.VISIBLE:
            stored = read_stored(picture)
            if self._inside and stored.visible is None:
                raise PictureError(f"{name}: no visible picture in it", Cause.NO_VISIBLE)
            return ThermalPicture(visible_picture(stored, name, self._depth), None)
        if self._ranks[picture.path] is Rank.PLAIN and self._rank is not Rank.PLAIN:
            if self._rank is Rank.RADIOMETRIC:
                raise PictureError(f"{name}: no radiometric data in it", Cause.NOT_RADIOMETRIC)
            raise PictureError(f"{name}: 8 bits among pictures of 16", Cause.DEPTH)
        stored = read_stored(picture)
        self._check_rendering(stored, name)
        thermal = thermal_counts(stored, name, self._given)
        if thermal.words:
            self._say(f"{name}: {thermal.words}")
        if thermal.none is None:
            return thermal
        return replace(thermal, counts=marked(thermal.counts, thermal.none))

    def _check_rendering(self, stored: StoredPicture, name: str) -> None:
        if self._relative is None:
            self._relative = bool(stored.rendering) and self._given is None
        if not stored.rendering:
            return
        if not self._relative:
            thermal_counts(stored, name, self._given)  # refuses where a gain is given
            raise PictureError(f"{name}: a picture {stored.rendering}, no counts", Cause.COLOUR)
        self._say(
            f"{name} is a picture of heat {stored.rendering}: its brightness is shown, which is no "
            "temperature"
        )

    def _say(self, words: str) -> None:
        """Once for all pictures of a source, whatever their names."""
        key = words.split(": ", 1)[-1].split(" is a picture ", 1)[-1]
        if key not in self._said:
            self._said.add(key)
            log.warning("%s", words)


def check_order(own: Sequence[PictureRef], other: Sequence[PictureRef]) -> None:
    """Refuses a visible and a thermal source that were given in the wrong order.

    Args:
        own: the thermal side's pictures.
        other: the visible side's.

    Raises:
        PictureError: names or contents say that each is the other.
    """
    thermal, visible = own[0], other[0]
    spoken = [
        side_of_folder(each.path.parent.name) or side_of(each.path.stem)
        for each in (thermal, visible)
    ]
    if spoken == [Side.VISIBLE, Side.THERMAL]:
        raise PictureError(
            f"{visible.path} is given as visible and {thermal.path} as thermal: by their names it "
            "is the other way round"
        )
    try:
        heat, light = read_stored(thermal), read_stored(visible)
    except PictureError:
        return  # reading them will say what is wrong
    flat = light.pixels.ndim == 2 and not light.rendering
    if heat.rendering and (flat or (light.kelvin and light.visible is None)):
        raise PictureError(
            f"{thermal.path} is given as thermal and is a picture {heat.rendering}, "
            f"{visible.path} as visible and is grey: are they exchanged?"
        )
