"""What was left out of a source, by cause, and when that is too much."""

from streamer.pictures.errors import Cause

MOST_LOST = 0.1
"""Of what a source holds, a larger share lost is a failure."""

_NAMED = 3
"""Of one cause, so many are named."""

_KEPT = frozenset({Cause.NO_PARTNER, Cause.NO_VISIBLE})
"""Causes of which the thermal picture is kept: only its partner is missing."""


UNPAIRED = "no_partner"
"""In the metadata of a thermal frame: by its name it has no guide, and another would show another
scene. Recorded, so it never changes."""


class Losses:
    """Counts pictures by what they were left out for, and remembers the first names.

    A picture is counted once, however often it comes up: a looping source meets it again.

    Attributes:
        names: cause -> name -> how many pictures it stands for.
    """

    def __init__(self) -> None:
        self.names: dict[Cause, dict[str, int]] = {}

    def add(self, cause: Cause, name: str, pictures: int = 1) -> bool:
        """Counts one, or so many under one name; False if it was counted before.

        Args:
            cause: why.
            name: of the picture, as a person finds it.
            pictures: how many it stands for.
        """
        names = self.names.setdefault(cause, {})
        if name in names:
            return False
        names[name] = pictures
        return True

    def update(self, other: "Losses") -> None:
        """Counts what another counted; a picture that is lost itself lacks no other besides."""
        for cause, names in other.names.items():
            for name, pictures in names.items():
                if cause not in _KEPT or not any(name in known for known in self.names.values()):
                    self.add(cause, name, pictures)

    @property
    def counts(self) -> dict[str, int]:
        """Cause -> pictures, as `left_out` of reports has it."""
        return {str(cause): sum(names.values()) for cause, names in self.names.items()}

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.counts.values())

    @property
    def lost(self) -> int:
        """Those whose picture is not there; one without a partner is."""
        return sum(sum(names.values()) for cause, names in self.names.items() if cause not in _KEPT)

    def too_many_of(self, pictures: int) -> bool:
        """Whether more than a tenth of so many pictures is lost, or all there were."""
        return self.lost > 0 and (pictures <= self.lost or self.lost > MOST_LOST * pictures)

    def words(self) -> str:
        """`1 left out: 190003 has no partner`; empty where nothing was."""
        if not self.total:
            return ""
        told = [
            f"{named(list(names))}: {cause}"
            if cause is not Cause.NO_PARTNER
            else f"{named(list(names))} {'has' if len(names) == 1 else 'have'} no partner"
            for cause, names in self.names.items()
        ]
        return f"{self.total} left out: {'; '.join(told)}"


def named(names: list[str]) -> str:
    """The first names, and how many more there are."""
    more = len(names) - _NAMED
    shown = ", ".join(names[:_NAMED])
    return shown if more <= 0 else f"{shown} and {more} more"
