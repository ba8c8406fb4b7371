"""What stands at a path that a user has named, asked so that no answer is a traceback."""

import stat
from enum import StrEnum
from pathlib import Path

from streamer.errors import CorefusionError


class PathError(CorefusionError):
    """A path that cannot even be looked at; names it and the reason."""


class PathKind(StrEnum):
    """What is there, links followed."""

    MISSING = "missing"
    FILE = "file"
    FOLDER = "folder"
    OTHER = "other"  # a device, a pipe or a socket: reading it may never end


def kind_of(path: Path) -> PathKind:
    """What stands at a path.

    `Path.exists`, `is_file` and `is_dir` raise where a folder above is closed to this user, or the
    name is too long.

    Raises:
        PathError: it cannot be known, or no file can have the name.
    """
    check_name(path)
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return PathKind.MISSING
    except OSError as error:
        raise PathError(f"{path}: {error.strerror or error}") from error
    if stat.S_ISDIR(mode):
        return PathKind.FOLDER
    return PathKind.FILE if stat.S_ISREG(mode) else PathKind.OTHER


def check_name(path: Path | str) -> None:
    """Refuses a name that is not UTF-8: no message can carry it, and OpenCV aborts on it.

    Raises:
        PathError: it is not, or has a null byte in it, as no file's name has.
    """
    if "\0" in str(path):
        raise PathError(f"{path}: there is a null byte in the name")
    try:
        str(path).encode()
    except UnicodeEncodeError as error:
        raise PathError(f"{path}: the name is not UTF-8; rename it") from error
