"""The entry among a desktop's applications."""

import configparser
import shlex
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from typer.testing import CliRunner

from streamer.commands.app import app
from streamer.commands.desktop import NAME, desktop_files, quoted


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return tmp_path


def test_it_is_written_and_taken_away(data: Path) -> None:
    done = CliRunner().invoke(app, ["install-desktop"])
    assert done.exit_code == 0, done.output
    entry, icon = data / f"applications/{NAME}.desktop", data / "icons/hicolor/scalable/apps"
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(entry)
    section = parser["Desktop Entry"]
    assert section["startupwmclass"] == section["icon"] == NAME
    ElementTree.parse(icon / f"{NAME}.svg")
    command = shlex.split(section["exec"])
    assert command[-1] == "live"
    shown = subprocess.run([*command[:-1], "--version"], capture_output=True, text=True, check=True)
    assert "corefusion" in shown.stdout
    assert CliRunner().invoke(app, ["install-desktop", "--remove"]).exit_code == 0
    assert not list(data.rglob("*.desktop"))
    assert CliRunner().invoke(app, ["install-desktop", "--remove"]).exit_code == 0


def test_a_folder_that_cannot_be_written_is_named(data: Path) -> None:
    (data / "applications").write_text("in the way")
    done = CliRunner().invoke(app, ["install-desktop"])
    assert done.exit_code != 0
    assert "applications" in str(done.exception)


def test_a_path_with_anything_in_it_is_quoted() -> None:
    assert quoted("/a b/py") == '"/a b/py"'
    assert quoted('/50%/$x"') == '"/50%%/\\\\$x\\\\""'
    assert f"Exec={quoted('/a b/c')} live\n" in "".join(
        desktop_files(Path("/d"), quoted("/a b/c")).values()
    )
