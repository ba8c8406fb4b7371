"""How many processor cores there are for this process: a container or a service may have few."""

import math
import os
import re
from pathlib import Path
from typing import Final

_ROOT: Final = Path("/")


def available_cores(root: Path = _ROOT) -> int:
    """Cores that its affinity leaves, or less where a control group grants less time.

    `docker run --cpus 2` and systemd's `CPUQuota=200%` let a process see every core of the machine
    and stop all of its threads once they have used the time of two.

    Args:
        root: where /proc and /sys are.
    """
    if hasattr(os, "sched_getaffinity"):
        cores = len(os.sched_getaffinity(0))
    else:
        cores = os.cpu_count() or 1
    return max(1, math.ceil(min(cores, _granted(root))))


def _granted(root: Path) -> float:
    """Cores' worth of time that the control groups of this process leave it, all above included."""
    groups = root / "sys/fs/cgroup"
    shares = [math.inf]
    for line in _text(root / "proc/self/cgroup").splitlines():
        _, _, named = line.partition(":")
        controllers, _, path = named.partition(":")
        if not controllers:  # version 2
            own = groups / path.lstrip("/")
            shares += [_share(_text(at / "cpu.max")) for at in (own, *own.parents)]
        elif "cpu" in controllers.split(","):
            own = groups / "cpu" / path.lstrip("/")
            for at in (own, *own.parents):
                quota, period = _text(at / "cpu.cfs_quota_us"), _text(at / "cpu.cfs_period_us")
                shares.append(_share(f"{quota} {period}"))
    return min(shares)


def _share(limit: str) -> float:
    """Of `QUOTA PERIOD`, both in microseconds; endless without a quota (`max`, -1 or nothing)."""
    numbers = re.fullmatch(r"([1-9]\d*)\s+([1-9]\d*)", limit.strip())
    return math.inf if numbers is None else int(numbers[1]) / int(numbers[2])


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except (OSError, UnicodeDecodeError):  # not Linux, or not shown to this process
        return ""
