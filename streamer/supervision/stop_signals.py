"""SIGINT and SIGTERM of a run, counted: what they lead to happens in the loop, never in a handler.

A handler runs between any two steps of the program, a wait for a child among them; one that itself
waited would wait for what it has interrupted.
"""

import signal
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, Self

_SIGNALS = (signal.SIGINT, signal.SIGTERM)

_Handler = Callable[[int, FrameType | None], Any] | int | None


class StopSignals:
    """Counts, while it is open, how often the run was asked to end.

    Afterwards the handlers are as they were, unless a signal came: then the command is at its end,
    and further ones, as a held Ctrl-C sends, are ignored, so that they spoil neither its report nor
    its exit code.

    Attributes:
        count: signals so far.
    """

    def __init__(self) -> None:
        self.count = 0
        self._before: dict[signal.Signals, _Handler] = {}

    def __enter__(self) -> Self:
        self._before = {number: signal.signal(number, self._on_signal) for number in _SIGNALS}
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
        self.count += 1
