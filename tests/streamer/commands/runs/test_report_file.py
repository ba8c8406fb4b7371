"""Files that a command is to write at its end, tried at its start."""

import os
import threading
from pathlib import Path

import pytest

from streamer.commands.runs.report_file import ReportError, check_output


def test_a_missing_folder_is_made_and_nothing_else(tmp_path: Path) -> None:
    check_output(tmp_path / "a" / "b" / "r.json")
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b"]
    assert list((tmp_path / "a" / "b").iterdir()) == []
    check_output(None)


def test_what_is_there_stays_until_it_is_replaced(tmp_path: Path) -> None:
    report = tmp_path / "r.json"
    report.write_text("of the last run")
    check_output(report)
    assert report.read_text() == "of the last run"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("file/r.json", "File exists|Not a directory"),
        ("folder", "Is a directory"),
        ("n" * 300, "File name too long"),
        ("file/deeper/r.json", "Not a directory"),
    ],
)
def test_where_nothing_can_be_written(tmp_path: Path, path: str, reason: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    with pytest.raises(ReportError, match=reason) as error:
        check_output(tmp_path / path, "screenshot")
    assert str(error.value).startswith(f"screenshot {tmp_path / path}: ")


def test_a_pipe_is_left_to_who_reads_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    tried = threading.Thread(target=check_output, args=(tmp_path / "pipe",), daemon=True)
    tried.start()
    tried.join(20)
    assert not tried.is_alive()
