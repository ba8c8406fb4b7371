"""What of a run's log is listed: the panel of the log. No Qt."""

from collections import deque
from pathlib import Path

from gui.language import tr
from gui.state.panels.log_entry import LogEntry, LogFilter, entries_of
from gui.state.panels.log_tail import LogTail

MOST = 2000
"""Lines that are listed, and so many more that are kept for another choice."""


class LogView:
    """Keeps the newest lines; reads nothing unless it is asked.

    Args:
        path: of the log; None where the run has none.

    Attributes:
        chosen: what is listed.
    """

    def __init__(self, path: Path | None) -> None:
        self._tail = None if path is None else LogTail(path)
        self._kept: deque[LogEntry] = deque(maxlen=2 * MOST)
        self.chosen = LogFilter()

    def choose(self, chosen: LogFilter) -> list[LogEntry]:
        """Lists something else; returns all of it."""
        self.chosen = chosen
        return [entry for entry in self._kept if chosen.takes(entry)][-MOST:]

    def news(self) -> list[LogEntry]:
        """What has come since, as far as it is listed."""
        if self._tail is None:
            return []
        found: list[LogEntry] = []
        for line in self._tail.lines():
            for entry in entries_of(line, self._kept[-1] if self._kept else None):
                self._kept.append(entry)
                found.append(entry)
        return [entry for entry in found if self.chosen.takes(entry)][-MOST:]

    @property
    def words(self) -> str:
        """Where it is, or why there is nothing."""
        if self._tail is None:
            return tr("This run writes no log file.")
        if self._tail.problem:
            return f"{self._tail.path}: {self._tail.problem}"
        if self._tail.left_out:
            return tr("{path} (its newest lines)", path=self._tail.path)
        return str(self._tail.path)
