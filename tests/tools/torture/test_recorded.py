"""Lost frames and broken files of a recording are found."""

import time
from collections.abc import Iterable
from pathlib import Path

import pytest

from streamer.recording import RecordingWriter
from tests.support.recordings import INFO, MS, PERIOD, START, S, messages, record, recorded
from tools.torture.judging.recorded import Recorded

LAST = START + 29 * PERIOD + 3 * MS  # of thirty thermal frames


def judged(place: Path) -> Recorded:
    return Recorded(place, place.parent / "recovered")


def test_a_whole_recording_has_lost_nothing(tmp_path: Path) -> None:
    found = judged(recorded(tmp_path / "output.mcap"))
    assert (found.findings, found.unfinished, found.results) == ([], [], 30)
    assert found.lost_s(LAST + 100 * MS) == pytest.approx(0.1)
    assert found.gaps_s([], 0.05) == []


def test_what_is_missing_before_a_kill_is_told(tmp_path: Path) -> None:
    found = judged(recorded(tmp_path / "output.mcap"))
    killed = LAST + 900 * MS
    assert found.lost_s(killed) == pytest.approx(0.9)
    assert found.lost_s(killed, since_ns=LAST + 800 * MS) == pytest.approx(0.1)
    assert found.lost_s(START) is None


def test_a_gap_is_found_unless_it_had_to_be(tmp_path: Path) -> None:
    file = tmp_path / "output.mcap"
    lost = range(10, 20)
    kept = (one for index in range(30) if index not in lost for one in messages(1, index))
    record(RecordingWriter(file, INFO), kept)
    found = judged(file)
    assert found.gaps_s([], 0.2) == ["no thermal frame for 0.36 s"]
    dead = (START + 10 * PERIOD, START + 20 * PERIOD)
    assert found.gaps_s([dead], 0.2) == []


def unfinished(file: Path, given: Iterable) -> Path:
    """As a recorder leaves it that was killed."""
    writer = RecordingWriter(file, INFO)
    for message, arrived_ns in given:
        writer.write(message, arrived_ns)
    writer.tick(LAST + 10**9)
    writer._file.close()
    return writer.path


def test_an_unfinished_recording_is_recovered(tmp_path: Path) -> None:
    part = unfinished(tmp_path / "output.mcap", messages(30))
    found = judged(tmp_path / "output.mcap")
    assert (found.findings, found.unfinished) == ([], [part.name])
    assert found.thermal[-1] == LAST


def test_a_file_that_has_just_begun_is_none_the_worse_and_an_empty_one_is_told(
    tmp_path: Path,
) -> None:
    part = unfinished(tmp_path / "output.mcap", ())
    begun_ns = time.monotonic_ns()
    found = judged(tmp_path / "output.mcap")
    assert (found.findings, found.unfinished) == ([], [part.name])
    lost_s = found.lost_s(begun_ns + 3 * S)
    assert lost_s is not None
    assert lost_s >= 3


def test_a_recorder_that_came_back_goes_on_in_a_second_file(tmp_path: Path) -> None:
    unfinished(tmp_path / "output.mcap", messages(10))
    record(RecordingWriter(tmp_path / "output-2.mcap", INFO), messages(10, 12))
    found = judged(tmp_path / "output.mcap")
    assert (found.findings, found.results) == ([], 20)


def test_a_frame_that_is_there_twice_is_found(tmp_path: Path) -> None:
    recorded(tmp_path / "output.mcap", 10)
    recorded(tmp_path / "output-2.mcap", 10)
    assert judged(tmp_path / "output.mcap").findings == ["a thermal frame is recorded twice"]


def test_a_file_that_is_none_is_found(tmp_path: Path) -> None:
    (tmp_path / "output.mcap").write_bytes(b"none" * 5000)
    (found,) = judged(tmp_path / "output.mcap").findings
    assert "cannot be recovered" in found
