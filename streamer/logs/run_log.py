"""The log of a run: one file that all its processes append to, in parts of bounded size.

Every line is one write to a file opened for appending, so that lines of several processes do not
mix. The command alone renames a part that is full; the others notice it and open the new one. The
files are numbered, which needs no clock, and the oldest are removed; one that is held by a living
run stays.
"""

import logging
import os
import re
import sys
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler, WatchedFileHandler
from pathlib import Path
from typing import Any, Literal

import msgspec
import platformdirs

from streamer.errors import CorefusionError
from streamer.locks import is_held, try_hold
from streamer.logs.formats import JsonFormatter, LineFormatter

_NAMED = re.compile(r"run-(\d+)\.log")
_PARTS = 2  # full ones, besides that which is written
_MB = 10**6


class LogFileError(CorefusionError):
    """A log that cannot be written; names it and the reason."""


class LogFile(msgspec.Struct, frozen=True):
    """What each process is told of the log of its run.

    Attributes:
        path: the file.
        level: what of all is written, one of logging's levels in small letters.
        format: lines for people, or JSON.
    """

    path: str
    level: str
    format: Literal["text", "json"]

    def handler_of(self, process: str) -> logging.Handler:
        """Appends the lines of one process; follows when the file is renamed.

        Raises:
            LogFileError: it cannot be opened.
        """
        try:
            return self.set_up(_FollowingHandler(self.path), process)
        except OSError as error:
            raise LogFileError(f"log {self.path}: {error.strerror or error}") from error

    def set_up(self, handler: logging.Handler, process: str) -> logging.Handler:
        """Gives a handler the level and the format of this log."""
        handler.setLevel(self.level.upper())
        handler.setFormatter(
            JsonFormatter(process) if self.format == "json" else LineFormatter(process, dated=True)
        )
        return handler


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


class _AppendingHandler(logging.FileHandler):
    """A file for its owner alone; of lines that could not be written, the number is written."""

    _lost = 0

    def _open(self) -> TextIOWrapper:
        descriptor = os.open(
            self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600
        )
        return os.fdopen(descriptor, "a", encoding="utf-8", errors="backslashreplace")

    def emit(self, record: logging.LogRecord) -> None:
        lost = self._lost
        super().emit(record)
        if lost and lost == self._lost:
            self._lost = 0
            words = f"{lost} lines before this one could not be written"
            super().emit(logging.makeLogRecord({**record.__dict__, "msg": words, "args": ()}))

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            super().handleError(record)
        elif not self._lost:
            words = f"log {self.baseFilename}: {error.strerror or error}; lines are lost\n"
            sys.stderr.write(words)
        self._lost += 1


class _FollowingHandler(_AppendingHandler, WatchedFileHandler):
    """Of any process but the command."""


class _RotatingHandler(_AppendingHandler, RotatingFileHandler):
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
