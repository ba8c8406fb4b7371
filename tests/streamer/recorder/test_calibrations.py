"""What both cameras are lined up by stands in a recording with the pictures of its time."""

from pathlib import Path

import msgspec

from streamer.messages import CalibrationChange, Mode, ModeChange, SuperResolvedFrame
from streamer.recorder.selection.triggers import PreTriggerBuffer, Trigger
from streamer.recorder.writer_thread import WriterThread
from streamer.recording import RecordingReader, RecordingWriter
from tests.support.fake_session import DEADLINE_S
from tests.support.recorder_rig import Make
from tests.support.recordings import INFO, START, S, messages, result, thermal


def changed(timestamp_ns: int, distance_m: float) -> CalibrationChange:
    return CalibrationChange(
        timestamp_ns, {"method": "hand", "parallax": {"distance_m": distance_m}}, "distance"
    )


def test_a_result_brings_the_calibration_that_it_is_the_first_of(
    tmp_path: Path, make: Make
) -> None:
    rig = make(tmp_path / "a.mcap")
    made = [result(index) for index in range(4)]
    first, last = changed(made[1].timestamp_ns, 6.0), changed(made[3].timestamp_ns, 7.0)
    rig.send(made[0])
    rig.send(msgspec.structs.replace(made[1], realigned=first))
    rig.send(made[2])
    rig.wait_taken()
    for told in (first, first):  # the session tells of it too, later and again
        rig.out["session"].send(told)
    rig.send(msgspec.structs.replace(made[3], realigned=last))  # which it never tells of
    rig.end()
    reader = RecordingReader(tmp_path / "a.mcap")
    assert reader.calibrations() == [first, last]
    stored = [item.message for item in reader.read(("sr", "calibration"))]
    kinds = [type(one) for one in stored]
    assert kinds == [
        *(SuperResolvedFrame, CalibrationChange, SuperResolvedFrame, SuperResolvedFrame),
        *(CalibrationChange, SuperResolvedFrame),
    ]
    results = [one for one in stored if isinstance(one, SuperResolvedFrame)]
    assert [one.sequence for one in results] == [0, 1, 2, 3]
    assert all(one.realigned is msgspec.UNSET for one in results)


def test_one_that_is_told_after_the_last_picture_is_recorded(tmp_path: Path, make: Make) -> None:
    rig = make(tmp_path / "a.mcap", streams=("thermal",))
    rig.send(thermal(0))
    rig.wait_taken()
    change = changed(thermal(0).timestamp_ns, 6.0)
    rig.out["session"].send(change)
    mark = ModeChange(START, Mode.GUIDED, Mode.THERMAL_ONLY, "dark")
    rig.send(mark)  # on the same socket: once it is taken, the change is
    rig.end()
    reader = RecordingReader(tmp_path / "a.mcap")
    assert reader.calibrations() == [change]
    assert mark in [item.message for item in reader.read(("log",))]


def test_nothing_is_recorded_of_them_alone(tmp_path: Path) -> None:
    writing = WriterThread(RecordingWriter(tmp_path / "a.mcap", INFO), PreTriggerBuffer([], 0, 0))
    writing.put(changed(START, 6.0), START)
    assert writing.finish(DEADLINE_S)
    assert RecordingReader(tmp_path / "a.mcap").calibrations() == []


def test_a_calibration_of_long_before_stands_before_the_first_picture_that_is_kept(
    tmp_path: Path,
) -> None:
    buffer = PreTriggerBuffer([Trigger("mode")], before_s=0.1, after_s=60.0)
    writing = WriterThread(RecordingWriter(tmp_path / "a.mcap", INFO), buffer)
    change = CalibrationChange(START, {"method": "hand"})
    writing.put(change, START)
    for message, arrived_ns in messages(60):
        if not isinstance(message, ModeChange):
            writing.put(message, arrived_ns + 3 * S)
    fired = ModeChange(START, Mode.GUIDED, Mode.THERMAL_ONLY, "dark")
    writing.put(fired, START + 4 * S)
    writing.put(thermal(60), START + 4 * S)
    assert writing.finish(DEADLINE_S)
    reader = RecordingReader(tmp_path / "a.mcap")
    assert reader.calibrations() == [change]
    assert reader.start_ns is not None
    assert reader.start_ns > START + 3.8 * S
