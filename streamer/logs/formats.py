"""How a line of a log looks for a person. No line names the host."""

import logging
from datetime import UTC, datetime

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
            return utc(record)
        return datetime.fromtimestamp(record.created).strftime("%H:%M:%S")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """The line."""
        return printable(super().formatMessage(record))


def utc(record: logging.LogRecord) -> str:
    """When, for a file."""
    moment = datetime.fromtimestamp(record.created, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"
