"""The private directory that holds a run's sockets."""

import fcntl
import os
import shutil
import tempfile
from pathlib import Path

_PREFIX = "corefusion-"
_LOCK = "lock"
_LONGEST = 60  # characters of the directory's parent: a socket path has 107 at most


class SocketDirectory:
    """A directory of mode 0700, short enough for socket paths, that lives as long as its run.

    It lies in the user's runtime directory (XDG_RUNTIME_DIR), where there is one that may be used
    and is short enough, else in the temporary folder. A lock on a file in it tells the living: what
    runs left behind that ended without cleaning up (a machine that lost power) is removed when the
    next one is made.

    Attributes:
        path: the directory.
    """

    def __init__(self) -> None:
        parent = parent_directory()
        for left in parent.glob(f"{_PREFIX}*"):
            _remove_if_left(left)
        self._lock = -1
        while self._lock < 0:
            self.path = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=parent))
            self._lock = _locked(self.path)

    def remove(self) -> None:
        """Removes it with all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._lock)


def parent_directory() -> Path:
    """Where the socket directories of this user's runs are made."""
    # platformdirs warns where there is none and names a folder that does not exist
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    for base in (runtime, tempfile.gettempdir()):
        fits = base.startswith("/") and len(base) <= _LONGEST
        if fits and Path(base).is_dir() and os.access(base, os.W_OK | os.X_OK):
            return Path(base)
    return Path("/tmp")


def _locked(directory: Path) -> int:
    """The descriptor of the lock; -1 where another start took the directory for a left one."""
    lock = os.open(directory / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    if directory.exists():
        return lock
    os.close(lock)
    return -1


def _remove_if_left(directory: Path) -> None:
    """Removes a directory of this user's whose run holds its lock no longer."""
    try:
        if directory.stat().st_uid != os.getuid():
            return
        lock = os.open(directory / _LOCK, os.O_RDWR | os.O_CLOEXEC)
    except OSError:  # none of ours, just being made or removed, or of a release before the lock
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return  # its run lives
    else:
        shutil.rmtree(directory, ignore_errors=True)
    finally:
        os.close(lock)
