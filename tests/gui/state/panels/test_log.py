"""The log of a run, followed in its file as its processes write it."""

import errno
import logging
import os
from pathlib import Path

import pytest

from gui.state.panels.log_entry import LogEntry, LogFilter, entries_of
from gui.state.panels.log_tail import LogTail
from gui.state.panels.log_view import MOST, LogView
from streamer.logs.run_log import RunLog


@pytest.fixture(params=["text", "json"])
def run_log(request, tmp_path):
    log = RunLog(tmp_path, level="debug", format=request.param, max_mb=0.01, keep_runs=2)
    yield log
    log.handler.close()


@pytest.fixture
def logger(run_log):
    logger = logging.Logger("camera")
    logger.addHandler(run_log.handler)
    return logger


def told(entries):
    return [(entry.process, entry.level, entry.message) for entry in entries]


def test_lines_are_told_in_either_format_with_their_tracebacks(run_log, logger):
    view = LogView(Path(run_log.file.path))
    logger.warning("lens %s", "cap on")
    try:
        raise ValueError("odd")
    except ValueError:
        logger.exception("it ends")
    entries = view.news()
    assert told(entries)[:2] == [
        ("corefusion", "warning", "lens cap on"),
        ("corefusion", "error", "it ends"),
    ]
    assert entries[-1].message == "ValueError: odd"
    assert {entry.level for entry in entries[1:]} == {"error"}
    assert view.news() == []
    logger.info("goes on")
    assert told(view.news()) == [("corefusion", "info", "goes on")]
    assert view.words == run_log.file.path


def test_a_full_part_is_read_to_its_end_and_the_next_one_followed(run_log, logger):
    view = LogView(Path(run_log.file.path))
    wanted = [f"line {number} {'x' * 60}" for number in range(400)]
    found = []
    for number, line in enumerate(wanted):
        logger.info(line)
        run_log.check_size()
        if number % 7 == 0:
            found += view.news()
    found += view.news()
    assert (
        len(list(Path(run_log.file.path).parent.glob("*.log.*"))) == 2
    )  # it was renamed several times
    assert [entry.message for entry in found] == wanted


def test_half_a_line_waits_for_its_end(tmp_path):
    path = tmp_path / "run.log"
    tail = LogTail(path)
    assert tail.lines() == []
    assert tail.problem == os.strerror(errno.ENOENT)
    path.write_bytes(b"one\ntw")
    assert (tail.lines(), tail.problem) == (["one"], "")
    with path.open("ab") as file:
        file.write(b"o \xff\nthree\n")
    assert tail.lines() == ["two \N{REPLACEMENT CHARACTER}", "three"]
    path.write_bytes(b"anew\n")  # emptied by somebody
    assert tail.lines() == ["anew"]


def test_of_a_long_log_the_newest_lines_are_read_whole(tmp_path):
    path = tmp_path / "run.log"
    path.write_text("".join(f"{number:07}\n" for number in range(100_000)))
    view = LogView(path)
    lines = [entry.message for entry in view.news()]
    assert len(lines) == MOST
    assert lines[-1] == "0099999"
    assert all(len(line) == 7 for line in lines)
    assert view.words.endswith("(its newest lines)")


@pytest.mark.parametrize(
    ("chosen", "wanted"),
    [
        (LogFilter(), ["a b", "c", "d"]),
        (LogFilter("warning"), ["c", "d"]),
        (LogFilter("error"), ["d"]),
        (LogFilter(words="INFERENCE b"), ["a b"]),
        (LogFilter("warning", "b"), []),
        (LogFilter("critical"), []),
    ],
)
def test_lines_are_chosen_by_level_and_words(tmp_path, chosen, wanted):
    path = tmp_path / "run.log"
    stamp = "2026-11-29T10:00:00.000Z"
    lines = ("inference INFO a b", "recorder WARNING c", "recorder ERROR d")
    path.write_text("".join(f"{stamp} {line}\n" for line in lines))
    view = LogView(path)
    view.news()
    assert [entry.message for entry in view.choose(chosen)] == wanted
    with path.open("a") as file:
        file.write(f"{stamp} rig-1/inference CRITICAL a b\n")
    assert len(view.news()) == (chosen.takes(entries_of(path.read_text().splitlines()[-1])[0]))


def test_a_line_of_no_form_belongs_to_the_one_above_it():
    above = LogEntry(process="x", level="error", message="y")
    for line in ('{"time": 7}', "{", "  File somewhere", ""):
        (entry,) = entries_of(line, above)
        assert (entry.level, entry.message, entry.process) == ("error", line, "")


def test_a_run_without_a_log_says_so():
    view = LogView(None)
    assert view.news() == view.choose(LogFilter("error")) == []
    assert view.words == "This run writes no log file."
