"""What is said of a recording that cannot be written or read."""

import errno
from pathlib import Path

from streamer.errors import CorefusionError
from streamer.recording.names import PART


class RecordingError(CorefusionError):
    """A recording that cannot be written or read; names it, what was wanted and what came."""


def taken_in_words(path: Path) -> RecordingError:
    """What is said where a recording would be written over."""
    return RecordingError(f"{path} exists already, and recordings are kept")


def in_words(path: Path, error: OSError) -> RecordingError:
    """What an error of the operating system means for a recording."""
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return RecordingError(f"recording {path}: the disk is full; it ends here, readable")
        case errno.ENOENT if path.name.endswith(PART):
            return RecordingError(
                f"recording {path} was removed or moved while it was written; it ends there"
            )
        case errno.EEXIST:
            return RecordingError(
                f"recording {path} stays under this name: the name it was to get has been taken"
            )
        case errno.ENOENT:
            return RecordingError(f"recording {path}: the folder {path.parent} does not exist")
        case _:
            return RecordingError(f"recording {path}: {error.strerror or error}")
