"""The console that every command prints through."""

import sys
from typing import Any

from rich.console import Console
from rich.progress import Progress, ProgressColumn
from rich.text import Text

from streamer.terminal.printable import printable


class PlainConsole(Console):
    """A rich console for text from outside: no markup, no emoji names, no control characters.

    Each string, also in a table's cell, is one line of plain text, whatever is in it.

    Args:
        stderr: print on standard error.
        wrap: break lines at the terminal's width; without it a path can be copied whole.
    """

    def __init__(self, *, stderr: bool = False, wrap: bool = True) -> None:
        super().__init__(
            file=sys.stderr if stderr else None,
            soft_wrap=not wrap,
            markup=False,
            emoji=False,
            highlight=False,
        )

    def render_str(self, text: str, **options: Any) -> Text:
        """As rich's own, of the printable form of a string."""
        return super().render_str(printable(text), **options)


def progress_bar(*columns: ProgressColumn) -> Progress:
    """A bar on standard error while work is done; nothing at all, not even a line, elsewhere."""
    console = PlainConsole(stderr=True)
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
