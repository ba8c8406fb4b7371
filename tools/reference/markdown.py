"""Markdown as the pages need it: headings, tables, code."""

import re
import textwrap
from collections.abc import Iterable, Sequence

MADE = "<!-- Made by `make reference` from the code; edit that, not this page. -->"


def page(title: str, *parts: str) -> str:
    """A whole page; parts are separated by empty lines, empty parts left out."""
    return "\n\n".join([MADE, f"# {title}", *(part.strip("\n") for part in parts if part)]) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; empty where there are no rows."""
    lines = [_row(head), "|" + "---|" * len(head)]
    cells = [_row([cell.replace("|", "\\|") for cell in row]) for row in rows]
    return "\n".join([*lines, *cells]) if cells else ""


def code(text: str) -> str:
    """Inline code; nothing where there is nothing."""
    return f"`{text}`" if text else ""


def prose(text: str) -> str:
    """Paragraphs, their lines filled anew; an empty line separates two."""
    paragraphs = re.split(r"\n\s*\n", text.strip())
    wrapper = textwrap.TextWrapper(96, break_long_words=False, break_on_hyphens=False)
    return "\n\n".join(wrapper.fill(" ".join(one.split())) for one in paragraphs)


def fenced(text: str, language: str = "") -> str:
    """A block of code."""
    return f"```{language}\n{text.rstrip()}\n```"


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"
