"""What each process of a run knows of its log: the file, and how its lines get there.

Every line is one write to a file opened for appending, so that lines of several processes do not
mix.
"""

import logging
import os
import sys
from io import TextIOWrapper
from logging.handlers import WatchedFileHandler
from typing import Literal

import msgspec

from streamer.errors import CorefusionError
from streamer.logs.formats import LineFormatter
from streamer.logs.json_lines import JsonFormatter


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


class AppendingHandler(logging.FileHandler):
    """A file for its owner alone; of lines that could not be written, the number is written."""

    _lost = 0

    def _open(self) -> TextIOWrapper:
        descriptor = os.open(
            self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600
        )
        return os.fdopen(descriptor, "a", encoding="utf-8", errors="backslashreplace")

    def emit(self, record: logging.LogRecord) -> None:
        """Writes a line, and before it, how many could not be."""
        lost = self._lost
        super().emit(record)
        if lost and lost == self._lost:
            self._lost = 0
            words = f"{lost} lines before this one could not be written"
            super().emit(logging.makeLogRecord({**record.__dict__, "msg": words, "args": ()}))

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Tells of the first line that is lost; a full disk ends nobody."""
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            super().handleError(record)
        elif not self._lost:
            words = f"log {self.baseFilename}: {error.strerror or error}; lines are lost\n"
            sys.stderr.write(words)
        self._lost += 1


class _FollowingHandler(AppendingHandler, WatchedFileHandler):
    """Of any process but the command."""
