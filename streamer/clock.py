"""The two clocks of a run, and waiting until a moment without drift.

`HostNs` is this host's monotonic clock: when something was sent, received or painted, or is due.
`StreamNs` is the time of the frames: live the same number, in a replay that of the recording, which
was made on another host or before a restart. Both are nanoseconds and, on the wire, plain integers;
the two types keep them apart for mypy. Python lets `<` and `-` mix them all the same, so moments
are compared with `later` and `since`, which take two of one kind only.
"""

import time
from collections.abc import Callable
from typing import NamedTuple, NewType, TypeVar, cast

NS_PER_MS = 1_000_000
NS_PER_S = 1_000_000_000

HostNs = NewType("HostNs", int)
StreamNs = NewType("StreamNs", int)
Moment = TypeVar("Moment", HostNs, StreamNs)

StreamClock = Callable[[], StreamNs]


def now_ns() -> HostNs:
    """This host's monotonic time. Comparable between processes of one host only."""
    return HostNs(time.monotonic_ns())


def live_stream(host_ns: HostNs) -> StreamNs:
    """The time of the frames at a moment of the host, in a live run."""
    return StreamNs(host_ns)


def live_host(stream_ns: StreamNs) -> HostNs:
    """The moment of the host at a time of the frames, in a live run."""
    return HostNs(stream_ns)


def later(moment: Moment, other: Moment) -> bool:
    """Whether a moment lies after another of the same clock."""
    return moment > other


def since(moment: Moment, start: Moment) -> int:
    """Nanoseconds from `start` to `moment` on one clock; negative if `moment` comes first."""
    return moment - start


def after(moment: Moment, duration_ns: float) -> Moment:
    """The moment so many nanoseconds after another, on the same clock; before it if negative."""
    return cast(Moment, moment + round(duration_ns))


class ClockReading(NamedTuple):
    """Both clocks, read at one moment."""

    host_ns: HostNs
    stream_ns: StreamNs

    def host_time(self, stream_ns: StreamNs) -> HostNs:
        """The moment that was as long ago for the host as `stream_ns` was for the frames.

        A frame keeps its age: 30 ms old by the recording's time is 30 ms old by the host's,
        whatever the rate of a replay.
        """
        return after(self.host_ns, -since(self.stream_ns, stream_ns))


def sleep_until(moment_ns: HostNs, *, limit_s: float = float("inf")) -> None:
    """Sleeps until `moment_ns` of the monotonic clock, at most `limit_s`; not at all if past."""
    remaining_s = since(moment_ns, now_ns()) / NS_PER_S
    if remaining_s > 0:
        time.sleep(min(remaining_s, limit_s))
