"""The command line's doctor: what a bug report needs, and what a user can mend."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from streamer.commands.parsing.options import ConfigFile, Override
from streamer.commands.parsing.settings import settings_of
from streamer.logs.log_file import LogFileError
from streamer.logs.run_log import log_folder, newest_logs

_RUNS = 3  # whose logs go into a bundle


def register(app: typer.Typer) -> None:
    """Adds the command to the application."""
    app.command()(doctor)


def doctor(
    json: Annotated[bool, typer.Option("--json", help="For programs and bug reports.")] = False,
    bundle: Annotated[
        Path | None, typer.Option(metavar="F.zip", help="Write the page into a file to send.")
    ] = None,
    attach: Annotated[
        list[Path] | None,
        typer.Option("--attach", metavar="FILE", help="A report or log to put into the bundle."),
    ] = None,
    config: ConfigFile = None,
    override: Override = None,
) -> None:
    """Looks at this machine: what is here, what can be mended, and how. 1 if nothing can run."""
    if attach and bundle is None:
        raise typer.BadParameter("--attach puts files into a bundle: --bundle F.zip wanted")
    from streamer.doctor.bundle import text_of, write_bundle
    from streamer.doctor.examination import examine
    from streamer.doctor.page import as_json, as_text

    named = settings_of(config, override).log.folder
    for file in attach or ():
        text_of(file)  # one that cannot go along is said before the machine is looked at
    page = examine(named)
    if bundle is not None:
        try:
            logs = newest_logs(log_folder(named), _RUNS)
        except LogFileError:  # the page says so
            logs = []
        write_bundle(bundle, page, attach or (), logs)
    text = as_json(page) if json else as_text(page)
    sys.stdout.buffer.write(text.encode())
    sys.stdout.flush()
    if not page.able:
        raise typer.Exit(1)
