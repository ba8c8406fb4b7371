"""One file a run, written by several processes, in parts, for its owner, for so many runs."""

import contextlib
import json
import logging
import re
import subprocess
import sys
from pathlib import Path

import msgspec
import platformdirs
import pytest

from streamer.logs.log_file import LogFile, LogFileError
from streamer.logs.run_log import RunLog, log_folder, newest_logs

WRITES = """
import logging, sys
import msgspec
from streamer.logs.log_file import LogFile
handler = msgspec.json.decode(sys.argv[1], type=LogFile).handler_of(sys.argv[2])
logger = logging.Logger("writer")
logger.addHandler(handler)
for number in range(300):
    logger.warning("line %d %s", number, "x" * 300)
"""


def run_log(folder: Path, **changes: object) -> RunLog:
    given = {"level": "info", "format": "text", "max_mb": 5.0, "keep_runs": 20}
    return RunLog(folder, **{**given, **changes})


def logger_of(handler: logging.Handler) -> logging.Logger:
    logger = logging.Logger("of.a.test")
    logger.addHandler(handler)
    return logger


def test_lines_of_all_processes_are_whole_and_none_is_lost(tmp_path: Path) -> None:
    log = run_log(tmp_path, max_mb=0.1)
    file = msgspec.json.encode(log.file).decode()
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITES, file, name]) for name in ("one", "two")
    ]
    while any(writer.poll() is None for writer in writers):
        log.check_size()
    assert [writer.returncode for writer in writers] == [0, 0]
    parts = newest_logs(tmp_path, 1)
    assert parts[-1].name == "run-00001.log"
    lines = [line for part in parts for line in part.read_text().splitlines()]
    pattern = re.compile(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (one|two) WARNING line (\d+) x{300}"
    )
    assert all(pattern.fullmatch(line) for line in lines)
    assert len({tuple(pattern.fullmatch(line).groups()) for line in lines}) == len(lines) == 600
    assert len(parts) > 1
    log.handler.close()


def test_its_parts_are_bounded(tmp_path: Path) -> None:
    log = run_log(tmp_path, max_mb=0.01)
    logger = logger_of(log.file.handler_of("child"))
    for number in range(1000):
        logger.warning("%d %s", number, "x" * 80)
        log.check_size()
    parts = newest_logs(tmp_path, 1)
    assert [part.name for part in parts] == [
        *("run-00001.log.2", "run-00001.log.1", "run-00001.log"),
    ]
    assert all(part.stat().st_size < 11_000 for part in parts)
    assert "999 x" in parts[-1].read_text()
    assert {part.stat().st_mode & 0o777 for part in parts} == {0o600}
    logger.handlers[0].close()
    log.handler.close()


def test_json_lines_say_the_same(tmp_path: Path) -> None:
    log = run_log(tmp_path, format="json", level="debug")
    logger = logger_of(log.file.handler_of("recorder"))
    logger.info("the disk of %s\nis full", "a.mcap")
    try:
        raise ValueError("a bug")
    except ValueError:
        logger.exception("it ends")
    first, second = map(json.loads, Path(log.file.path).read_text().splitlines())
    assert first.pop("time").endswith("Z")
    assert first == {
        "process": "recorder",
        "level": "info",
        "logger": "of.a.test",
        "message": "the disk of a.mcap\\x0ais full",
    }
    assert second["traceback"].endswith("ValueError: a bug")
    logger.handlers[0].close()
    log.handler.close()


def test_its_level_is_its_own(tmp_path: Path) -> None:
    log = run_log(tmp_path, level="error")
    logger = logger_of(log.handler)
    logger.warning("no")
    logger.error("yes")
    assert Path(log.file.path).read_text().endswith("corefusion ERROR yes\n")
    log.handler.close()


def test_the_oldest_go_and_the_living_stay(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    first = run_log(tmp_path)
    for _ in range(4):
        run_log(tmp_path).handler.close()
    (tmp_path / "run-00002.log.1").touch()
    run_log(tmp_path, keep_runs=2).handler.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        *("notes.txt", "run-00001.log", "run-00005.log", "run-00006.log"),
    ]
    assert [path.name for path in newest_logs(tmp_path, 1)] == ["run-00006.log"]
    first.handler.close()


def test_a_living_one_stays_also_after_a_new_part_was_begun(tmp_path: Path) -> None:
    first = run_log(tmp_path, max_mb=0.01)
    logger_of(first.handler).warning("x" * 20_000)
    first.check_size()
    run_log(tmp_path, keep_runs=1).handler.close()
    assert "run-00001.log" in [path.name for path in tmp_path.iterdir()]
    first.handler.close()


@pytest.mark.parametrize("name", ["file/log", "file"])
def test_where_no_log_can_be_written_that_is_said(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LogFileError, match=rf"log in {tmp_path}/{name}: "):
        run_log(tmp_path / name)
    with pytest.raises(LogFileError, match="No such file"):
        LogFile(str(tmp_path / "no" / "run.log"), "info", "text").handler_of("x")


def test_lines_that_could_not_be_written_are_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = run_log(tmp_path)
    logger = logger_of(log.handler)
    logger.warning("first")
    stream = log.handler.stream
    with Path("/dev/full").open("w") as full:  # a disk without room
        log.handler.stream = full
        for _ in range(3):
            logger.warning("lost")
        log.handler.stream = stream
        said = capsys.readouterr().err
        assert said == f"log {log.file.path}: No space left on device; lines are lost\n"
        logger.warning("again")
        with contextlib.suppress(OSError):
            full.close()
    text = Path(log.file.path).read_text()
    assert "corefusion WARNING again\n" in text
    assert "3 lines before this one could not be written\n" in text
    log.handler.close()


def test_the_usual_place_is_the_state_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert log_folder("") == tmp_path / "corefusion" / "log"
    assert log_folder("logs") == Path.cwd() / "logs"
    monkeypatch.setenv("HOME", str(tmp_path))
    assert log_folder("~/logs") == tmp_path / "logs"
    monkeypatch.setattr(platformdirs, "user_log_dir", lambda name: "~/.local/state")  # no home
    with pytest.raises(LogFileError, match=r"log\.folder names one"):
        log_folder("")
