"""Time lapse: of a stream of messages, one set of frames per interval is kept."""

from collections import deque
from typing import NamedTuple

from streamer.clock import NS_PER_S, StreamNs, after
from streamer.messages import Mode, SuperResolvedFrame
from streamer.recording.schema import EncodedMessage, Recordable

_HOLD_NS = NS_PER_S  # so long after a frame, its result has come or will not come

Key = tuple[str, int]


class _Waiting(NamedTuple):
    stored: EncodedMessage
    key: Key


class TimeLapse:
    """Keeps the first fresh result of each interval with the frames it was made of.

    A set is a result, its thermal frame, that frame's truth, and its visible partner. Events and
    changes of mode are all kept, the state of the session once a set. What is kept comes a second
    late and in order.

    Args:
        every_s: the interval, from 0.1 s on.
    """

    def __init__(self, every_s: float) -> None:
        self._every_ns = round(every_s * NS_PER_S)
        self._due_ns: int | None = None
        self._waiting: deque[_Waiting] = deque()
        self._wanted: set[Key] = set()
        self._session_due = True

    @property
    def open(self) -> bool:
        """It always records."""
        return True

    def take(self, message: Recordable, stored: EncodedMessage) -> list[EncodedMessage]:
        """Takes a message; returns what is to be written now, in order."""
        if isinstance(message, SuperResolvedFrame):
            self._judge(message)
        self._waiting.append(_Waiting(stored, (stored.stream, stored.sequence)))
        return self._released(after(stored.arrived_ns, -_HOLD_NS))

    def flush(self) -> list[EncodedMessage]:
        """What is to be written before the end."""
        return self._released(None)

    def _judge(self, result: SuperResolvedFrame) -> None:
        now_ns = result.published_ns
        if result.mode in (Mode.HOLD, Mode.NO_SIGNAL):
            return
        if self._due_ns is None:
            self._due_ns = now_ns
        if now_ns < self._due_ns:
            return
        self._due_ns += self._every_ns * (1 + (now_ns - self._due_ns) // self._every_ns)
        self._wanted.add(("sr", result.sequence))
        if result.thermal is not None:
            self._wanted |= {(stream, result.thermal.sequence) for stream in ("thermal", "truth")}
        if result.visible is not None:
            self._wanted.add(("visible", result.visible.sequence))

    def _released(self, until_ns: StreamNs | None) -> list[EncodedMessage]:
        released = []
        while self._waiting and (
            until_ns is None or self._waiting[0].stored.arrived_ns <= until_ns
        ):
            waiting = self._waiting.popleft()
            if self._keeps(waiting.key):
                released.append(waiting.stored)
        return released

    def _keeps(self, key: Key) -> bool:
        stream = key[0]
        if stream == "log":
            return True
        if stream == "session":
            keeps, self._session_due = self._session_due, False
            return keeps
        if key not in self._wanted:
            return False
        self._wanted.discard(key)
        self._session_due = True
        return True
