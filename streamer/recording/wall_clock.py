"""Which time of day a moment of a recording was, as well as it is known.

A recording counts by the host's monotonic clock. What the time of day was is noted again and again:
a host without a clock of its own learns it only when it has reached the network, and while it was
suspended, the monotonic clock stood still.
"""

import bisect
import time
from collections.abc import Sequence
from typing import Final

import msgspec

from streamer.clock import StreamNs, live_stream, now_ns

CLOCK_NAME: Final = "corefusion.clock"
_MOST = 4096  # suspensions of one file
_SAME_NS = 5_000_000  # two readings of the clocks differ by less, on a busy host too
_QUICK_NS = 100_000
_TRIES = 5


class ClockNote(msgspec.Struct, frozen=True):
    """One reading of all clocks at a moment.

    Attributes:
        stream_ns: of the monotonic clock, which the messages go by.
        wall_ns: of the time of day, since 1970.
        suspended_ns: how long the monotonic clock had stood still by then, since the host started.
    """

    stream_ns: StreamNs
    wall_ns: int
    suspended_ns: int = 0

    @property
    def offset_ns(self) -> int:
        """Plus a moment of this time it is nanoseconds since 1970."""
        return self.wall_ns - self.stream_ns

    @property
    def started_ns(self) -> int:
        """When the host was started, since 1970; another one means that its clock was set."""
        return self.offset_ns - self.suspended_ns


class WallClock:
    """The time of day of the moments of one file.

    The last note is believed about how the clock stood: one that was set meanwhile was wrong before
    as well. Suspensions hold from when they were noted on.

    Args:
        wall_offset_ns: what is known where there are no notes.
        notes: in order.
    """

    def __init__(self, wall_offset_ns: int, notes: Sequence[ClockNote] = ()) -> None:
        self.notes = tuple(notes)
        self._moments = [note.stream_ns for note in self.notes]
        self._offset_ns = self.notes[-1].started_ns if self.notes else wall_offset_ns

    def wall_ns(self, moment_ns: StreamNs) -> int:
        """Nanoseconds since 1970."""
        if not self.notes:
            return moment_ns + self._offset_ns
        index = max(0, bisect.bisect_right(self._moments, moment_ns) - 1)
        return moment_ns + self.notes[index].suspended_ns + self._offset_ns


class ClockHistory:
    """The notes of a file that is being written: what its reader needs of them."""

    def __init__(self) -> None:
        self._notes: list[ClockNote] = []

    def add(self, note: ClockNote) -> None:
        """Adds a note, in the order of time; one that the newest replaces is forgotten."""
        notes = self._notes
        if len(notes) > 1 and _same(notes[-1].suspended_ns, notes[-2].suspended_ns):
            notes.pop()  # it said nothing about a suspension, and no longer anything of the clock
        notes.append(note)
        if len(notes) > _MOST:
            del notes[0]

    def to_map(self) -> dict[str, str]:
        """As an MCAP metadata record holds it."""
        return {"notes": msgspec.json.encode(self._notes).decode()}


def notes_from_map(fields: dict[str, str]) -> list[ClockNote]:
    """Reads what `ClockHistory.to_map` wrote.

    Raises:
        MsgspecError: it is none of it.
        RecursionError: it is nested too deep to be read.
    """
    return msgspec.json.decode(fields.get("notes", "[]"), type=list[ClockNote])


def pieces(clocks: Sequence[tuple[StreamNs, WallClock]]) -> list[ClockNote]:
    """The notes of one file that says what several said, each from its own beginning on.

    Args:
        clocks: of each file, in order: its first moment, and its clock.
    """
    notes = []
    for begin_ns, clock in clocks:
        moments = [begin_ns, *(note.stream_ns for note in clock.notes if note.stream_ns > begin_ns)]
        for moment_ns in moments:
            wall_ns = clock.wall_ns(moment_ns)
            notes.append(ClockNote(moment_ns, wall_ns, wall_ns - moment_ns))
    return notes


def read_clocks() -> ClockNote:
    """The clocks of this host at this moment, of a few readings the one that took least."""
    readings = []
    for _ in range(_TRIES):
        stream_ns = live_stream(now_ns())
        wall_ns, boot_ns = time.time_ns(), _since_boot_ns()
        took_ns = now_ns() - stream_ns
        suspended_ns = 0 if boot_ns is None else boot_ns - stream_ns
        readings.append((took_ns, ClockNote(stream_ns, wall_ns, suspended_ns)))
        if took_ns < _QUICK_NS:
            break
    return min(readings, key=lambda reading: reading[0])[1]


def _since_boot_ns() -> int | None:
    """The time since the host was started, suspensions included; None where nobody tells it."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)  # Linux alone has it
    return None if clock is None else time.clock_gettime_ns(clock)


def _same(first_ns: int, second_ns: int) -> bool:
    return abs(first_ns - second_ns) < _SAME_NS
