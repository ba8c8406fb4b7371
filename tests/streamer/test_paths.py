"""Paths that cannot be looked at, or named: one line in every command."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from capture.registry import open_driver
from models.registry import find_model
from streamer.commands import app as application
from streamer.config.loading import load_config
from streamer.config.schema import Config
from streamer.convert.importing import import_files
from streamer.paths import PathError, PathKind, check_name, kind_of
from tests.support.recordings import recorded

LONG = "x" * 300
NOT_UTF8 = os.fsdecode(b"v\xff.mp4")


def test_what_stands_at_a_path(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    assert kind_of(tmp_path / "file") is PathKind.FILE
    assert kind_of(tmp_path / "link") is PathKind.FOLDER
    assert kind_of(tmp_path / "pipe") is PathKind.OTHER
    assert kind_of(tmp_path / "nothing") is PathKind.MISSING
    assert kind_of(tmp_path / "file" / "below") is PathKind.MISSING


@pytest.mark.parametrize(
    ("name", "words"),
    [(LONG, "File name too long"), ("a\0b", "null byte"), (NOT_UTF8, "not UTF-8")],
)
def test_what_cannot_be_known_is_refused(tmp_path: Path, name: str, words: str) -> None:
    with pytest.raises(PathError, match=words):
        kind_of(tmp_path / name)


def lines_of(
    arguments: Sequence[str | Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> list[str]:
    """What `corefusion` says on standard error when it fails."""
    monkeypatch.setattr(sys, "argv", ["corefusion", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        application.main()
    assert ended.value.code in (1, 2)
    return capsys.readouterr().err.splitlines()


COMMANDS = [
    ["info", "{}.mcap"],
    ["recover", "{}.mcap"],
    ["recover", "{good}", "--output", "{}.mcap"],
    ["export", "{}.mcap", "--to", "csv"],
    ["export", "{good}", "--to", "csv", "--output", "{}.csv"],
    ["replay", "{}.mcap", "--headless"],
    ["import", "{}.mp4", "{}.mp4", "--output", "{folder}/a.mcap"],
    ["import", "{folder}", "{folder}", "--output", "{}.mcap"],
    ["import", "{}", "--output", "{folder}/a.mcap"],
    ["record", "--output", "{}.mcap"],
    ["evaluate", "--data", "{}"],
    ["evaluate", "--data", "{folder}", "--model", "{}.safetensors"],
    ["export-model", "--model", "{}.safetensors", "--output", "{folder}"],
    ["live", "--config", "{}.yaml", "--headless"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("name", [LONG, NOT_UTF8], ids=["long", "not UTF-8"])
def test_a_path_that_cannot_be_is_one_line(
    command: list[str],
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    good = recorded(tmp_path / "good.mcap", 3)
    (tmp_path / "a.png").touch()
    path = tmp_path / name
    words = [word.format(path, good=good, folder=tmp_path) for word in command]
    lines = lines_of(words, monkeypatch, capsys)
    assert len(lines) == 1, lines
    assert lines[0].startswith("corefusion: ")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.png", "good.mcap"]


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")
def test_a_path_below_a_closed_folder_is_one_line(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    with pytest.raises(PathError, match="Permission denied"):
        kind_of(closed / "a")


@pytest.mark.parametrize("name", [LONG, NOT_UTF8], ids=["long", "not UTF-8"])
def test_a_library_call_refuses_it_too(tmp_path: Path, name: str) -> None:
    config = load_config(None, [])
    with pytest.raises(PathError):
        find_model(str(tmp_path / name))
    with pytest.raises(PathError):
        import_files([tmp_path / name, tmp_path / name], tmp_path / "a.mcap", config)
    with pytest.raises(PathError):
        open_driver("visible", with_visible(config, tmp_path / name))


def with_visible(config: Config, source: Path) -> Config:
    from streamer.commands.parsing.sources import with_sources

    return with_sources(config, visible=str(source), thermal=None, thermal_bin=None, loop=False)


def test_a_system_error_about_a_file_is_one_line_and_any_other_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def closed() -> None:
        raise PermissionError(13, "Permission denied", "/a/b")

    monkeypatch.setattr(application, "app", closed)
    assert lines_of([], monkeypatch, capsys) == ["corefusion: /a/b: Permission denied"]

    def broken() -> None:
        raise OSError(22, "Invalid argument")

    monkeypatch.setattr(application, "app", broken)
    with pytest.raises(OSError, match="Invalid argument"):
        application.main()


def test_a_name_that_is_utf8_passes() -> None:
    check_name("ü 漢 x.mcap")
