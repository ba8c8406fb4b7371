"""The page: findings by section, what may be shared of them, and how they are printed."""

import textwrap
from enum import StrEnum

import msgspec

from streamer.shareable import shareable, walked
from streamer.terminal.printable import printable

_WIDTH = 100
_NAME = 14  # columns
_MARKS = {"ok": " ", "info": " ", "warning": "!", "error": "x"}


class Level(StrEnum):
    """How much a finding matters."""

    OK = "ok"
    INFO = "info"  # nothing is wrong; something optional is not there
    WARNING = "warning"  # something works less well, or not at all, until it is mended
    ERROR = "error"  # the program cannot run


class Finding(msgspec.Struct, frozen=True):
    """One line of the page.

    Attributes:
        section: what it belongs to.
        name: what was looked at.
        value: what was found.
        level: how much it matters.
        remedy: the one line to run or the one thing to do; empty where there is none.
    """

    section: str
    name: str
    value: str
    level: Level = Level.OK
    remedy: str = ""


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """The JSON of `corefusion doctor`.

    Attributes:
        version: of this program.
        able: whether it can run: no finding is an error.
        versions: of what it is built on, by the name of the distribution.
        findings: every line, in the order of the page.
    """

    version: str
    able: bool
    versions: dict[str, str]
    findings: list[Finding]


def shareable_page(page: Page) -> Page:
    """The page with every text made shareable."""
    return msgspec.convert(walked(msgspec.to_builtins(page), shareable), Page)


def as_json(page: Page) -> str:
    """The page for programs, indented."""
    return msgspec.json.format(msgspec.json.encode(page), indent=2).decode() + "\n"


def as_text(page: Page) -> str:
    """The page for people: 100 columns, `!` before what can be mended, `x` before what must be."""
    lines = [f"corefusion {page.version}: {_verdict(page)}"]
    section = ""
    for finding in page.findings:
        if finding.section != section:
            section = finding.section
            lines += ["", section]
        head = f"{_MARKS[finding.level]} {finding.name:<{_NAME}}"
        lines += _wrapped(head, finding.value)
        if finding.remedy:
            lines += _wrapped(" " * (_NAME + 2), f"-> {finding.remedy}")
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _verdict(page: Page) -> str:
    count = sum(finding.level in (Level.WARNING, Level.ERROR) for finding in page.findings)
    if not page.able:
        return "it cannot run here before what is marked x is mended"
    if not count:
        return "all is well"
    return f"it runs; {count} {'thing' if count == 1 else 'things'} marked ! can be mended"


def _wrapped(head: str, text: str) -> list[str]:
    indent = " " * (_NAME + 3)
    whole = printable(" ".join(f"{head} {text}".splitlines()))
    return textwrap.wrap(
        whole,
        _WIDTH,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
    ) or [head]
