"""The command line's config: the defaults of every setting."""

import sys

import typer

from streamer.config.loading import commented_defaults


def register(app: typer.Typer) -> None:
    """Adds the command to the application."""
    app.command("config")(print_config)


def print_config() -> None:
    """Prints the defaults of every setting, each with its meaning, as a file for --config."""
    sys.stdout.write(commented_defaults())
