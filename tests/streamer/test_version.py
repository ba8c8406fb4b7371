import pytest
from typer.testing import CliRunner

from streamer import version
from streamer.commands.app import app


def test_the_command_prints_the_installed_version() -> None:
    done = CliRunner().invoke(app, ["--version"])
    assert done.exit_code == 0
    assert done.stdout == f"corefusion {version.installed_version()}\n"


def test_a_checkout_that_is_not_installed_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(version, "DISTRIBUTION", "corefusion-that-is-nowhere")
    assert version.installed_version() == "unknown (not installed)"
    assert version.software() == "corefusion-that-is-nowhere unknown (not installed)"
