"""How a process logs: one line an event on standard error, at the level of COREFUSION_LOG."""

import logging
import os

from streamer.terminal.printable import printable

VARIABLE = "COREFUSION_LOG"
_DEFAULT = logging.WARNING


class LineFormatter(logging.Formatter):
    """One printable line an event; a traceback below it keeps its lines."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """The line."""
        return printable(super().formatMessage(record))


def start_logging(name: str) -> None:
    """Sets up the root logger of this process.

    Args:
        name: of the process, which stands in each line.
    """
    asked = os.environ.get(VARIABLE, "")
    level = logging.getLevelNamesMapping().get(asked.strip().upper())
    handler = logging.StreamHandler()
    handler.setFormatter(
        LineFormatter(f"%(asctime)s {name} %(levelname)s %(message)s", datefmt="%H:%M:%S")
    )
    logging.basicConfig(level=_DEFAULT if level is None else level, handlers=[handler])
    if asked.strip() and level is None:
        logging.getLogger(__name__).warning(
            "%s=%s: debug, info, warning or error wanted; warning is taken", VARIABLE, asked
        )
