"""The thread beside the recording: it completes what was left and removes what is too old."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from streamer.config.recording import RecordSettings
from streamer.locks import hold
from streamer.recorder.housekeeping import Housekeeper
from streamer.recording import RecordingReader, SegmentWriter
from streamer.recording.container.reader import McapFile
from streamer.recording.wall_clock import ClockNote
from tests.support.recordings import INFO, OFFSET, START, messages, record, recorded

DEADLINE_S = 30
TEN_DAYS_NS = 10 * 24 * 3600 * 10**9
TEN_DAYS_LATER = ClockNote(START + TEN_DAYS_NS, START + OFFSET + TEN_DAYS_NS)


@pytest.fixture
def keep(tmp_path: Path):
    """A housekeeper of a recording in the test's folder, and what it said."""
    running: list[Housekeeper] = []

    def start(output: str, **settings: object) -> Housekeeper:
        order = RecordSettings(output=str(tmp_path / output), recording="r", **settings)
        running.append(Housekeeper(order, lambda: TEN_DAYS_LATER, 0.01))
        running[-1].start()
        return running[-1]

    yield start
    for one in running:
        one.stop()
        assert one.join(DEADLINE_S)


def wait(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def left(path: Path, content: bytes) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return path


def test_what_was_left_is_completed_and_said_once(tmp_path: Path, keep, caplog) -> None:
    good = recorded(tmp_path / "good.mcap").read_bytes()
    left(tmp_path / "a.mcap.part", good[:-100])
    left(tmp_path / "other.mcap.part", good[:-100])
    one = keep("a-2.mcap", family="a.mcap")
    wait(lambda: (tmp_path / "a.mcap").exists())
    wait(lambda: caplog.messages)
    assert RecordingReader(tmp_path / "a.mcap").complete
    assert one.news() == ["a.mcap: completed, as a run that was cut off left it"]
    assert caplog.messages == [
        f"a.mcap: completed, as a run that was cut off left it "
        f"({McapFile(tmp_path / 'a.mcap').messages} messages, 1.0 s)"
    ]
    assert (tmp_path / "other.mcap.part").exists()  # of another name


def test_a_take_completes_what_earlier_takes_left_and_nothing_else(
    tmp_path: Path, keep, caplog
) -> None:
    cut = recorded(tmp_path / "good.mcap").read_bytes()[:-100]
    first = left(tmp_path / "2026-03-29 01-59-58.mcap.part", cut)
    again = left(tmp_path / "2026-03-29 02-00-01 left-2.mcap.part", cut)
    living = left(tmp_path / "2026-03-29 02-00-02 right.mcap.part", cut)
    others = [left(tmp_path / name, cut) for name in ("a.mcap.part", "2026-03-29.mcap.part")]
    descriptor = os.open(living, os.O_RDWR)
    hold(descriptor)
    one = keep("2026-03-30 10-00-00.mcap", family="2026-03-30 10-00-00.mcap", take=True)
    wait(lambda: len(caplog.messages) == 2)
    assert [words.split(": ")[0] for words in one.news()] == [
        "2026-03-29 01-59-58.mcap",
        "2026-03-29 02-00-01 left-2.mcap",
    ]
    assert all(RecordingReader(part.with_suffix("")).complete for part in (first, again))
    assert all(part.exists() for part in (living, *others))
    os.close(descriptor)


def test_what_is_damaged_inside_gets_a_copy(tmp_path: Path, keep, caplog) -> None:
    good = recorded(tmp_path / "good.mcap").read_bytes()
    at = McapFile(tmp_path / "good.mcap").chunks[1].offset + 60
    broken = good[:at] + bytes([good[at] ^ 0xFF]) + good[at + 1 : -100]
    part = left(tmp_path / "s" / "s_0003.mcap.part", broken)
    keep("s-2", family="s", stop_mb=0.0)
    wait(lambda: (tmp_path / "s" / "s_0003.mcap").exists())
    assert RecordingReader(tmp_path / "s" / "s_0003.mcap").complete
    assert part.read_bytes() == broken
    wait(lambda: "s_0003.mcap: completed" in " ".join(caplog.messages))


def test_without_room_for_a_copy_it_is_named_and_left(tmp_path: Path, keep, caplog) -> None:
    good = recorded(tmp_path / "good.mcap").read_bytes()
    at = McapFile(tmp_path / "good.mcap").chunks[1].offset + 60
    part = left(tmp_path / "a.mcap.part", good[:at] + b"\0" + good[at + 1 : -100])
    keep("a-2.mcap", family="a.mcap", stop_mb=1e12)
    wait(lambda: caplog.messages)
    assert caplog.messages[0].startswith("left as it is: recording")
    assert "a.mcap.part" in caplog.messages[0]
    assert "corefusion recover makes a good copy" in caplog.messages[0]
    assert part.exists()
    assert not (tmp_path / "a.mcap").exists()


def test_what_is_no_recording_is_named_and_the_next_one_completed(
    tmp_path: Path, keep, caplog
) -> None:
    good = recorded(tmp_path / "good.mcap").read_bytes()
    left(tmp_path / "s" / "s_0000.mcap.part", b"mine")
    left(tmp_path / "s" / "s_0001.mcap.part", good[:-100])
    keep("s", family="s")
    wait(lambda: (tmp_path / "s" / "s_0001.mcap").exists())
    assert (tmp_path / "s" / "s_0000.mcap.part").read_bytes() == b"mine"
    assert sum("s_0000.mcap.part" in words for words in caplog.messages) == 1


def test_what_another_run_writes_is_left_alone(tmp_path: Path, keep, caplog) -> None:
    good = recorded(tmp_path / "good.mcap").read_bytes()
    living = left(tmp_path / "s" / "s_0000.mcap.part", good[:-100])
    left(tmp_path / "s" / "s_0001.mcap.part", good[:-100])
    descriptor = os.open(living, os.O_RDWR)
    hold(descriptor)
    keep("s-2", family="s")
    wait(lambda: (tmp_path / "s" / "s_0001.mcap").exists())
    assert living.read_bytes() == good[:-100]
    assert not any("s_0000" in words for words in caplog.messages)
    os.close(descriptor)


def test_old_segments_are_removed_counted_and_told(tmp_path: Path, keep, caplog) -> None:
    caplog.set_level("INFO")
    record(SegmentWriter(tmp_path / "s", INFO, segment_s=0.3), messages(30))
    there = len(list((tmp_path / "s").iterdir()))
    one = keep("s", family="s", keep_days=7.0)
    wait(lambda: not list((tmp_path / "s").iterdir()))
    wait(lambda: one.removed == there)
    told = one.news()
    assert told[0] == "s_0000.mcap removed: 10.0 days old, 7 kept (recording.keep_days)"
    assert len(told) == there
    assert caplog.messages == told
