"""Recordings that a window makes: named by the moment they began, and found again by that."""

import re
from datetime import datetime
from pathlib import Path
from typing import Final

from streamer.recording.names import PART, SUFFIX
from streamer.recording.writing.output_name import unfinished

_NAMED: Final = re.compile(
    rf"\d{{4}}-\d\d-\d\d \d\d-\d\d-\d\d.*{re.escape(SUFFIX + PART)}", re.DOTALL
)


def take_name(moment: datetime, rig: str = "") -> str:
    """The name of a recording that begins now.

    Args:
        moment: local time.
        rig: whose it is, where there are several: their recordings lie in one folder.
    """
    return f"{moment:%Y-%m-%d %H-%M-%S}{f' {rig}' if rig else ''}{SUFFIX}"


def unfinished_takes(folder: Path) -> list[Path]:
    """Files of takes that no run has completed, the oldest first; those being written too.

    Raises:
        OSError: the folder cannot be read.
    """
    parts = sorted(path for path in folder.iterdir() if _NAMED.fullmatch(path.name))
    return [
        part for path in parts for part in unfinished(path.with_name(path.name.removesuffix(PART)))
    ]
