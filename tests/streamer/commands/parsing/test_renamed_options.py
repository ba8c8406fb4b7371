from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from streamer.commands.app import app
from streamer.commands.parsing.renamed_options import RenamedOptions


@pytest.fixture
def parsed():
    taken = {}
    application = typer.Typer()

    @application.command(cls=RenamedOptions)
    def record(
        trigger: Annotated[list[str] | None, typer.Option()] = None,
        pre_trigger: str = "0s",
        screenshot: str = "",
        word: str = typer.Argument(""),
    ):
        taken.update(trigger=trigger, pre=pre_trigger, screenshot=screenshot, word=word)

    def run(*arguments):
        result = CliRunner().invoke(application, list(arguments))
        assert result.exit_code == 0, result.output
        return taken

    return run


def test_words_of_before_are_taken(parsed):
    taken = parsed("--when", "mode", "--when=max_celsius > 60", "--before", "5s", "--grab=x.png")
    assert taken["trigger"] == ["mode", "max_celsius > 60"]
    assert (taken["pre"], taken["screenshot"]) == ("5s", "x.png")


def test_after_the_end_of_options_a_word_is_a_word(parsed):
    assert parsed("--", "--grab")["word"] == "--grab"


@pytest.mark.parametrize("command", ["live", "record", "replay"])
def test_no_help_shows_them(command):
    shown = CliRunner().invoke(app, [command, "--help"]).output
    assert "Options" in shown
    for word in ("--grab", "--when", "--before", "--after ", "--every"):
        assert word not in shown


def test_an_old_command_is_taken_and_not_shown():
    shown = CliRunner().invoke(app, ["--help"]).output.split()
    assert "download-sample" in shown
    assert "sample" not in shown
    assert CliRunner().invoke(app, ["sample", "--help"]).exit_code == 0


@pytest.mark.parametrize("option", ["--thermal", "--thermal-corruption"])
def test_evaluates_corruption_was_called_thermal(option):
    usage = CliRunner().invoke(app, ["evaluate", "--data", "nowhere", option, "fog:1"])
    assert usage.exit_code == 2
    assert "noise:SIGMA or blur:SIGMA" in " ".join(usage.output.split())
    assert "--thermal " not in CliRunner().invoke(app, ["evaluate", "--help"]).output
