"""Which name a recording gets, and which others belong to it.

`run-%04d` becomes the next number after all that are there: a name that needs no clock. Where a run
was cut off, the next one of the same name goes on beside it, at `NAME-2`. Nothing is written over.
"""

import glob
import os
import re
from pathlib import Path
from typing import Final

from streamer.locks import is_held
from streamer.recording.container.magic import MAGIC
from streamer.recording.errors import RecordingError, in_words, taken_in_words
from streamer.recording.names import PART, SUFFIX, part_of

_NUMBER: Final = re.compile(r"%(?:0?([1-9]))?d")
_LIKE_NUMBER: Final = re.compile(r"%\d*d")


class OutputName:
    """The name of a file (`.mcap`) or of a folder of segments, as it was typed.

    Args:
        typed: the whole path; its last part may hold one number, as `%04d`.

    Attributes:
        numbered: whether it holds one.

    Raises:
        RecordingError: it holds a number that is none.
    """

    def __init__(self, typed: Path) -> None:
        self._folder = typed.parent
        self._name = typed.name
        places = _LIKE_NUMBER.findall(self._name)
        found = _NUMBER.search(self._name)
        if len(places) > 1 or (places and found is None):
            raise RecordingError(f"recording {typed}: one number such as %04d wanted in its name")
        self.numbered = found is not None
        stem = self._name.removesuffix(SUFFIX)
        self._suffix = self._name[len(stem) :]
        before, after = stem, ""
        if found is not None:
            before, after = stem[: found.start()], stem[found.end() :]
        self._digits = int(found[1] or 1) if found is not None else 0
        number = rf"(\d{{{self._digits},}})" if found is not None else "()"
        self._pattern = re.compile(
            rf"{re.escape(before)}{number}{re.escape(after)}((?:-\d+)*){re.escape(self._suffix)}"
        )
        self._parts = (before, after)

    def free(self) -> Path:
        """The path that the next recording goes to.

        Raises:
            RecordingError: another process is writing there, the name is taken by what was not cut
                off, or the place cannot be looked at.
        """
        try:
            if self.numbered:
                highest = max((int(self._match(path)[1]) for path in self._family()), default=0)
                before, after = self._parts
                return self._folder / f"{before}{highest + 1:0{self._digits}}{after}{self._suffix}"
            wanted = self._folder / self._name
            left = unfinished(wanted)
            for part in left:
                _check_left(part)
            number, free = 1, wanted
            while left and (os.path.lexists(free) or os.path.lexists(part_of(free))):
                number += 1
                stem = self._name.removesuffix(SUFFIX)
                free = self._folder / f"{stem}-{number}{self._suffix}"
        except OSError as error:
            raise in_words(self._folder / self._name, error) from error
        return free

    def recordings(self) -> list[Path]:
        """Those that are there, files and folders, in the order they were begun."""
        try:
            return sorted(set(self._family()), key=self._order)
        except FileNotFoundError:
            return []

    def unfinished(self) -> list[Path]:
        """Files that some run has not completed; those being written are among them."""
        return [part for path in self.recordings() for part in unfinished(path)]

    def _family(self) -> list[Path]:
        if not self._folder.is_dir():
            return []
        named = (path.with_name(path.name.removesuffix(PART)) for path in self._folder.iterdir())
        return [path for path in named if self._pattern.fullmatch(path.name)]

    def _match(self, path: Path) -> re.Match[str]:
        found = self._pattern.fullmatch(path.name)
        assert found is not None
        return found

    def _order(self, path: Path) -> tuple[int, ...]:
        number, again = self._match(path).groups()
        return (int(number or 0), *(int(one) for one in again.split("-")[1:]))


def unfinished(recording: Path) -> list[Path]:
    """Unfinished files of a recording whose names are still to be given.

    Args:
        recording: a file or a folder of segments, by its final name.
    """
    if recording.suffix == SUFFIX:
        parts = [part_of(recording)]
    else:
        parts = sorted(recording.glob(f"{glob.escape(recording.name)}_*{SUFFIX}{PART}"))
    return [part for part in parts if os.path.lexists(part) and not os.path.lexists(_final(part))]


def _check_left(part: Path) -> None:
    """Makes sure that an unfinished file was left by a run that has gone.

    Raises:
        RecordingError: its writer lives, or it is none of ours.
    """
    if not part.is_file():
        raise taken_in_words(part)
    with part.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise taken_in_words(part)
    if is_held(part):
        raise RecordingError(f"recording {part} is being written by another run")


def _final(part: Path) -> Path:
    return part.with_name(part.name.removesuffix(PART))
