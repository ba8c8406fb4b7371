"""Time lapse: of a stream of messages, one set of frames per interval is kept."""

import math

from streamer.clock import NS_PER_S, StreamNs, after
from streamer.messages import Mode, SuperResolvedFrame
from streamer.recorder.selection.held_messages import HeldMessages
from streamer.recording.schema import EncodedMessage, Recordable

_HOLD_NS = NS_PER_S  # frames of a result lie no further before it
_LONGEST_NS = 10 * NS_PER_S  # a worker that is behind by more makes nothing of a frame

Key = tuple[str, int]


class TimeLapse:
    """Keeps the first fresh result of each interval with the frames it was made of.

    A set is a result, its thermal frame, that frame's truth, and its visible partner. Events and
    changes of mode are all kept, the state of the session once a set. What is kept comes in order,
    a second after the results have passed its time; where none come, ten seconds late.

    Args:
        every_s: the interval, from 0.1 s on.
        limit_bytes: of what is held until its result has come; the oldest are judged before.
    """

    def __init__(self, every_s: float, limit_bytes: float = math.inf) -> None:
        self._every_ns = round(every_s * NS_PER_S)
        self._due_ns: int | None = None
        self._waiting = HeldMessages(limit_bytes)
        self._wanted: dict[Key, StreamNs] = {}  # and when its result came
        self._session_due = True
        self._passed_ns: StreamNs | None = None  # the newest result's time

    @property
    def open(self) -> bool:
        """It always records."""
        return True

    @property
    def held_bytes(self) -> int:
        """What it holds back in memory."""
        return self._waiting.size_bytes

    def take(self, message: Recordable, stored: EncodedMessage) -> list[EncodedMessage]:
        """Takes a message; returns what is to be written now, in order."""
        if isinstance(message, SuperResolvedFrame):
            self._judge(message, stored.arrived_ns)
            self._passed_ns = max(message.timestamp_ns, self._passed_ns or message.timestamp_ns)
        early = self._waiting.append(stored)
        settled_ns = after(stored.arrived_ns, -_LONGEST_NS)
        if self._passed_ns is not None:  # what is younger may be that of a result to come
            passed_ns = min(self._passed_ns, stored.arrived_ns)
            settled_ns = max(settled_ns, after(passed_ns, -_HOLD_NS))
        released = self._kept([*early, *self._waiting.pop_until(settled_ns)])
        self._forget(after(settled_ns, -_HOLD_NS))
        return released

    def flush(self) -> list[EncodedMessage]:
        """What is to be written before the end."""
        return self._kept(self._waiting.pop_until(None))

    def _judge(self, result: SuperResolvedFrame, arrived_ns: StreamNs) -> None:
        now_ns = result.published_ns
        if result.mode in (Mode.HOLD, Mode.NO_SIGNAL):
            return
        if self._due_ns is None:
            self._due_ns = now_ns
        if now_ns < self._due_ns:
            return
        self._due_ns += self._every_ns * (1 + (now_ns - self._due_ns) // self._every_ns)
        wanted: list[Key] = [("sr", result.sequence)]
        if result.thermal is not None:
            wanted += [(stream, result.thermal.sequence) for stream in ("thermal", "truth")]
        if result.visible is not None:
            wanted.append(("visible", result.visible.sequence))
        self._wanted |= dict.fromkeys(wanted, arrived_ns)

    def _kept(self, settled: list[EncodedMessage]) -> list[EncodedMessage]:
        return [stored for stored in settled if self._keeps(stored.stream, stored.sequence)]

    def _forget(self, before_ns: StreamNs) -> None:
        """Wants no longer what a set lacks: a truth that no camera gives, a frame that was lost."""
        for key in [key for key, judged_ns in self._wanted.items() if judged_ns < before_ns]:
            del self._wanted[key]

    def _keeps(self, stream: str, sequence: int) -> bool:
        if stream == "log":
            return True
        if stream == "session":
            keeps, self._session_due = self._session_due, False
            return keeps
        if self._wanted.pop((stream, sequence), None) is None:
            return False
        self._session_due = True
        return True
