"""Writing the JSON report of a command."""

from pathlib import Path
from typing import Any

import msgspec

from streamer.errors import CorefusionError


class ReportError(CorefusionError):
    """The report cannot be written where it was asked for; names the file and the reason."""


def write_report(report: Any, path: Path | None) -> None:
    """Writes a report as indented JSON; folders that are missing are made.

    Args:
        report: a struct, or plain data.
        path: the file; None where no report was asked for.

    Raises:
        ReportError: the file cannot be written.
    """
    if path is None:
        return
    content = msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise ReportError(f"report {path}: {error.strerror or error}") from error
