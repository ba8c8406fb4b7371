"""One line a cause a minute: what repeats itself is counted, not written again."""

import copy
import logging
import re
import time
from collections.abc import Callable
from typing import NamedTuple

_PERIOD_S = 60.0
_KINDS = 5  # of one line of the program: names and reasons that differ
_MOST = 500  # causes that are remembered
_NUMBER = re.compile(r"\d+")
_SIGNIFICANT = 200  # characters of a message


class _Cause(NamedTuple):
    """What makes two lines one: the line of the program, and what it said but for its numbers."""

    logger: str
    level: int
    template: str
    words: str


class _Seen:
    """A cause in its present minute."""

    def __init__(self, first: logging.LogRecord, until_s: float) -> None:
        self.first = first
        self.until_s = until_s
        self.left_out = 0


class RateLimit(logging.Handler):
    """Passes on the first line of each cause, and later how many it has left out.

    Lines of the level DEBUG are all passed on.

    Args:
        target: who writes.
        clock: seconds that do not go back.
    """

    def __init__(
        self, target: logging.Handler, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(target.level)
        self._target = target
        self._clock = clock
        self._seen: dict[_Cause, _Seen] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Passes a line on, or counts it."""
        if record.levelno <= logging.DEBUG:
            self._target.handle(record)
            return
        now_s = self._clock()
        cause = self._cause_of(record)
        seen = self._seen.get(cause)
        if seen is not None and now_s < seen.until_s:
            seen.left_out += 1
            return
        left_out = 0 if seen is None else seen.left_out
        self._seen.pop(cause, None)
        self._tell_left_out(now_s)
        self._seen[cause] = _Seen(record, now_s + _PERIOD_S)
        self._target.handle(_with_count(record, left_out) if left_out else record)

    def flush(self) -> None:
        """Says what has been left out so far."""
        self._tell_left_out(float("inf"))
        self._target.flush()

    def close(self) -> None:
        """Says what has been left out, and closes who writes."""
        self.flush()
        self._target.close()
        super().close()

    def _cause_of(self, record: logging.LogRecord) -> _Cause:
        words = _NUMBER.sub("#", record.getMessage()[:_SIGNIFICANT])
        cause = _Cause(record.name, record.levelno, str(record.msg), words)
        if cause not in self._seen:
            kinds = sum(one[:3] == cause[:3] for one in self._seen)
            if kinds >= _KINDS:  # names of files, say: no two lines are alike
                return cause._replace(words="")
        return cause

    def _tell_left_out(self, now_s: float) -> None:
        """Says of causes whose minute has passed how often they came again; forgets them."""
        excess = max(0, len(self._seen) - _MOST)
        for index, (cause, seen) in enumerate(list(self._seen.items())):
            if seen.until_s <= now_s or index < excess:
                del self._seen[cause]
                if seen.left_out:
                    counted = _with_count(seen.first, seen.left_out)
                    counted.created = time.time()
                    self._target.handle(counted)


def _with_count(record: logging.LogRecord, left_out: int) -> logging.LogRecord:
    counted = copy.copy(record)
    counted.msg = f"{record.getMessage()} ({left_out} more like this)"
    counted.args = ()
    return counted
