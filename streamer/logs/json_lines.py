"""How a line of a log looks for a program: as JSON. No line names the host."""

import logging

import msgspec

from streamer.logs.formats import utc
from streamer.terminal.printable import printable


class LogLine(msgspec.Struct, omit_defaults=True):
    """A line of JSON.

    Attributes:
        time: of the event, UTC.
        process: whose line it is.
        level: debug, info, warning, error or critical.
        logger: the module.
        message: what happened.
        traceback: of an error that nobody expected.
    """

    time: str
    process: str
    level: str
    logger: str
    message: str
    traceback: str | None = None


class JsonFormatter(logging.Formatter):
    """One JSON object a line.

    Args:
        process: whose lines they are.
    """

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line = LogLine(
            time=utc(record),
            process=self._process,
            level=record.levelname.lower(),
            logger=record.name,
            message=printable(record.getMessage()),
        )
        if record.exc_info:
            line.traceback = self.formatException(record.exc_info)
        return msgspec.json.encode(line).decode()
