"""The signals that end a run, counted: what they lead to happens in the loop, never in a handler.

A handler runs between any two steps of the program, a wait for a child among them; one that itself
waited would wait for what it has interrupted.
"""

import signal
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, Self

_SIGNALS = (  # the last three would end the process on the spot, and its recording unfinished
    signal.SIGINT,
    signal.SIGTERM,
    signal.SIGHUP,  # the terminal was closed
    signal.SIGUSR1,
    signal.SIGUSR2,
)

_Handler = Callable[[int, FrameType | None], Any] | int | None


class StopSignals:
    """Counts, while it is open, how often the run was asked to end.

    Afterwards the handlers are as they were, unless a signal came: then the command is at its end,
    and further ones, as a held Ctrl-C sends, are ignored, so that they spoil neither its report nor
    its exit code. Who is started with SIGHUP ignored (`nohup`) goes on ignoring it.

    Attributes:
        count: SIGINT and SIGTERM so far, from the second on in a hurry; the others count as one.
    """

    def __init__(self) -> None:
        self.count = 0
        self._before: dict[signal.Signals, _Handler] = {}

    def __enter__(self) -> Self:
        wanted = set(_SIGNALS)
        if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
            wanted.discard(signal.SIGHUP)
        self._before = {number: signal.signal(number, self._on_signal) for number in wanted}
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, signal.SIG_IGN if self.count else handler)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if not self.count or number in (signal.SIGINT, signal.SIGTERM):
            self.count += 1  # a terminal that is closed sends SIGHUP twice, and is in no hurry
