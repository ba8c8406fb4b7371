"""The files that a command writes at its end: the JSON report, the window's picture."""

import errno
import logging
import os
from pathlib import Path
from typing import Any

import msgspec

from streamer.errors import CorefusionError
from streamer.supervision.report import Report
from streamer.supervision.session import RunSession
from streamer.supervision.termination import RunError

log = logging.getLogger(__name__)


class ReportError(CorefusionError):
    """A report or picture cannot be written where it was asked for; names file and reason."""


def check_output(path: Path | None, kind: str = "report") -> None:
    """Tries, before anything starts, whether a file can be written; missing folders are made.

    What is there already stays as it is.

    Args:
        path: the file; None where none was asked for.
        kind: what it is called in the error.

    Raises:
        ReportError: it cannot be written.
    """
    if path is None:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if path.exists() and not path.is_file():
            return  # a pipe or a device: opening it would be felt at its other end
        is_new = not path.exists() and not path.is_symlink()
        path.open("ab").close()
        if is_new:
            path.unlink()
    except OSError as error:
        raise ReportError(f"{kind} {path}: {error.strerror or error}") from error


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


def run_and_report(run: RunSession, path: Path | None) -> Report:
    """Runs to the end and writes the report; of a run that fails, what was measured until then.

    Args:
        run: a run that has not begun.
        path: the report's file; None where none was asked for.

    Raises:
        RunError: the run failed.
        ReportError: the file cannot be written.
    """
    try:
        report = run.run()
    except RunError:
        try:
            write_report(run.report(), path)
        except ReportError as error:  # why the run failed is the news
            log.warning("%s", error)
        raise
    write_report(report, path)
    return report
