"""How long things may take on this host: its idle speed, measured first, and its load, all along.

Scheduling delays of the processes under test (the time they were ready and had no core, as
/proc/PID/schedstat counts it) are taken off what they needed: what is left is about what an idle
host would have needed. Promises are about that, and a margin stands over them, because a busy host
is slow in more ways.
"""

import time
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

MARGIN = 3.0
_MOST = 0.95  # of the time that passed can have been waiting for a core

AIMS_S = {"first result": 10.0, "back": 2.0, "ended": 3.0, "gone": 3.0}
"""Seconds on an idle host: to the first result; from a death to RUNNING again; from the signal to
the end of the command; from the death of the supervisor to the end of the last child."""


class Delays:
    """Scheduling delays of processes, sampled as long as they live, of each of their threads."""

    def __init__(self) -> None:
        self._last: dict[Path, int] = {}
        self._grown: list[tuple[float, int, Path, int]] = []  # when noticed, whose, ns

    def sample(self, pids: Iterable[int]) -> None:
        """Takes the delays of these processes up to now."""
        now = time.monotonic()
        for pid in pids:
            for path in Path(f"/proc/{pid}/task").glob("*/schedstat"):
                try:
                    delay = int(path.read_bytes().split()[1])
                except (OSError, IndexError, ValueError):  # gone, or a kernel that does not count
                    continue
                grown = delay - self._last.get(path, 0)
                self._last[path] = delay
                if grown > 0:
                    self._grown.append((now, pid, path, grown))

    def within(self, since: float, until: float | None = None) -> dict[int, float]:
        """Seconds by process, of its most delayed thread, between two moments of the clock.

        Args:
            since: by `time.monotonic`.
            until: likewise; None for now.
        """
        threads: defaultdict[tuple[int, Path], float] = defaultdict(float)
        for noticed, pid, path, grown in self._grown:
            if since < noticed and (until is None or noticed <= until):
                threads[pid, path] += grown / 1e9
        seconds: dict[int, float] = {}
        for (pid, _), delay in threads.items():
            seconds[pid] = max(delay, seconds.get(pid, 0.0))
        return seconds

    def idle_s(self, since: float, supervisor: int) -> float:
        """About how long an idle host would have needed for what took from then to now.

        The delays of the supervisor, and of whoever was delayed most beside it, are taken off: one
        waits for the other, while the others run side by side.
        """
        passed = time.monotonic() - since
        delays = self.within(since)
        delay = delays.pop(supervisor, 0.0) + max(delays.values(), default=0.0)
        return passed - min(delay, passed * _MOST)


class Pace:
    """What an idle run needs on this host, and what is allowed therefore.

    Attributes:
        idle_s: measured at the campaign's start, by the names of `AIMS_S`.
    """

    def __init__(self) -> None:
        self.idle_s: dict[str, float] = {}

    def allowed_s(self, what: str) -> float:
        """More than this, on an idle host, is a finding."""
        return MARGIN * max(AIMS_S[what], 2 * self.idle_s.get(what, 0.0))
