"""The time of day of a recording, on hosts whose clock was not set, was set, or stood still."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from streamer.convert.export import ExportSettings, Target, export
from streamer.recording import RecordingReader, RecordingWriter, SegmentWriter, recover
from streamer.recording.summary import summarise
from streamer.recording.wall_clock import (
    CLOCK_NAME,
    ClockHistory,
    ClockNote,
    WallClock,
    notes_from_map,
    pieces,
    read_clocks,
)
from tests.support.recordings import INFO, OFFSET, PERIOD, START, S, messages, record, thermal

HOUR = 3600 * S
UNSET = msgspec.structs.replace(INFO, wall_offset_ns=0)
"""The host believes that it is 1970."""


def note(at_s: float, offset_ns: int, suspended_s: float = 0) -> ClockNote:
    at_ns = START + round(at_s * S)
    return ClockNote(at_ns, at_ns + offset_ns, round(suspended_s * S))


def exported(recording: Path) -> list[int]:
    """When each thermal picture was taken, as a table says it; microseconds since 1970."""
    table = export(recording, ExportSettings(target=Target.csv, stream="thermal"))
    with table.open(newline="", encoding="utf-8") as file:
        times = [datetime.fromisoformat(row["time"]) for row in csv.DictReader(file)]
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return [round((moment - epoch).total_seconds() * 1e6) for moment in times]


def taken(count: int, offset_ns: int, first: int = 0) -> list[int]:
    """The same, as it should be."""
    indexes = range(first, first + count)
    return [round((thermal(index).timestamp_ns + offset_ns) / 1000) for index in indexes]


def test_a_clock_that_is_set_was_wrong_before_as_well() -> None:
    clock = WallClock(0, [note(0, 0), note(60, OFFSET)])
    assert clock.wall_ns(START) == START + OFFSET
    assert clock.wall_ns(START + HOUR) == START + HOUR + OFFSET


def test_a_suspension_holds_from_then_on() -> None:
    clock = WallClock(0, [note(0, OFFSET, 7), note(10, OFFSET + HOUR, 7 + 3600)])
    assert clock.wall_ns(START - S) == START - S + OFFSET
    assert clock.wall_ns(START + 9 * S) == START + 9 * S + OFFSET
    assert clock.wall_ns(START + 11 * S) == START + 11 * S + OFFSET + HOUR


def test_both_at_once_are_told_apart() -> None:
    notes = [note(0, 0), note(10, HOUR, 3600), note(20, OFFSET + HOUR, 3600)]
    clock = WallClock(0, notes)
    assert clock.wall_ns(START) == START + OFFSET
    assert clock.wall_ns(START + 15 * S) == START + 15 * S + OFFSET + HOUR


def test_what_is_kept_says_the_same_as_all_notes_and_is_bounded() -> None:
    given, history = [], ClockHistory()
    for minute in range(10_000):
        suspended_s = 100 * (minute // 1000)
        given.append(note(60 * minute, minute * S, suspended_s))
        history.add(given[-1])
    kept = notes_from_map(history.to_map())
    assert len(kept) <= 21
    for moment_s in range(-100, 600_100, 997):
        moment_ns = START + moment_s * S
        assert WallClock(0, kept).wall_ns(moment_ns) == WallClock(0, given).wall_ns(moment_ns)


def test_as_pieces_of_one_file_each_keeps_its_own() -> None:
    first, second = WallClock(OFFSET), WallClock(0, [note(50, 3, 1), note(60, 8, 4)])
    one = WallClock(0, pieces([(START, first), (START + 40 * S, second)]))
    for moment_s, clock in ((0, first), (39, first), (41, second), (59, second), (61, second)):
        moment_ns = START + moment_s * S
        assert one.wall_ns(moment_ns) == clock.wall_ns(moment_ns)


def test_the_clocks_of_this_host_agree_with_each_other() -> None:
    first, second = read_clocks(), read_clocks()
    assert second.stream_ns >= first.stream_ns
    assert first.suspended_ns >= 0
    assert first.wall_ns > 1_600_000_000 * S


def test_a_recording_begun_before_the_clock_was_set_has_right_times(tmp_path: Path) -> None:
    writer = RecordingWriter(tmp_path / "a.mcap", UNSET)
    writer.note_clock(note(0, 0))
    given = list(messages(30))
    for message, arrived_ns in given[:40]:
        writer.write(message, arrived_ns)
    writer.note_clock(note(0.5, OFFSET))
    record(writer, given[40:])
    reader = RecordingReader(tmp_path / "a.mcap")
    assert [one.arrived_ns for one in reader.read()] == [one.arrived_ns for one in given]
    assert exported(tmp_path / "a.mcap") == taken(30, OFFSET)
    summary, _ = summarise(tmp_path / "a.mcap")
    assert summary.start_ns == START + OFFSET
    assert summary.streams["thermal"].last_ns == thermal(29).timestamp_ns + OFFSET


def test_an_unfinished_one_has_them_too(tmp_path: Path) -> None:
    writer = RecordingWriter(tmp_path / "a.mcap", UNSET)
    writer.note_clock(note(0, OFFSET))
    for message, arrived_ns in messages(30):
        writer.write(message, arrived_ns)
    there = exported(tmp_path / "a.mcap.part")
    assert there == taken(30, OFFSET)[: len(there)]
    assert there
    writer.close()


def test_each_segment_has_its_own_times(tmp_path: Path) -> None:
    """A recorder that was started again took another offset; no notes, as 0.1 wrote it."""
    path, later = tmp_path / "s", msgspec.structs.replace(INFO, wall_offset_ns=OFFSET + HOUR)
    record(SegmentWriter(path, INFO, segment_s=99), messages(5))
    record(SegmentWriter(path, later, segment_s=99, resume=True), messages(5, 5))
    assert exported(path) == taken(5, OFFSET) + taken(5, OFFSET + HOUR, 5)
    summary, _ = summarise(path)
    assert summary.start_ns == START + OFFSET
    assert summary.end_ns == thermal(9).timestamp_ns + OFFSET + HOUR
    assert recover(path, tmp_path / "whole.mcap").messages > 0
    assert exported(tmp_path / "whole.mcap") == taken(5, OFFSET) + taken(5, OFFSET + HOUR, 5)


def test_segments_after_the_clock_was_set_say_so_to_every_tool(tmp_path: Path) -> None:
    path = tmp_path / "s"
    writer = SegmentWriter(path, UNSET, segment_s=0.3)
    writer.note_clock(note(0, 0))
    given = list(messages(30))
    for message, arrived_ns in given[:60]:
        writer.write(message, arrived_ns)
    writer.note_clock(note(0.5, OFFSET))
    record(writer, given[60:])
    times = exported(path)
    assert times[-15:] == taken(15, OFFSET, 15)
    assert times[0] == taken(1, 0)[0]  # of the first segment nobody knows better
    last = RecordingReader(sorted(path.iterdir())[-1])
    assert last.info.wall_offset_ns == OFFSET
    assert [one.message.sequence for one in RecordingReader(path).read(("sr",))] == list(range(30))


def test_notes_that_cannot_be_read_are_damage_and_no_end(tmp_path: Path) -> None:
    writer = RecordingWriter(tmp_path / "a.mcap", INFO)
    writer._mcap.add_metadata(CLOCK_NAME, {"notes": '[{"stream_ns": "soon"}]'})
    record(writer, messages(5))
    reader = RecordingReader(tmp_path / "a.mcap")
    assert any("notes of the time of day" in words for words in reader.damage)
    assert exported(tmp_path / "a.mcap") == taken(5, OFFSET)


@pytest.mark.parametrize("gap", [1, 5])
def test_the_file_of_a_message_is_found_by_its_arrival(tmp_path: Path, gap: int) -> None:
    """A picture taken before a segment began may have arrived in it."""
    path, later = tmp_path / "s", msgspec.structs.replace(INFO, wall_offset_ns=OFFSET + HOUR)
    first = SegmentWriter(path, INFO, segment_s=99)
    first.write(thermal(0), START + 10 * PERIOD)
    first.close()
    second = SegmentWriter(path, later, segment_s=99, resume=True)
    second.write(thermal(1), START + (10 + gap) * PERIOD)
    second.close()
    assert exported(path) == taken(1, OFFSET) + taken(1, OFFSET + HOUR, 1)
