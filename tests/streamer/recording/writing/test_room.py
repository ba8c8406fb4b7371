"""Where recordings are written to: folders that vanish, disks that are full or nearly so."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from streamer.recording import RecordingError, RecordingReader, RecordingWriter, SegmentWriter
from streamer.recording.writing.disk_space import DiskSpace, Room
from tests.support.recordings import INFO, MS, messages, record


def test_a_folder_that_is_moved_away_ends_the_recording_readable(tmp_path: Path) -> None:
    folder = tmp_path / "disk"
    folder.mkdir()
    writer = RecordingWriter(folder / "a.mcap", INFO)
    given = list(messages(120))
    for message, arrived_ns in given[: len(given) // 2]:
        writer.write(message, arrived_ns)
    folder.rename(tmp_path / "elsewhere")
    with pytest.raises(RecordingError, match="removed or moved while it was written"):
        record(writer, given[len(given) // 2 :])
    with pytest.raises(RecordingError, match="removed or moved"):
        writer.write(*given[-1])
    writer.close()
    reader = RecordingReader(tmp_path / "elsewhere" / "a.mcap.part")
    assert reader.complete
    assert len(list(reader.read())) >= len(given) // 2


def test_a_vanished_folder_ends_segments(tmp_path: Path) -> None:
    writer = SegmentWriter(tmp_path / "s", INFO, segment_s=0.5)
    given = list(messages(60))
    for message, arrived_ns in given[:20]:
        writer.write(message, arrived_ns)
    shutil.rmtree(tmp_path / "s")
    with pytest.raises(RecordingError):
        record(writer, given[20:])


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of half a megabyte."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("a small file system cannot be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_ends_the_recording_complete(tiny_disk: Path) -> None:
    writer = RecordingWriter(tiny_disk / "a.mcap", INFO)
    given = list(messages(2000))
    words = rf"{tiny_disk}/a\.mcap: the disk is full; it ends here, readable"
    with pytest.raises(RecordingError, match=words):  # by its name, which it has got
        record(writer, given)
    reader = RecordingReader(writer.path)
    got = [one.arrived_ns for one in reader.read()]
    assert got == [one.arrived_ns for one in given][: len(got)]
    assert len(got) > 300
    assert reader.damage == []


def test_a_disk_without_room_for_the_first_byte(tiny_disk: Path) -> None:
    (tiny_disk / "filler").write_bytes(bytes(512 * 1024))
    with pytest.raises(RecordingError, match="the disk is full"):
        RecordingWriter(tiny_disk / "a.mcap", INFO)
    assert [one.name for one in tiny_disk.iterdir()] == ["filler"]


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    mount = ["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", str(tmp_path)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("a read-only file system cannot be mounted here")
    try:
        with pytest.raises(RecordingError, match="Read-only file system"):
            RecordingWriter(tmp_path / "a.mcap", INFO)
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


def test_the_guard_warns_then_stops_and_looks_once_a_second() -> None:
    free = [5_000, 900, 100]
    asked = []

    def measure(path: Path) -> int:
        asked.append(path)
        return free[len(asked) - 1] * 10**6

    guard = DiskSpace(Path("/"), warn_mb=1000, stop_mb=200, measure=measure)
    assert guard.check(0) is Room.ENOUGH
    assert guard.check(999 * MS) is Room.ENOUGH
    assert guard.check(1000 * MS) is Room.LITTLE
    assert guard.check(2000 * MS) is Room.NONE
    assert len(asked) == 3


def test_the_guard_measures_the_disk_of_a_file_to_be(tmp_path: Path) -> None:
    guard = DiskSpace(tmp_path / "not" / "yet.mcap", warn_mb=0, stop_mb=0)
    guard.check(0)
    assert guard.free_bytes == pytest.approx(shutil.disk_usage(tmp_path).free, rel=0.1)
