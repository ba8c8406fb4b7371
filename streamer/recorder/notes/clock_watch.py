"""When the time of day is noted: every minute, and at once where a clock has jumped."""

from collections.abc import Callable

from streamer.clock import NS_PER_MS, NS_PER_S, since
from streamer.recording.wall_clock import ClockNote, read_clocks

_EVERY_NS = 60 * NS_PER_S
_JUMP_NS = 50 * NS_PER_MS  # more than a busy host takes between two readings


class ClockWatch:
    """Looks at the clocks of the host.

    Args:
        read: reads them.

    Attributes:
        note: the newest; the first is taken at once.
    """

    def __init__(self, read: Callable[[], ClockNote] = read_clocks) -> None:
        self._read = read
        self.note = read()

    def look(self) -> tuple[ClockNote | None, list[str]]:
        """A note, where one is due, and what has happened to the clocks since the last."""
        now, before = self._read(), self.note
        set_by_ns = now.started_ns - before.started_ns
        suspended_ns = now.suspended_ns - before.suspended_ns
        words = []
        if suspended_ns > _JUMP_NS:
            words.append(f"the host was suspended for {suspended_ns / NS_PER_S:.1f} s")
        if abs(set_by_ns) > _JUMP_NS:
            where = "forward" if set_by_ns > 0 else "back"
            words.append(f"the clock was set {where} by {abs(set_by_ns) / NS_PER_S:.1f} s")
        if not words and since(now.stream_ns, before.stream_ns) < _EVERY_NS:
            return None, []
        self.note = now
        return now, words
