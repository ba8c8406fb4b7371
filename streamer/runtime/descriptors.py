"""How many files and connections this process and its children may have open."""

import contextlib
import resource

ENOUGH = 65536


def raise_descriptor_limit() -> int:
    """Raises the limit as far as the system lets this user, up to ENOUGH; returns what it is then.

    A port can be connected to by anybody on the host, and libzmq ends the process when it can open
    nothing any more; the usual limit of 1024 is soon reached.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = ENOUGH if hard == resource.RLIM_INFINITY else min(hard, ENOUGH)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return soft
    with contextlib.suppress(OSError, ValueError):  # a system with a limit of its own
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]
