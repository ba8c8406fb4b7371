"""What is said of a recorder that was not there to say how it ended."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from streamer.messages import ProcessState, RecordingState, Status
from streamer.supervision.recorder_monitor import RecorderMonitor


def last_heard(file: Path, state: ProcessState = ProcessState.RUNNING) -> RecorderMonitor:
    told = RecordingState(file=str(file), size_mb=1.0, disk_left_gb=1.0)
    status = Status(process="recorder", pid=1, timestamp_ns=1, state=state, recording=told)
    monitor = RecorderMonitor(SimpleNamespace(final_error=None, status=status))
    monitor.on_status(status)
    return monitor


def test_a_recording_that_got_its_name_is_complete(tmp_path: Path) -> None:
    (tmp_path / "a.mcap").touch()
    monitor = last_heard(tmp_path / "a.mcap.part")
    assert monitor.failure() is None
    assert monitor.files == [str(tmp_path / "a.mcap")]


def test_a_recording_that_did_not_is_to_be_recovered(tmp_path: Path) -> None:
    (tmp_path / "a.mcap.part").touch()
    monitor = last_heard(tmp_path / "a.mcap.part")
    assert monitor.failure() == (
        f"recording {tmp_path}/a.mcap.part was not completed in time; "
        "corefusion recover completes it"
    )
    assert monitor.files == [str(tmp_path / "a.mcap.part")]


@pytest.mark.parametrize(("last", "complete"), [("s_0001.mcap", True), ("s_0001.mcap.part", False)])
def test_of_a_folder_the_unfinished_segment_is_named(
    tmp_path: Path, last: str, complete: bool
) -> None:
    folder = tmp_path / "s"
    folder.mkdir()
    for name in ("s_0000.mcap", last):
        (folder / name).touch()
    words = last_heard(folder).failure()
    if complete:
        assert words is None
    else:
        assert words is not None
        assert words.startswith(f"recording {folder}/{last} was not completed in time")


def test_a_recording_that_is_nowhere_is_not_to_be_recovered(tmp_path: Path) -> None:
    words = last_heard(tmp_path / "a.mcap.part").failure()
    assert words == f"recording {tmp_path}/a.mcap was removed or moved before it was completed"


def test_what_the_recorder_ended_itself_needs_no_look(tmp_path: Path) -> None:
    assert last_heard(tmp_path / "a.mcap", ProcessState.ENDED).failure() is None
