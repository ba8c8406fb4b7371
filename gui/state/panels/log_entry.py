"""Lines of a run's log, as values: when, of which process, how bad, what. No Qt."""

import re
from datetime import datetime

import msgspec

LEVELS = ("debug", "info", "warning", "error", "critical")
"""From the least to the worst."""

_LINE = re.compile(
    r"(?P<time>\d{4}-\d\d-\d\dT[\d:.]+Z) (?P<process>\S+) "
    rf"(?P<level>{'|'.join(LEVELS)}) (?P<message>.*)",
    re.IGNORECASE,
)


class LogEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One event.

    Attributes:
        time: of the day, here.
        process: whose line it is; empty of a line that is not of the log's form.
        level: one of `LEVELS`.
        message: what happened; a traceback below it are lines of the same level.
    """

    time: str = ""
    process: str = ""
    level: str = "info"
    message: str

    @property
    def text(self) -> str:
        """As it is listed."""
        if not self.process:
            return f"    {self.message}"
        return f"{self.time} {self.process} {self.level.upper()} {self.message}"

    @property
    def is_bad(self) -> bool:
        """Whether it is a warning or worse."""
        return LEVELS.index(self.level) >= LEVELS.index("warning")


class LogFilter(msgspec.Struct, frozen=True):
    """What of a log is listed.

    Attributes:
        level: nothing less bad than that.
        words: all of which are in it, in any case of letters.
    """

    level: str = "debug"
    words: str = ""

    def takes(self, entry: LogEntry) -> bool:
        """Whether an entry is listed."""
        if LEVELS.index(entry.level) < LEVELS.index(self.level):
            return False
        text = entry.text.casefold()
        return all(word in text for word in self.words.casefold().split())


class _JsonLine(msgspec.Struct):
    """What is used of a line of JSON."""

    time: str
    process: str
    level: str
    message: str
    traceback: str | None = None


def entries_of(line: str, before: LogEntry | None = None) -> list[LogEntry]:
    """What a line of a log says, in either of its formats.

    Args:
        line: without its end.
        before: the entry above it: what is of no form belongs to that.
    """
    if line.startswith("{"):
        try:
            found = msgspec.json.decode(line, type=_JsonLine)
        except msgspec.MsgspecError:
            return [_continued(line, before)]
        first = _entry(found.time, found.process, found.level, found.message)
        below = (found.traceback or "").splitlines()
        return [first, *(_continued(each, first) for each in below)]
    matched = _LINE.fullmatch(line)
    return [_entry(*matched.groups()) if matched else _continued(line, before)]


def _entry(time: str, process: str, level: str, message: str) -> LogEntry:
    known = level.casefold()
    return LogEntry(
        time=_of_the_day(time),
        process=process,
        level=known if known in LEVELS else "info",
        message=message,
    )


def _continued(line: str, before: LogEntry | None) -> LogEntry:
    return LogEntry(level=before.level if before else "info", message=line)


def _of_the_day(text: str) -> str:
    try:
        return f"{datetime.fromisoformat(text).astimezone():%H:%M:%S}"
    except ValueError:
        return text
