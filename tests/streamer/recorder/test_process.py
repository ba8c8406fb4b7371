"""The recorder on real sockets, and what it decides with."""

import shutil
import threading
import time
from pathlib import Path

import msgspec
import pytest

from streamer.clock import now_ns
from streamer.config.schema import Config
from streamer.messages import (
    Mode,
    ModeChange,
    ProcessState,
    TimelineEvent,
)
from streamer.recorder.notes.events import EventDetector
from streamer.recorder.process import main
from streamer.recorder.selection.triggers import PreTriggerBuffer
from streamer.recorder.writer_thread import WriterThread
from streamer.recording import RecordingReader, RecordingWriter
from streamer.recording.schema import EncodedMessage
from streamer.runtime.process import ProcessSpec, RoleError
from streamer.runtime.roles import CaptureRole
from streamer.transport import Addresses
from tests.support.fake_session import DEADLINE_S
from tests.support.recorder_rig import Make
from tests.support.recordings import INFO, START, S, result, session, thermal, visible


def test_every_message_is_recorded_and_the_file_completed(tmp_path: Path, make: Make) -> None:
    rig = make(tmp_path / "a.mcap")
    for index in range(40):
        rig.send(visible(index))
        rig.send(thermal(index))
        rig.send(thermal(index, "truth"))
        rig.send(result(index))
    rig.send(ModeChange(now_ns(), Mode.NO_SIGNAL, Mode.GUIDED, "thermal ok, visible ok"))
    rig.wait(lambda: rig.last is not None and rig.last.state is ProcessState.RUNNING)
    rig.send(rig.session())
    rig.end()
    assert rig.error is None
    assert rig.last is not None
    assert rig.last.state is ProcessState.ENDED
    assert str(tmp_path / "a.mcap") in rig.last.detail
    assert any("GB left" in status.detail for status in rig.statuses)
    reader = RecordingReader(tmp_path / "a.mcap")
    assert reader.complete
    tally = reader.tally()
    assert {name: one.messages for name, one in tally.streams.items()} == dict.fromkeys(
        ("visible", "thermal", "truth", "sr"), 40
    )
    assert sum(one.gaps for one in tally.streams.values()) == 0
    assert (reader.info.model, reader.info.engine) == ("fast:sensor", "openvino")
    assert reader.info.config["capture"]["visible"]["source"] == "sim"
    logged = [one.message for one in reader.read(("log",))]
    assert any(isinstance(one, ModeChange) for one in logged)
    kinds = [one.kind for one in logged if isinstance(one, TimelineEvent)]
    assert kinds.count("ffc") == 12  # frames 3, 10, 17, ... are behind a shutter
    assert list(reader.read(("session",)))
    arrived = [one.arrived_ns for one in reader.read()]
    assert arrived == sorted(arrived)
    assert now_ns() - arrived[-1] < DEADLINE_S * S


def test_what_is_on_its_way_at_the_end_is_waited_for(tmp_path: Path, make: Make) -> None:
    rig = make(tmp_path / "a.mcap", streams=("thermal",))
    rig.send(thermal(0))
    rig.wait_taken()
    rig.stop.set()
    rig.sources = {"capture.thermal": None}  # it lives
    rig.wait(lambda: rig.recorder is not None and rig.recorder.drains)
    began_s = time.monotonic()
    rig.wait(lambda: time.monotonic() - began_s > 0.4)
    rig.send(thermal(1))
    rig.sources = {"capture.thermal": thermal(1).sequence}
    rig.end()
    assert len(list(RecordingReader(tmp_path / "a.mcap").read(("thermal",)))) == 2


def test_a_clock_that_is_set_meanwhile_is_noted(tmp_path: Path, make: Make) -> None:
    rig = make(tmp_path / "a.mcap", streams=("thermal",))
    before = rig.clocks()
    rig.send(thermal(0))
    rig.wait_taken()
    rig.clock_set_by_ns = 3600 * S
    rig.send(thermal(1))
    rig.end()
    reader = RecordingReader(tmp_path / "a.mcap")
    first = next(iter(reader.read(("thermal",))))
    wall_ns = reader.clock_at(first.arrived_ns).wall_ns(first.arrived_ns)
    assert abs(wall_ns - first.arrived_ns - before.offset_ns - 3600 * S) < S
    events = [one.message for one in reader.read(("log",))]
    words = [one.text for one in events if isinstance(one, TimelineEvent) and one.kind == "clock"]
    assert words == ["the clock was set forward by 3600.0 s"]


class SlowWriter(RecordingWriter):
    """Takes longer to write than frames take to come."""

    def write_stored(self, stored: EncodedMessage) -> int:
        time.sleep(0.2)
        return super().write_stored(stored)


def test_what_there_is_no_time_for_at_the_end_is_counted_and_the_file_complete(
    tmp_path: Path,
) -> None:
    writing = WriterThread(SlowWriter(tmp_path / "a.mcap", INFO), PreTriggerBuffer([], 0, 0))
    for index in range(1000):
        writing.put(thermal(index), START + index)
    assert writing.waiting_bytes > 1000 * 2000  # not their pixels alone
    assert writing.finish(0.5, DEADLINE_S)
    reader = RecordingReader(tmp_path / "a.mcap")
    assert reader.complete
    held = reader.tally().streams["thermal"].messages
    assert 0 < held < 200
    assert writing.left_out == 1000 - held


def test_what_a_stuck_disk_leaves_waiting_is_bounded(
    tmp_path: Path, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on = threading.Event()
    write = RecordingWriter.write_stored

    def stuck(writer: RecordingWriter, stored: EncodedMessage) -> int:
        assert goes_on.wait(DEADLINE_S)
        return write(writer, stored)

    monkeypatch.setattr(RecordingWriter, "write_stored", stuck)
    rig = make(tmp_path / "a.mcap", streams=("thermal",), queue_mb=0.1)
    for index in range(200):  # half a megabyte
        rig.send(thermal(index))
    rig.wait(lambda: rig.recorder is not None and rig.recorder._writing_is_full)
    for _ in range(50):
        rig.step()
        assert rig.recorder is not None
        assert rig.recorder._writing.waiting_bytes < 0.12e6
    assert rig.recorder.taken < 100
    goes_on.set()
    rig.end()
    assert RecordingReader(tmp_path / "a.mcap").tally().streams["thermal"].messages == 200


def test_missing_frames_are_noted(tmp_path: Path, make: Make) -> None:
    rig = make(tmp_path / "a.mcap", streams=("thermal",))
    for index in (0, 1, 5):
        rig.send(thermal(index))
    rig.end()
    reader = RecordingReader(tmp_path / "a.mcap")
    assert reader.tally().streams["thermal"].gaps == 3
    events = [one.message for one in reader.read(("log",))]
    assert [one.text for one in events if isinstance(one, TimelineEvent) and one.kind == "gap"] == [
        "frames missing: 3 of thermal"
    ]


def test_a_recorder_that_died_goes_on_beside_what_it_left(tmp_path: Path, make: Make) -> None:
    (tmp_path / "a.mcap.part").write_bytes(b"left")
    rig = make(tmp_path / "a.mcap", restarts=1)
    rig.send(thermal(0))
    rig.end()
    assert (tmp_path / "a.mcap.part").read_bytes() == b"left"
    reader = RecordingReader(tmp_path / "a-2.mcap")
    assert reader.info.segment == 1
    events = [one.message for one in reader.read(("log",))]
    assert any(isinstance(one, TimelineEvent) and "started again" in one.text for one in events)


def test_a_folder_is_gone_on_with_too(tmp_path: Path, make: Make) -> None:
    first = make(tmp_path / "s")
    first.send(thermal(0))
    first.end()
    again = make(tmp_path / "s", restarts=1)
    again.send(thermal(1))
    again.end()
    assert [one.name for one in sorted((tmp_path / "s").iterdir())] == [
        "s_0000.mcap",
        "s_0001.mcap",
    ]
    assert len(list(RecordingReader(tmp_path / "s").read(("thermal",)))) == 2


def test_a_name_that_is_taken_ends_it(tmp_path: Path, make: Make) -> None:
    (tmp_path / "a.mcap").write_bytes(b"mine")
    rig = make(tmp_path / "a.mcap")
    rig.end()
    assert "exists already" in str(rig.error)
    assert (tmp_path / "a.mcap").read_bytes() == b"mine"


def test_without_room_it_ends_with_a_complete_file(tmp_path: Path, make: Make) -> None:
    free_mb = shutil.disk_usage(tmp_path).free / 1e6
    rig = make(tmp_path / "a.mcap", stop_mb=free_mb * 2, warn_mb=free_mb * 3)
    rig.wait(lambda: rig.ended)
    assert rig.last is not None
    assert "the disk is nearly full" in rig.last.detail
    rig.end()
    assert rig.error is None
    reader = RecordingReader(tmp_path / "a.mcap")
    assert reader.complete
    events = [one.message for one in reader.read(("log",))]
    assert [one.kind for one in events if isinstance(one, TimelineEvent)] == ["disk"]


def test_a_vanished_folder_fails_it(tmp_path: Path, make: Make) -> None:
    (tmp_path / "disk").mkdir()
    rig = make(tmp_path / "disk" / "a.mcap")
    rig.send(thermal(0))
    rig.wait_taken()
    (tmp_path / "disk").rename(tmp_path / "away")
    rig.wait(lambda: rig.error is not None)
    assert "removed or moved" in str(rig.error)
    assert len(list(RecordingReader(tmp_path / "away" / "a.mcap.part").read(("thermal",)))) == 1


def test_a_trigger_keeps_what_was_before_it(tmp_path: Path, make: Make) -> None:
    rig = make(tmp_path / "a.mcap", when=("mode",), before_s=60.0)
    for index in range(10):
        rig.send(thermal(index))
    rig.wait(lambda: "waiting for its moment" in (rig.last.detail if rig.last else ""))
    rig.wait_taken()
    rig.send(ModeChange(now_ns(), Mode.GUIDED, Mode.HOLD, "thermal stale"))
    rig.end()
    assert RecordingReader(tmp_path / "a.mcap").tally().streams["thermal"].messages == 10


def test_a_condition_that_never_held_is_said_and_leaves_no_file(tmp_path: Path, make: Make) -> None:
    rig = make(tmp_path / "a.mcap", when=("max_celsius > 900", "min_celsius < -200"))
    for index in range(3):
        rig.send(thermal(index))
        rig.send(visible(index))
    rig.wait_taken()
    rig.end()
    assert rig.last is not None
    assert rig.last.recording is None, "the command ends with 1"
    never = '"max_celsius > 900" and "min_celsius < -200" never held'
    assert rig.last.detail == f"nothing was recorded: {never}"
    assert list(tmp_path.iterdir()) == []


def test_degrees_of_a_source_without_any_are_refused_at_once(tmp_path: Path, make: Make) -> None:
    rig = make(tmp_path / "a.mcap", when=("mode", "max_celsius > 60"))
    for index in range(3):
        rig.send(msgspec.structs.replace(thermal(index), radiometry=None))
    rig.wait(lambda: rig.error is not None)
    assert "--trigger max_celsius > 60 can never hold" in str(rig.error)
    assert "capture.thermal.gain_k" in str(rig.error)
    assert list(tmp_path.iterdir()) == []


def test_what_is_told_to_be_something_else_says_so(addresses: Addresses) -> None:
    spec = ProcessSpec(
        name="recorder", config=Config(), addresses=addresses, role=CaptureRole(stream="thermal")
    )
    with pytest.raises(RoleError, match="recorder: a RecorderRole wanted, CaptureRole came"):
        main(spec, threading.Event())


def test_restarts_are_events() -> None:
    watch = EventDetector()
    assert watch.take(session(1), 1) != []
    assert watch.take(session(2), 2) == []
