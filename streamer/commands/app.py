"""The command line. Each command parses, calls one function, and says how it went.

Exit codes: 0 done, 1 failed (one line on standard error says what), 2 wrong usage.
"""

import os
import sys
from typing import Annotated, NoReturn

import typer

from streamer.commands.command_group import Commands, application_of
from streamer.errors import CorefusionError
from streamer.logs.setup import start_logging
from streamer.terminal.printable import printable
from streamer.version import installed_version

_INTERRUPTED = 130  # by SIGINT, as shells say it


app = application_of(
    name="corefusion",
    cls=Commands,
    help="Live guided super-resolution of thermal video.",
    no_args_is_help=True,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"corefusion {installed_version()}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version, and exit."
        ),
    ] = False,
) -> None:
    """Live guided super-resolution of thermal video."""


def main() -> None:
    """The console script: one line on standard error for a user's mistake, never a traceback."""
    try:
        start_logging("corefusion")
        app()
    except KeyboardInterrupt:  # before or after the command itself, which has its own answer
        sys.exit(_INTERRUPTED)
    except CorefusionError as error:
        _fail(str(error))
    except OSError as error:
        if error.filename is None:  # about no file: a mistake of ours, whose traceback is wanted
            raise
        _fail(f"{os.fsdecode(error.filename)}: {error.strerror}")


def _fail(words: str) -> NoReturn:
    print(f"corefusion: {printable(words)}", file=sys.stderr)  # noqa: T201 - the command line speaks
    sys.exit(1)
