"""The command line. Each command parses, calls one function, and says how it went.

Exit codes: 0 done, 1 failed (one line on standard error says what), 2 wrong usage.
"""

import os
import sys
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from streamer.commands import calibrate as calibrate_command
from streamer.commands import cameras as cameras_command
from streamer.commands import desktop as desktop_command
from streamer.commands import doctor as doctor_command
from streamer.commands import enhance as enhance_command
from streamer.commands import ffc as ffc_command
from streamer.commands import live as run_commands
from streamer.commands import recordings as recording_commands
from streamer.commands import replay as replay_command
from streamer.commands.live import ConfigFile, Override, settings_of
from streamer.commands.networks import bench as bench_command
from streamer.commands.networks import evaluate as model_commands
from streamer.commands.networks import simulate as simulate_command
from streamer.commands.networks import train as training_commands
from streamer.commands.sample_data import download_sample
from streamer.config.loading import commented_defaults
from streamer.errors import CorefusionError
from streamer.logs.setup import start_logging
from streamer.paths import check_name
from streamer.terminal.printable import printable
from streamer.version import installed_version

_INTERRUPTED = 130  # by SIGINT, as shells say it


class Commands(TyperGroup):
    """The commands; what is wrong with a command line is said in printable words."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parses the words; none may be other than UTF-8, whatever it is to name.

        Raises:
            PathError: one is.
        """
        for word in args:
            check_name(word)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Runs the command that was asked for.

        Raises:
            typer.BadParameter: what was given to it is wrong.
        """
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            if type(error) is not typer.BadParameter or error.message == printable(error.message):
                raise
            raise typer.BadParameter(
                printable(error.message), error.ctx, error.param, error.param_hint
            ) from error


app = typer.Typer(
    name="corefusion",
    cls=Commands,
    help="Live guided super-resolution of thermal video.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # an error stays one line that scripts and people can read
)
run_commands.register(app)
replay_command.register(app)
recording_commands.register(app)
enhance_command.register(app)
model_commands.register(app)
training_commands.register(app)
simulate_command.register(app)
bench_command.register(app)
cameras_command.register(app)
ffc_command.register(app)
doctor_command.register(app)
calibrate_command.register(app)
desktop_command.register(app)


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


@app.command("config")
def print_config() -> None:
    """Prints the defaults of every setting, each with its meaning, as a file for --config."""
    sys.stdout.write(commented_defaults())


@app.command("sample", hidden=True)  # what it was called in 0.1
@app.command("download-sample")
def download(
    name: Annotated[str | None, typer.Argument(help="0111_1716 or 0117_1605.")] = None,
    config: ConfigFile = None,
    override: Override = None,
) -> None:
    """Downloads a recorded visible and thermal pair, and prints the line that shows it."""
    download_sample(name, settings_of(config, override).sample)


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
