import inspect

import pytest
import typer
from typer.main import get_command
from typer.testing import CliRunner

from streamer.commands.app import app
from streamer.commands.command_group import loaded
from streamer.commands.table import TABLE, Entry


def test_the_table_holds_every_command_of_its_modules_and_their_own_words() -> None:
    registered = {}
    for module in {entry.module for entry in TABLE}:
        holder = typer.Typer()
        next(entry for entry in TABLE if entry.module == module).register(holder)
        for info in holder.registered_commands:
            assert info.callback is not None
            name = info.name or info.callback.__name__.replace("_", "-")
            words = inspect.cleandoc(info.callback.__doc__ or "").splitlines()[0]
            registered[name] = (module, words, info.hidden)
    told = {entry.name: (entry.module, entry.help, entry.hidden) for entry in TABLE}
    assert told == registered


@pytest.mark.parametrize("entry", TABLE, ids=lambda entry: entry.name)
def test_a_command_is_listed_as_it_describes_itself(entry: Entry) -> None:
    listed, real = get_command(app).commands[entry.name], loaded(entry)
    assert listed.hidden == real.hidden
    for room in (20, 45, 59, 200):
        assert listed.get_short_help_str(room) == real.get_short_help_str(room)


def test_a_name_that_is_no_command_is_wrong_usage() -> None:
    done = CliRunner().invoke(app, ["relpay"])
    assert done.exit_code == 2
    assert "replay" in done.stderr  # which was meant


@pytest.mark.parametrize("name", ["sample", "download-sample"])
def test_an_old_word_names_the_same_command(name: str) -> None:
    done = CliRunner().invoke(app, [name, "--help"])
    assert "Downloads a recorded visible" in done.stdout
