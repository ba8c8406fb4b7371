"""The changes of mode of a run, in bounded memory."""

from collections import deque
from collections.abc import Iterator

from streamer.messages import ModeChange

_KEPT = 1000  # of the first, and of the last


class ModeChangeLog:
    """The first and the last thousand changes of mode.

    Attributes:
        left_out: how many came between those that are kept.
    """

    def __init__(self) -> None:
        self.left_out = 0
        self._first: list[ModeChange] = []
        self._last: deque[ModeChange] = deque(maxlen=_KEPT)

    def add(self, change: ModeChange) -> None:
        """Takes the next change."""
        if len(self._first) < _KEPT:
            self._first.append(change)
            return
        self.left_out += len(self._last) == _KEPT
        self._last.append(change)

    def __iter__(self) -> Iterator[ModeChange]:
        yield from self._first
        yield from self._last
