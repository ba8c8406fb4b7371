"""Ctrl-C while modules are read: it ends the command there and then, without a traceback."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def ended_by_interrupt() -> Iterator[None]:
    """Within it SIGINT ends this process as it does a program that knows nothing of it.

    Python's own answer, an exception, could be raised amid an import. Where SIGINT is ignored or
    has another handler, it is left so.
    """
    answers = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if answers:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        if answers:
            signal.signal(signal.SIGINT, signal.default_int_handler)
