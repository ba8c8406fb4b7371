"""What tells the sources of an item from what they were before."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from streamer.paths import PathKind, kind_of

Stamp = tuple[tuple[int, int], ...]
"""Size and time of change (nanoseconds since 1970) of each file."""

_BLOCK = 2**20


def files_in(sources: Sequence[str]) -> Iterator[Path]:
    """The files of an item: its sources, and what lies in a folder of segments.

    Raises:
        PathError: one cannot be looked at.
        OSError: a folder cannot be read.
    """
    for source in map(Path, sources):
        if kind_of(source) is PathKind.FOLDER:
            yield from sorted(each for each in source.iterdir() if each.is_file())
        else:
            yield source


def stamp_of(sources: Sequence[str]) -> Stamp:
    """What changes with the sources, without reading them.

    Raises:
        OSError: one is not there.
    """
    found = (each.stat() for each in files_in(sources))
    return tuple((each.st_size, each.st_mtime_ns) for each in found)


def digest_of(sources: Sequence[str]) -> str:
    """The sha256 of all files of an item.

    Raises:
        OSError: one cannot be read.
    """
    whole = hashlib.sha256()
    for path in files_in(sources):
        one = hashlib.sha256()
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                one.update(block)
        whole.update(one.digest())
    return whole.hexdigest()
