"""The page: findings by section, what may be shared of them, and how they are printed."""

import getpass
import os
import re
import socket
import textwrap
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec

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


def shareable(text: str) -> str:
    """The text without what names its user or machine: `~` for the home folder, no names."""
    for home in _homes():
        text = re.sub(rf"(?<![\w.~/-]){re.escape(home)}(?![\w.-])", "~", text)
    for name in _user_names():
        text = re.sub(rf"(?<=/){re.escape(name)}(?![\w.-])", "USER", text)
    host = socket.gethostname()
    if len(host) > 2 and host != "localhost":
        text = re.sub(rf"(?<![\w.-]){re.escape(host)}(?![\w-])", "HOST", text)
    return text


def shareable_page(page: Page) -> Page:
    """The page with every text made shareable."""
    tree = _walked(msgspec.to_builtins(page))
    return msgspec.convert(tree, Page)


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


def _walked(tree: Any) -> Any:
    if isinstance(tree, str):
        return shareable(tree)
    if isinstance(tree, dict):
        return {key: _walked(value) for key, value in tree.items()}
    return [_walked(value) for value in tree] if isinstance(tree, list) else tree


def _homes() -> list[str]:
    """The home folder as the environment and as the system name it; never a mere `/`."""
    named = {os.environ.get("HOME", ""), *(f"~{name}" for name in _user_names())}
    homes = set()
    for home in filter(None, named):
        with suppress(RuntimeError):  # a user of whom the system knows no home
            path = Path(home).expanduser()
            homes |= {str(path), str(path.resolve())}
    return sorted((home for home in homes if len(Path(home).parts) > 1), key=len, reverse=True)


def _user_names() -> list[str]:
    try:
        return [getpass.getuser()]
    except (KeyError, OSError):  # a user without a name
        return []
