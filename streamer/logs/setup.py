"""How a process logs: on standard error at the level of COREFUSION_LOG, and to the run's file."""

import logging
import os
import sys
import threading
from types import TracebackType

from streamer.logs.formats import LineFormatter
from streamer.logs.rate_limit import RateLimit

VARIABLE = "COREFUSION_LOG"
_DEFAULT = logging.WARNING
_UNSEEN = "unseen"

log = logging.getLogger(__name__)


def start_logging(name: str) -> None:
    """Sets up the root logger of this process; what nobody catches is logged too.

    Args:
        name: of the process, which stands in each line.
    """
    asked = os.environ.get(VARIABLE, "")
    level = logging.getLevelNamesMapping().get(asked.strip().upper())
    handler = logging.StreamHandler()
    handler.setLevel(_DEFAULT if level is None else level)
    handler.addFilter(lambda record: not getattr(record, _UNSEEN, False))
    handler.setFormatter(LineFormatter(name))
    logging.basicConfig(level=handler.level, handlers=[RateLimit(handler)])
    if asked.strip() and level is None:
        log.warning(
            "%s=%s: debug, info, warning or error wanted; warning is taken", VARIABLE, asked
        )


def log_uncaught() -> None:
    """Lets what ends this process, or a thread of it, be a line of the log as well."""

    def told(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        log.critical("ends of an error that nobody expected", exc_info=(kind, error, trace))

    def told_of_thread(given: threading.ExceptHookArgs) -> None:
        if given.exc_value is not None and not issubclass(given.exc_type, SystemExit):
            name = "" if given.thread is None else given.thread.name
            trace = (given.exc_type, given.exc_value, given.exc_traceback)
            log.critical("thread %s ends of an error", name, exc_info=trace)

    sys.excepthook = told
    threading.excepthook = told_of_thread


def add_handler(handler: logging.Handler) -> logging.Handler:
    """Lets the log of this process go there as well; returns what `remove_handler` takes."""
    limited = RateLimit(handler)
    root = logging.getLogger()
    root.addHandler(limited)
    root.setLevel(min(one.level for one in root.handlers))
    return limited


def remove_handler(handler: logging.Handler) -> None:
    """Ends what `add_handler` began."""
    root = logging.getLogger()
    root.removeHandler(handler)
    handler.close()
    if root.handlers:
        root.setLevel(min(one.level for one in root.handlers))


def unseen() -> dict[str, bool]:
    """As `extra` of a line: it goes to files alone, because it is said on the terminal anyway."""
    return {_UNSEEN: True}
