"""The private directory that holds a run's sockets."""

import os
import shutil
import tempfile
from pathlib import Path

import psutil

_PREFIX = "corefusion-"


def make_run_directory() -> Path:
    """Makes a directory (mode 0700) for this process's run, short enough for socket paths.

    Directories whose process is gone (a machine that lost power) are removed on the way.
    """
    base = Path(tempfile.gettempdir())
    for left in base.glob(f"{_PREFIX}*-*"):
        pid = left.name.removeprefix(_PREFIX).partition("-")[0]
        if pid.isdigit() and left.stat().st_uid == os.getuid() and not psutil.pid_exists(int(pid)):
            shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=base))
