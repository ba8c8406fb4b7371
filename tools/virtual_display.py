"""A virtual X server, for windows that are to be real ones where there is no screen."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager


class DisplayError(Exception):
    """There is no virtual X server here; says why."""


@contextmanager
def virtual_display() -> Iterator[str]:
    """Starts one, and ends it on the way out; gives its name, as DISPLAY wants it.

    Raises:
        DisplayError: there is no Xvfb, or it does not start.
    """
    if shutil.which("Xvfb") is None:
        raise DisplayError("there is no Xvfb on this host")
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"],
        pass_fds=(write,),
        stderr=subprocess.PIPE,
    )
    os.close(write)
    with server:
        try:
            with os.fdopen(read) as told:
                number = told.readline().strip()
            if not number:
                said = server.communicate()[1].decode(errors="replace").split()
                raise DisplayError(f"Xvfb does not start here: {' '.join(said)[-200:]}")
            yield f":{number}"
        finally:
            server.terminate()
