"""What comes in the last moments of a run is in its recording, by whatever path it comes."""

import threading
from pathlib import Path

import pytest

from streamer.clock import now_ns
from streamer.measuring.shapes import Spot
from streamer.measuring.tool_set import ToolSet
from streamer.messages import ProcessState, SessionStatus, Status, TimelineEvent
from streamer.messages.alarms import AlarmState
from streamer.recording import RecordingReader, RecordingWriter
from streamer.recording.schema import EncodedMessage
from tests.support.fake_session import DEADLINE_S
from tests.support.recorder_rig import Make, RecorderRig
from tests.support.recordings import thermal

TOOLS = ToolSet(tools=(Spot(name="a", points=((0.5, 0.5),)),))
ALARM = AlarmState(
    name="hot", text="picture max above 30 °C: 36.0 °C", since_ns=thermal(0).sequence
)


def drains(rig: RecorderRig) -> bool:
    return rig.recorder is not None and rig.recorder.drains


def ends_while_its_source_lives(rig: RecorderRig) -> None:
    """Told to stop, with more to come."""
    rig.sources = {"capture.thermal": None}
    rig.send(thermal(0))
    rig.wait_taken()
    told = rig.session()
    assert isinstance(told, SessionStatus)
    rig.out["session"].send(told)
    rig.stop.set()
    rig.wait(lambda: drains(rig))


def test_what_is_told_last_is_in_the_recording(tmp_path: Path, make: Make) -> None:
    rig = make(tmp_path / "a.mcap", streams=("thermal",))
    ends_while_its_source_lives(rig)
    session = rig.session()
    assert isinstance(session, SessionStatus)
    viewer = Status(
        process="viewer",
        pid=1,
        timestamp_ns=now_ns(),
        state=ProcessState.ENDED,
        measuring=TOOLS,
    )
    rig.told = {"alarms": (ALARM,), "statuses": {**session.statuses, "viewer": viewer}}
    rig.step()
    rig.sources = {"capture.thermal": thermal(0).sequence}
    rig.told = {"alarms": (ALARM,)}
    rig.end()
    reader = RecordingReader(tmp_path / "a.mcap")
    assert reader.tools == TOOLS
    events = [one.message for one in reader.read(("log",))]
    texts = [one.text for one in events if isinstance(one, TimelineEvent) and one.kind == "alarm"]
    assert texts == [f"alarm: hot, {ALARM.text}"]


def test_an_alarm_of_the_last_moment_is_what_a_recording_keeps(tmp_path: Path, make: Make) -> None:
    rig = make(tmp_path / "a.mcap", streams=("thermal",), when=("alarm",), before_s=90.0)
    ends_while_its_source_lives(rig)
    rig.told = {"alarms": (ALARM,)}
    rig.step()
    rig.sources = {"capture.thermal": thermal(0).sequence}
    rig.end()
    assert len(list(RecordingReader(tmp_path / "a.mcap").read(("thermal",)))) == 1


def test_a_full_recorder_takes_all_when_the_run_ends(
    tmp_path: Path, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who sends does not wait for a disk that is slow, and what it still had would be lost."""
    goes_on = threading.Event()
    write = RecordingWriter.write_stored

    def stuck(writer: RecordingWriter, stored: EncodedMessage) -> int:
        assert goes_on.wait(DEADLINE_S)
        return write(writer, stored)

    monkeypatch.setattr(RecordingWriter, "write_stored", stuck)
    rig = make(tmp_path / "a.mcap", streams=("thermal",), queue_mb=0.1)
    for index in range(200):
        rig.send(thermal(index))
    rig.wait(lambda: rig.recorder is not None and rig.recorder._writing_is_full)
    assert rig.recorder is not None
    assert rig.recorder.taken < 200
    rig.told = {"ending": True}
    rig.wait(lambda: rig.recorder is not None and rig.recorder.taken == 200)
    goes_on.set()
    rig.end()
    reader = RecordingReader(tmp_path / "a.mcap")
    assert reader.tally().streams["thermal"].messages == 200
    states = [one.message for one in reader.read(("session",))]
    assert not any(isinstance(one, SessionStatus) and one.ending for one in states)


def test_what_ends_with_the_run_is_no_death(tmp_path: Path, make: Make) -> None:
    rig = make(tmp_path / "a.mcap", streams=("thermal",))
    rig.sources = {"capture.thermal": None}
    rig.send(thermal(0))
    rig.wait_taken()
    rig.step()
    rig.told, rig.sources = {"ending": True}, {"capture.thermal": thermal(0).sequence}
    for _ in range(3):
        rig.step()
    rig.end()
    told = [one.message for one in RecordingReader(tmp_path / "a.mcap").read(("session",))]
    lives = [
        one.processes["capture.thermal"].alive for one in told if isinstance(one, SessionStatus)
    ]
    assert all(lives)
