"""The file by which other programs of the same user find a run: its addresses, and their keys.

It lies in the run's private directory and is readable by its owner alone.
"""

import os
from pathlib import Path

import msgspec

from streamer.errors import CorefusionError
from streamer.runtime.socket_directory import PREFIX, is_living, parent_directory
from streamer.transport import Addresses

_NAME = "connection.json"


class NoRunError(CorefusionError):
    """No run of this user is under way."""


def write_connection(directory: Path, addresses: Addresses) -> None:
    """Writes where a run's endpoints are into its directory."""
    mode = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    with os.fdopen(os.open(directory / _NAME, mode, 0o600), "wb") as file:
        file.write(msgspec.json.encode(addresses))


def find_run(pid: int | None = None) -> Addresses:
    """Where the endpoints of a run of this user are: of the newest, or of the process given.

    Raises:
        NoRunError: there is none.
    """
    named = "*" if pid is None else f"{pid}-*"
    newest: tuple[int, Addresses] | None = None
    for directory in parent_directory().glob(f"{PREFIX}{named}"):
        try:
            if directory.stat().st_uid != os.getuid() or not is_living(directory):
                continue
            file = directory / _NAME
            found = file.stat().st_mtime_ns, msgspec.json.decode(file.read_bytes(), type=Addresses)
        except (OSError, msgspec.MsgspecError):  # just being made or removed
            continue
        if newest is None or found[0] > newest[0]:
            newest = found
    if newest is None:
        which = "run" if pid is None else f"run {pid}"
        raise NoRunError(f"no {which} of this user is under way: none in {parent_directory()}")
    return newest[1]
