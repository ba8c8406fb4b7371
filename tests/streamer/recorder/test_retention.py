"""What is kept of a folder of segments, and of the runs before it; the present is handed in."""

from pathlib import Path

import msgspec
import pytest

from streamer.clock import NS_PER_S
from streamer.recorder.retention import Retention
from streamer.recording import RecordingReader, RecordingWriter, SegmentWriter
from streamer.recording.wall_clock import ClockNote
from tests.support.recordings import INFO, OFFSET, START, messages, record, recorded

DAY = 24 * 3600 * NS_PER_S
END = START + OFFSET  # of the recordings, within seconds


def folder(path: Path, count: int = 4, info=INFO) -> Path:
    """Segments 0 to count - 1."""
    record(SegmentWriter(path, info, segment_s=0.3), messages(10 * count))
    for extra in list(path.iterdir()):
        if int(extra.stem[-4:]) >= count:
            extra.unlink()
    return path


def after(days: float) -> ClockNote:
    """The clocks so many days after the recordings."""
    return ClockNote(START + round(days * DAY), END + round(days * DAY))


def names(path: Path) -> list[str]:
    return sorted(one.name for one in path.iterdir())


def size_mb(*paths: Path) -> float:
    return sum(one.stat().st_size for path in paths for one in path.iterdir()) / 1e6


def test_without_limits_all_is_kept(tmp_path: Path) -> None:
    path = folder(tmp_path / "s")
    assert Retention(path, "s", 0, 0).apply(after(10_000)) == []
    assert len(names(path)) == 4


def test_what_is_older_than_its_days_goes(tmp_path: Path) -> None:
    path = folder(tmp_path / "s")
    keep = Retention(path, "s", 7, 0)
    assert keep.apply(after(6)) == []
    gone = keep.apply(after(8))
    assert [one.path.name for one in gone] == [f"s_000{index}.mcap" for index in range(4)]
    assert gone[0].reason == "8.0 days old, 7 kept (recording.keep_days)"
    assert names(path) == []
    assert keep.apply(after(9)) == []


def test_the_oldest_go_until_the_rest_fits(tmp_path: Path) -> None:
    path = folder(tmp_path / "s")
    two = size_mb(path) * 0.6
    gone = Retention(path, "s", 0, two).apply(after(0))
    assert [one.path.name for one in gone] == ["s_0000.mcap", "s_0001.mcap"]
    assert gone[0].reason.endswith("kept (recording.keep_mb)")
    assert size_mb(path) <= two
    assert RecordingReader(path).segments == 2


def test_what_is_being_written_counts_and_stays(tmp_path: Path) -> None:
    path = folder(tmp_path / "s", 2)
    writer = RecordingWriter(path / "s_0002.mcap", INFO)
    for message, arrived_ns in messages(40):
        writer.write(message, arrived_ns)
    gone = Retention(path, "s", 1, 0.000001).apply(after(10))
    assert len(gone) == 2
    assert names(path) == ["s_0002.mcap.part"]
    writer.close()
    assert RecordingReader(path / "s_0002.mcap").complete


def test_what_is_not_ours_is_left(tmp_path: Path) -> None:
    path = folder(tmp_path / "s", 1)
    good = (path / "s_0000.mcap").read_bytes()
    kept = {
        "notes.txt": b"mine",
        "s_0007.mcap": b"mine",  # no recording
        "s_0008.mcap": good[:-100],  # not completed
        "t_0000.mcap": good,  # of another name
        "s_0000.mcap.bak": good,
    }
    for name, content in kept.items():
        (path / name).write_bytes(content)
    recorded(tmp_path / "linked.mcap")
    (path / "s_0009.mcap").symlink_to(tmp_path / "linked.mcap")
    gone = Retention(path, "s", 1, 0.000001).apply(after(10))
    assert [one.path.name for one in gone] == ["s_0000.mcap"]
    assert names(path) == sorted([*kept, "s_0009.mcap"])
    assert (tmp_path / "linked.mcap").exists()


def test_the_runs_before_count_where_the_name_is_numbered(tmp_path: Path) -> None:
    first, second = folder(tmp_path / "r-0001", 2), folder(tmp_path / "r-0002", 2)
    (first / "notes.txt").touch()
    third, present = folder(tmp_path / "r-0003", 2), folder(tmp_path / "r-0004", 2)
    stranger = folder(tmp_path / "other", 2)
    limit = size_mb(third, present) * 0.9
    gone = Retention(present, "r-%04d", 0, limit).apply(after(0))
    assert [one.path.name for one in gone] == [
        *("r-0001_0000.mcap", "r-0001_0001.mcap"),
        *("r-0002_0000.mcap", "r-0002_0001.mcap", "r-0003_0000.mcap"),
    ]
    assert names(first) == ["notes.txt"]
    assert not second.exists()
    assert len(names(stranger)) == 2


def test_a_name_without_number_has_no_runs_before(tmp_path: Path) -> None:
    path, beside = folder(tmp_path / "s", 2), folder(tmp_path / "s-2", 2)
    Retention(beside, "s", 1, 0).apply(after(10))
    assert len(names(path)) == 2
    assert names(beside) == []


def test_made_by_a_clock_that_was_not_set_its_age_is_not_known(tmp_path: Path) -> None:
    unset = msgspec.structs.replace(INFO, wall_offset_ns=0)  # 1970
    before = folder(tmp_path / "r-1", 3, unset)
    assert Retention(tmp_path / "r-2", "r-%d", 7, 0).apply(after(0)) == []
    assert len(names(before)) == 3
    assert len(Retention(tmp_path / "r-2", "r-%d", 0, 0.000001).apply(after(0))) == 3


def test_of_the_present_run_the_time_of_day_does_not_matter(tmp_path: Path) -> None:
    path = folder(tmp_path / "r-1")
    keep = Retention(path, "r-%d", 7, 0)
    assert keep.apply(ClockNote(START + 2 * DAY, END + 1000 * DAY)) == []  # it was set, by years
    assert len(keep.apply(ClockNote(START + 8 * DAY, 0))) == 4


def test_of_a_run_before_the_last_note_of_the_time_of_day_counts(tmp_path: Path) -> None:
    writer = SegmentWriter(tmp_path / "r-1", INFO, segment_s=9)
    writer.note_clock(ClockNote(START, END))
    writer.note_clock(ClockNote(START + 1, END + 100 * DAY))  # it had been a hundred days behind
    record(writer, messages(10))
    keep = Retention(tmp_path / "r-2", "r-%d", 7, 0)
    assert keep.apply(after(106)) == []
    assert len(keep.apply(after(108))) == 1


def test_what_cannot_be_removed_is_said_once(tmp_path: Path, monkeypatch) -> None:
    path = folder(tmp_path / "s", 3)
    unlink = Path.unlink

    def refuses(self: Path) -> None:
        if self.name == "s_0001.mcap":
            raise PermissionError(13, "Permission denied")
        unlink(self)

    monkeypatch.setattr(Path, "unlink", refuses)
    keep = Retention(path, "s", 7, 0)
    gone = keep.apply(after(8))
    assert [one.error for one in gone] == ["", "Permission denied", ""]
    assert keep.apply(after(8)) == []
    assert names(path) == ["s_0001.mcap"]


def test_a_single_file_is_kept_whatever_the_limits(tmp_path: Path) -> None:
    path = recorded(tmp_path / "a.mcap")
    assert Retention(path, "a.mcap", 1, 0.000001).apply(after(10)) == []
    assert path.exists()


@pytest.mark.parametrize(("limits", "damage"), [({"keep_mb": 1.0}, 0), ({"keep_mb": 0.0}, 2)])
def test_segments_removed_as_they_were_to_be_are_no_damage(
    tmp_path: Path, limits: dict[str, float], damage: int
) -> None:
    info = msgspec.structs.replace(INFO, config={"recording": limits})
    path = folder(tmp_path / "s", 4, info)
    for index in (0, 1):
        (path / f"s_000{index}.mcap").unlink()
    assert len(RecordingReader(path).damage) == damage
    (path / "s_0002.mcap").rename(path / "s_0002.mcap.bak")
    record(SegmentWriter(path, info, segment_s=9, resume=True), messages(3))
    assert names(path)[-1] == "s_0004.mcap"  # the numbers go on
