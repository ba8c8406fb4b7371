"""Watches the room on the disk that a recording grows on: warn, then stop while there is some."""

import shutil
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from streamer.clock import NS_PER_S

_EVERY_NS = NS_PER_S
_MB = 10**6


class Room(StrEnum):
    """How much room there is."""

    ENOUGH = "enough"
    LITTLE = "little"
    NONE = "none"  # stop now: the index of the recording still needs a place


def free_bytes(path: Path) -> int:
    """What is free on the disk of `path`, or of the nearest folder above that exists."""
    while not path.exists() and path != path.parent:
        path = path.parent
    return shutil.disk_usage(path).free


class DiskSpace:
    """Looks at the disk once a second.

    Attributes:
        room: what was found last.
        free_bytes: likewise.

    Args:
        path: what grows.
        warn_mb: from here on there is little room.
        stop_mb: from here on there is none.
        measure: tells the free bytes of the disk of a path.
    """

    def __init__(
        self,
        path: Path,
        warn_mb: float,
        stop_mb: float,
        measure: Callable[[Path], int] = free_bytes,
    ) -> None:
        self.room = Room.ENOUGH
        self.free_bytes = 0
        self._path = path
        self._warn_bytes, self._stop_bytes = warn_mb * _MB, stop_mb * _MB
        self._measure = measure
        self._next_ns: int | None = None

    def check(self, now_ns: int) -> Room:
        """The room there is, as of at most a second ago."""
        if self._next_ns is None or now_ns >= self._next_ns:
            self._next_ns = now_ns + _EVERY_NS
            self.free_bytes = self._measure(self._path)
            self.room = Room.ENOUGH
            if self.free_bytes < self._warn_bytes:
                self.room = Room.LITTLE
            if self.free_bytes < self._stop_bytes:
                self.room = Room.NONE
        return self.room
