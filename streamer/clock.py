"""Time: the one clock of the live system, and waiting until a moment without drift."""

import time
from collections.abc import Callable

NS_PER_MS = 1_000_000
NS_PER_S = 1_000_000_000

Clock = Callable[[], int]


def now_ns() -> int:
    """This host's monotonic time. Comparable between processes of one host only."""
    return time.monotonic_ns()


def sleep_until(moment_ns: int, *, limit_s: float = float("inf")) -> None:
    """Sleeps until `moment_ns` of the monotonic clock, at most `limit_s`; not at all if past."""
    remaining_s = (moment_ns - now_ns()) / NS_PER_S
    if remaining_s > 0:
        time.sleep(min(remaining_s, limit_s))
