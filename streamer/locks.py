"""Files that somebody has in use, told by a lock that the kernel takes back when he is gone.

No process number is read: one may belong to another process by now, and means nothing in another
container. The lock is `flock`, of the open file; a file system that has none (some network mounts)
says so as an error.
"""

import fcntl
import os
from pathlib import Path


def hold(descriptor: int) -> None:
    """Marks an open file as in use until it is closed, or its process ends however it does.

    Raises:
        OSError: the file system knows no locks.
    """
    fcntl.flock(descriptor, fcntl.LOCK_EX)


def try_hold(descriptor: int) -> bool:
    """As `hold`, but False where somebody else has it in use.

    Raises:
        OSError: the file system knows no locks.
    """
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_held(path: Path) -> bool:
    """Whether somebody has a file in use.

    Raises:
        OSError: it cannot be opened, or the file system knows no locks.
    """
    descriptor = os.open(
        path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK
    )  # also where it is a pipe
    try:
        return not try_hold(descriptor)
    finally:
        os.close(descriptor)
