"""Whether a recording could begin at a place."""

import os
from pathlib import Path

from streamer.paths import check_name
from streamer.recording.errors import RecordingError, in_words, taken_in_words
from streamer.recording.names import SUFFIX, part_of
from streamer.recording.writing.disk_space import free_bytes


def check_free(path: Path, stop_mb: float = 0.0) -> None:
    """Makes sure that a recording could begin here: one file (.mcap), or a folder of segments.

    Raises:
        PathError: the name is not UTF-8.
        RecordingError: the name is taken, the folder holds a recording, there is no such place, or
            no more than `stop_mb` are free.
    """
    check_name(path)
    try:
        if path.suffix == SUFFIX:
            taken = next((name for name in (path, part_of(path)) if os.path.lexists(name)), None)
            if taken is not None:
                raise taken_in_words(taken)
            if not path.parent.is_dir():
                raise RecordingError(f"recording {path}: there is no folder {path.parent}")
        elif os.path.lexists(path) and (not path.is_dir() or recordings_in(path)):
            what = "holds a recording already" if path.is_dir() else "is a file, not a folder"
            raise RecordingError(f"folder {path} {what}")
        left_mb = free_bytes(path) / 1e6
        if left_mb < stop_mb:
            raise RecordingError(
                f"recording {path}: {left_mb:.0f} MB are free on its disk, and it would end at "
                f"{stop_mb:.0f} MB (recording.stop_mb)"
            )
    except OSError as error:
        raise in_words(path, error) from error


def recordings_in(folder: Path) -> list[Path]:
    """The files in a folder that are, or will be, recordings."""
    return [path for path in folder.iterdir() if SUFFIX in path.suffixes]
