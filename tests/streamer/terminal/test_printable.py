"""Text from outside on a terminal: shown as it is, never obeyed."""

import io
import logging
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from rich.table import Table
from typer.testing import CliRunner

from streamer.commands import app as application
from streamer.logs.setup import start_logging
from streamer.terminal.console import PlainConsole
from streamer.terminal.printable import printable
from tests.support.recordings import INFO, recorded

HOSTILE = "[/b] [red]x[/red] :smile: \x1b[31m\x9b2J\r\nsecond"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain ü 漢 [b]", "plain ü 漢 [b]"),
        ("\x1b[31m", "\\x1b[31m"),
        ("a\nb\tc\x7f\x9b", "a\\x0ab\\x09c\\x7f\\x9b"),
        (os.fsdecode(b"v\xff.mp4"), "v\\xff.mp4"),
        ("\ud800", "\\ud800"),
        ("gpj.\u202eexe", "gpj.\\u202eexe"),
    ],
)
def test_what_a_terminal_would_obey_is_spelled_out(text: str, shown: str) -> None:
    assert printable(text) == shown
    printable(text).encode()


def test_a_console_prints_strings_and_cells_as_they_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    table = Table("heading [/i]", title="title [/u]")
    table.add_row(HOSTILE)
    console = PlainConsole(wrap=False)
    console.print(HOSTILE)
    console.print(table)
    out = capsys.readouterr().out
    assert out.splitlines()[0] == printable(HOSTILE)
    for words in ("heading [/i]", "title [/u]", ":smile:", "[/b] [red]x[/red]"):
        assert words in out
    assert "\x1b" not in out


def test_commands_print_hostile_names_and_notes(tmp_path: Path) -> None:
    camera = msgspec.structs.replace(INFO.cameras["thermal"], name=f"[/evil]{HOSTILE}")
    info = msgspec.structs.replace(INFO, note=HOSTILE, cameras={"thermal": camera})
    path = recorded(tmp_path / "mk[!b]q\x1b.mcap", 3, info)

    def done(*arguments: str | Path) -> str:
        run = CliRunner().invoke(application.app, [str(one) for one in arguments])
        assert run.exit_code == 0, run.output
        assert "\x1b" not in run.stdout
        return run.stdout

    told = done("info", path)
    assert "[/evil][/b]" in told
    assert "\\x1b" in told
    output = tmp_path / "mk[!b]r\x1b.mcap"
    assert f"{printable(output)}: " in done("recover", path, "--output", output)
    table = tmp_path / "[!b]\x1b.csv"
    assert printable(table) in done("export", path, "--to", "csv", "--output", table)


def test_an_error_is_one_printable_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["corefusion", "info", str(tmp_path / "a\x1b[31m\nb.mcap")])
    with pytest.raises(SystemExit) as ended:
        application.main()
    assert ended.value.code == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert lines[0].endswith("a\\x1b[31m\\x0ab.mcap does not exist")


def test_wrong_usage_is_printable() -> None:
    done = CliRunner().invoke(application.app, ["live", "--set", "x\x1b[31m=1"])
    assert done.exit_code == 2
    assert "\x1b" not in done.output
    assert "\\x1b" in done.output


def test_an_unknown_level_of_logging_is_said_and_the_default_taken() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "streamer", "--version"],
        env={**os.environ, "COREFUSION_LOG": "nonsense\x1b"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0
    assert len(done.stderr.splitlines()) == 1
    assert "COREFUSION_LOG=nonsense\\x1b: debug, info, warning or error wanted" in done.stderr


def test_a_line_of_the_log_is_printable(monkeypatch: pytest.MonkeyPatch) -> None:
    root, stream = logging.getLogger(), io.StringIO()
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(root, "level", root.level)
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.delenv("COREFUSION_LOG", raising=False)
    start_logging("player")
    logging.getLogger("of.a.test").warning("%s passed over", "a\x1b[31m\nb.png")
    assert (
        stream.getvalue()
        .splitlines()[0]
        .endswith("player WARNING a\\x1b[31m\\x0ab.png passed over")
    )
