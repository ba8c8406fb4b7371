"""Monotonic clocks that read otherwise, for one command and all that it starts."""

import os
import subprocess
import time


def shifted_clocks(uptime_s: float) -> list[str]:
    """What execs a command for which this host started so many seconds ago."""
    user = [] if os.getuid() == 0 else ["--user", "--map-current-user"]
    by_s = str(round(uptime_s - time.clock_gettime(time.CLOCK_BOOTTIME)))
    return ["unshare", *user, "--time", "--monotonic", by_s, "--boottime", by_s]


def shifted_clocks_are_missing() -> str:
    """Why this host has none; nothing if it has."""
    tried = subprocess.run(
        [*shifted_clocks(2), "true"], capture_output=True, text=True, check=False
    )
    return f"no time namespaces here ({tried.stderr.strip()})" if tried.returncode else ""
