import pytest
from typer.testing import CliRunner

from streamer.commands.app import app


def complete(**variables: str) -> str:
    done = CliRunner().invoke(app, [], prog_name="corefusion", env=variables)
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_a_script_that_asks_for_completions(shell: str) -> None:
    script = complete(_COREFUSION_COMPLETE=f"source_{shell}")
    assert "corefusion" in script
    assert f"_COREFUSION_COMPLETE=complete_{shell}" in script


def test_commands_and_options_are_completed() -> None:
    asked = {"_COREFUSION_COMPLETE": "complete_bash"}
    told = complete(**asked, COMP_WORDS="corefusion re", COMP_CWORD="1")
    assert told.split() == ["record", "replay", "recover"]
    told = complete(**asked, COMP_WORDS="corefusion doctor --j", COMP_CWORD="2")
    assert told.split() == ["--json"]
