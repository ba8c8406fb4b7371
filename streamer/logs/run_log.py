"""The log of a run: one file that all its processes append to, in parts of bounded size.

The command alone renames a part that is full; the others notice it and open the new one. The files
are numbered, which needs no clock, and the oldest are removed; one that is held by a living
run stays.
"""

import logging
import os
import re
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, Literal

import platformdirs

from streamer.locks import is_held, try_hold
from streamer.logs.log_file import AppendingHandler, LogFile, LogFileError

_NAMED = re.compile(r"run-(\d+)\.log")
_PARTS = 2  # full ones, besides that which is written
_MB = 10**6


class RunLog:
    """The log of a run, in the hand of its command.

    Args:
        folder: where logs are kept; made where it is missing.
        level: what of all is written.
        format: lines for people, or JSON.
        max_mb: a part that is longer is full.
        keep_runs: how many runs' logs are kept, this one among them.

    Attributes:
        file: what the other processes are told.
        handler: for the lines of the command itself.

    Raises:
        LogFileError: it cannot be made.
    """

    def __init__(
        self,
        folder: Path,
        *,
        level: str,
        format: Literal["text", "json"],
        max_mb: float,
        keep_runs: int,
    ) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _remove_old(folder, keep_runs - 1)
            path = _made(folder)
            self.file = LogFile(str(path), level, format)
            self._writer = _RotatingHandler(str(path), round(max_mb * _MB))
        except OSError as error:
            raise LogFileError(f"log in {folder}: {error.strerror or error}") from error
        self.handler = self.file.set_up(self._writer, "corefusion")

    def check_size(self) -> None:
        """Begins a new part where the present one is full, whoever has filled it."""
        self._writer.check_size()


def log_folder(named: str) -> Path:
    """Where logs are kept.

    Args:
        named: as the configuration says; empty for the usual place.

    Raises:
        LogFileError: there is no usual place: this user has no home folder.
    """
    if named:
        return Path(os.path.expanduser(named)).absolute()  # noqa: PTH111 - Path's raises without home
    usual = Path(platformdirs.user_log_dir("corefusion"))
    if not usual.is_absolute():
        raise LogFileError(f"log: {usual} is no absolute path; log.folder names one")
    return usual


def newest_logs(folder: Path, runs: int) -> list[Path]:
    """Every part of the logs of the newest runs, the oldest first."""
    return [part for _, path in _runs(folder)[-runs:] for part in _parts_of(path)]


class _RotatingHandler(AppendingHandler, RotatingFileHandler):
    """Of the command: it alone renames."""

    def __init__(self, path: str, max_bytes: int) -> None:
        super().__init__(path, maxBytes=max_bytes, backupCount=_PARTS)

    def _open(self) -> TextIOWrapper:
        stream = super()._open()
        try_hold(stream.fileno())
        return stream

    def check_size(self) -> None:
        self.acquire()
        try:
            stream: Any = self.stream
            if stream is not None and os.fstat(stream.fileno()).st_size >= self.maxBytes:
                self.doRollover()
        except OSError as error:
            logging.getLogger(__name__).warning("log %s: %s", self.baseFilename, error.strerror)
        finally:
            self.release()


def _made(folder: Path) -> Path:
    """A new file behind all that are there."""
    number = max((number for number, _ in _runs(folder)), default=0)
    while True:
        number += 1
        path = folder / f"run-{number:05}.log"
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
        except FileExistsError:  # another run has just begun
            continue
        return path


def _runs(folder: Path) -> list[tuple[int, Path]]:
    try:
        named = ((_NAMED.fullmatch(path.name), path) for path in folder.iterdir())
        return sorted((int(found[1]), path) for found, path in named if found is not None)
    except OSError:
        return []


def _parts_of(path: Path) -> list[Path]:
    parts = [path.with_name(f"{path.name}.{number}") for number in range(_PARTS, 0, -1)]
    return [part for part in (*parts, path) if part.is_file()]


def _remove_old(folder: Path, keep: int) -> None:
    runs = _runs(folder)
    for _, path in runs[: max(0, len(runs) - keep)]:
        try:
            if not is_held(path):
                for part in _parts_of(path):
                    part.unlink()
        except OSError:  # it is not ours to remove, or gone
            continue
