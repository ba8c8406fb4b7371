"""The private directory of a run: its sockets, and where they are for others to find."""

import os
import shutil
import stat
import tempfile
from pathlib import Path

from streamer.errors import CorefusionError
from streamer.locks import hold, is_held, try_hold

PREFIX = "corefusion-"
"""Of the name of every such directory."""

_LOCK = "lock"
_LONGEST = 60  # characters of the directory's parent: a socket path has 107 at most


_VARIABLES = ("XDG_RUNTIME_DIR", "TMPDIR", "TEMP", "TMP")  # the last three as tempfile takes them
_COMMON = ("/tmp", "/var/tmp")


class SocketDirectoryError(CorefusionError):
    """There is no place for the sockets of a run; says what was tried."""


class SocketDirectory:
    """A directory of mode 0700, short enough for socket paths, that lives as long as its run.

    It lies in the user's runtime directory (XDG_RUNTIME_DIR), where there is one that may be used,
    that nobody else can change, and that is short enough, else in the temporary folder. A lock on a
    file in it tells the living: what runs left behind that ended without cleaning up (a machine
    that lost power) is removed when the next one is made.

    Attributes:
        path: the directory.
    """

    def __init__(self) -> None:
        parent = parent_directory()
        for left in parent.glob(f"{PREFIX}*"):
            _remove_if_left(left)
        self._lock = -1
        while self._lock < 0:
            self.path = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=parent))
            self._lock = _locked(self.path)

    def remove(self) -> None:
        """Removes it with all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._lock)


def parent_directory() -> Path:
    """Where the socket directories of this user's runs are made.

    Raises:
        SocketDirectoryError: nowhere; names the variables and what to do.
    """
    # platformdirs warns where there is none and names a folder that does not exist
    named = {name: os.environ[name] for name in _VARIABLES if os.environ.get(name)}
    faults = []
    tried = [(f"{name}={base}", base) for name, base in named.items()]
    for words, base in (*tried, *((base, base) for base in _COMMON)):
        fault = _fault(base)
        if fault is None:
            return Path(base)
        faults.append(f"{words} {fault}")
    raise SocketDirectoryError(
        f"no folder for the sockets of a run: {'; '.join(faults)}. "
        f"TMPDIR=/a/folder names one: {_LONGEST} characters at most, and it can be written"
    )


def _fault(base: str) -> str | None:
    """Why a folder will not do."""
    if not base.startswith("/"):
        return "is no absolute path"
    if len(base) > _LONGEST:
        return f"has {len(base)} characters"
    if not Path(base).is_dir() or not os.access(base, os.W_OK | os.X_OK):
        return "is no folder that can be written"
    found = Path(base).stat()
    shared = found.st_mode & (stat.S_IWGRP | stat.S_IWOTH) and not found.st_mode & stat.S_ISVTX
    if shared or found.st_uid not in (0, os.getuid()):
        return "can be changed by another user"  # who would put sockets of his own in its place
    return None


def is_living(directory: Path) -> bool:
    """Whether the run that made a directory goes on.

    Raises:
        OSError: there is no such directory of a run, or no longer.
    """
    return is_held(directory / _LOCK)


def _locked(directory: Path) -> int:
    """The descriptor of the lock; -1 where another start took the directory for a left one."""
    lock = os.open(directory / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    hold(lock)
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
        if try_hold(lock):  # else its run lives
            shutil.rmtree(directory, ignore_errors=True)
    finally:
        os.close(lock)
