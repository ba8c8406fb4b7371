"""The commands as a group: listed from the table, each imported where it is called."""

from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group

from streamer.commands.table import TABLE, Entry
from streamer.imports import uncollected
from streamer.paths import check_name
from streamer.terminal.interrupts import ended_by_interrupt
from streamer.terminal.printable import printable


class Commands(TyperGroup):
    """The commands; what is wrong with a command line is said in printable words."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        for entry in TABLE:  # names and words alone: what help and completion list
            self.add_command(TyperCommand(entry.name, help=entry.help, hidden=entry.hidden))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parses the words; none may be other than UTF-8, whatever it is to name.

        Raises:
            PathError: one is.
        """
        for word in args:
            check_name(word)
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that is named, imported, and the words that are left for it."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, command and loaded(next(one for one in TABLE if one.name == name)), rest

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


def loaded(entry: Entry) -> Any:
    """A command with its options."""
    application = application_of()
    with ended_by_interrupt(), uncollected():
        entry.register(application)
    return get_group(application).commands[entry.name]


def application_of(**settings: Any) -> typer.Typer:
    """An application of our ways."""
    return typer.Typer(
        pretty_exceptions_enable=False,
        rich_markup_mode=None,  # an error stays one line that scripts and people can read
        **settings,
    )
