"""A group of options is to a command one argument, and to its user as many options as it has."""

from dataclasses import dataclass
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from streamer.commands.app import app
from streamer.commands.parsing.option_groups import with_groups

Size = Annotated[int | None, typer.Option("--size", min=1, help="How large.")]
Names = Annotated[list[str] | None, typer.Option("--name", metavar="N", help="How called.")]


@dataclass(frozen=True)
class Group:
    size: Size = None
    names: Names = None


def program() -> tuple[typer.Typer, list[tuple[str, Group, bool]]]:
    told: list[tuple[str, Group, bool]] = []

    def command(
        *,
        source: Annotated[str, typer.Argument()],
        group: Group,
        fast: Annotated[bool, typer.Option("--fast", help="Soon.")] = False,
    ) -> None:
        """Does it."""
        told.append((source, group, fast))

    made = typer.Typer(rich_markup_mode=None)
    made.command()(with_groups(command))
    return made, told


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["a"], ("a", Group(), False)),
        (["a", "--fast"], ("a", Group(), True)),
        (["--size", "3", "a", "--name", "x", "--name", "y"], ("a", Group(3, ["x", "y"]), False)),
    ],
)
def test_a_command_is_given_its_groups_whole(
    words: list[str], expected: tuple[str, Group, bool]
) -> None:
    made, told = program()
    done = CliRunner().invoke(made, words)
    assert done.exit_code == 0, done.output
    assert told == [expected]


def test_a_value_out_of_range_is_refused_by_the_name_of_its_option() -> None:
    made, told = program()
    done = CliRunner().invoke(made, ["a", "--size", "0"])
    assert (done.exit_code, told) == (2, [])
    assert "--size" in done.output


def test_help_has_every_option_where_its_group_stands() -> None:
    made, _ = program()
    told = CliRunner().invoke(made, ["--help"]).stdout
    places = [told.index(word) for word in ("Does it.", "How large.", "How called.", "Soon.")]
    assert places == sorted(places)


@pytest.mark.parametrize("command", ["live", "record"])
def test_options_of_a_group_are_completed(command: str) -> None:
    variables = {"COMP_WORDS": f"corefusion {command} --thermal", "COMP_CWORD": "2"}
    asked = {"_COREFUSION_COMPLETE": "complete_bash", **variables}
    done = CliRunner().invoke(app, [], prog_name="corefusion", env=asked)
    assert done.stdout.split() == ["--thermal", "--thermal-bin"]
