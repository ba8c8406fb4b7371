"""Which side a name speaks of, and what two names of a pair share.

Published sets name their pairs in a few ways: the same stem in two folders; a word of the side as
prefix, suffix or part (`RGB_0001` and `T_0001`, `0001_vi` and `0001_ir`, `00000000_co` and
`00000000_ir`, `FLIR_08863_RGB` and `FLIR_08863`, `VIS1` and `IR1`); other case; other padding.
"""

import re
from enum import StrEnum
from pathlib import Path


class Side(StrEnum):
    """Of a pair; the names of the streams."""

    VISIBLE = "visible"
    THERMAL = "thermal"


WORDS: dict[Side, frozenset[str]] = {
    Side.VISIBLE: frozenset(
        ("visible", "visual", "visi", "vis", "vi", "rgb", "co", "color", "colour", "v", "w")
    ),
    Side.THERMAL: frozenset(("thermal", "infrared", "lwir", "tir", "therm", "th", "ir", "t")),
}
"""Of a file's name, as a whole word in any case; `v`, `w` and `t` are what drones write."""

FOLDER_WORDS: dict[Side, frozenset[str]] = {
    side: frozenset(word for word in words if len(word) > 1) for side, words in WORDS.items()
}
"""Of a folder's name; one letter there means something else."""

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_A-Za-z]+")


def words_of(name: str) -> list[str]:
    """`FLIR_08863RGB` is flir, 08863, rgb."""
    return [word.lower() for word in _WORD.findall(name)]


def side_of(name: str, words: dict[Side, frozenset[str]] = WORDS) -> Side | None:
    """The side that a name speaks of; None where it speaks of none.

    Of two the longer word is meant, and of two as long the last: 20200101T101010_rgb is visible.
    """
    spoken = [
        (len(word), index, side)
        for index, word in enumerate(words_of(name))
        for side in Side
        if word in words[side]
    ]
    return max(spoken)[2] if spoken else None


def side_of_folder(name: str) -> Side | None:
    """The side that a folder's name speaks of: `visible`, `RGB`, `images_thermal_train`."""
    return side_of(name, FOLDER_WORDS)


def shared_part(stem: str, side: Side) -> str:
    """What a name has in common with its partner's: without the word of its side."""
    words = words_of(stem)
    own = [index for index, word in enumerate(words) if word in WORDS[side]]
    if own:
        longest = max(own, key=lambda index: (len(words[index]), index))
        del words[longest]
    return "_".join(words)


def without_padding(stem: str, side: Side) -> str:
    """As `shared_part`, its numbers without leading zeros."""
    return "_".join(
        word.lstrip("0") or "0" if word.isdigit() else word
        for word in shared_part(stem, side).split("_")
    )


def natural_order(name: str) -> list[tuple[int, str]]:
    """frame2 before frame10."""
    parts = re.split(r"([0-9]+)", name.lower())
    return [(int(part), "") if part[0] in "0123456789" else (-1, part) for part in parts if part]


def by_number(path: Path) -> list[tuple[int, str]]:
    """A key for sorting files."""
    return natural_order(path.name)
