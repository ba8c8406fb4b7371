"""How a line of a log looks: for a person, or as JSON for a program. No line names the host."""

import logging
from datetime import UTC, datetime

import msgspec

from streamer.terminal.printable import printable


class LineFormatter(logging.Formatter):
    """One printable line an event; a traceback below it keeps its lines.

    Args:
        process: whose lines they are.
        dated: with the day and UTC, as a file needs it; else the time of day.
    """

    def __init__(self, process: str, *, dated: bool = False) -> None:
        super().__init__(f"%(asctime)s {process} %(levelname)s %(message)s")
        self._dated = dated

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802
        """When."""
        if self._dated:
            return _utc(record)
        return datetime.fromtimestamp(record.created).strftime("%H:%M:%S")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """The line."""
        return printable(super().formatMessage(record))


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
            time=_utc(record),
            process=self._process,
            level=record.levelname.lower(),
            logger=record.name,
            message=printable(record.getMessage()),
        )
        if record.exc_info:
            line.traceback = self.formatException(record.exc_info)
        return msgspec.json.encode(line).decode()


def _utc(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"
