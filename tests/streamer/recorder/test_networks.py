"""Which network made the results stands in a recording, where that changed."""

from pathlib import Path

import msgspec

from streamer.clock import StreamNs
from streamer.messages import NetworkChange, NetworkUse, SuperResolvedFrame, TimelineEvent
from streamer.recorder.notes.changes import KnownChanges
from streamer.recorder.notes.metadata import described
from streamer.recording import RecordingInfo, RecordingReader
from streamer.recording.summary import summarise
from streamer.recording.writing.segments import SegmentWriter
from tests.gui.feeder import session, worker_status
from tests.streamer.recording.test_recording import record
from tests.support.recorder_rig import Make
from tests.support.recordings import INFO, START, messages, result

FIRST = NetworkUse("fast:sensor", "openvino", "int8", 1, "aa", 2)
SECOND = NetworkUse("quality:benchmark", "openvino", "f32", 2, "bb", 2)


def test_a_result_brings_the_network_that_it_is_the_first_of(tmp_path: Path, make: Make) -> None:
    rig = make(tmp_path / "a.mcap")
    made = [result(index) for index in range(3)]
    change = NetworkChange(made[1].timestamp_ns, SECOND, FIRST, 1)
    rig.send(made[0])
    rig.send(msgspec.structs.replace(made[1], network=change))
    rig.wait_taken()
    rig.out["session"].send(change)  # the session tells of it too
    rig.send(made[2])
    rig.end()
    reader = RecordingReader(tmp_path / "a.mcap")
    assert reader.networks() == [change]
    stored = [type(item.message) for item in reader.read(("sr", "network"))]
    assert stored == [*(SuperResolvedFrame, NetworkChange), *(SuperResolvedFrame,) * 2]
    (event,) = [
        one.message for one in reader.read(("log",)) if isinstance(one.message, TimelineEvent)
    ]
    assert (event.kind, event.timestamp_ns) == ("network", change.timestamp_ns)
    before, after = "fast:sensor on openvino int8", "quality:benchmark on openvino f32, 2 views"
    assert event.text == f"network: {before} -> {after}"
    summary, _ = summarise(tmp_path / "a.mcap")
    assert summary.network_changes
    (told,) = summary.network_changes
    assert (told.model, told.views, told.model_sha256) == ("quality:benchmark", 2, "bb")


def test_the_description_tells_the_first_one() -> None:
    info = described(RecordingInfo(), session(statuses=[worker_status(views=4)]))
    later = described(info, session(statuses=[worker_status(model="quality:benchmark")]))
    assert (later.model, later.views) == ("fast:sensor", 4)


def test_a_recording_that_begins_later_knows_its_first_one_and_tells_of_no_change() -> None:
    change = NetworkChange(StreamNs(5), SECOND, FIRST, 1)
    info = RecordingInfo(
        model=SECOND.model,
        engine=SECOND.engine,
        precision=SECOND.precision,
        views=SECOND.views,
        model_sha256=SECOND.model_sha256,
        threads=SECOND.threads,
    )
    known = KnownChanges()
    assert not known.is_new(change, info)
    back = NetworkChange(StreamNs(9), FIRST, SECOND, 2)
    assert known.is_new(back, info)
    assert not known.is_new(back, info)
    assert known.is_new(NetworkChange(StreamNs(12), SECOND, FIRST, 3), info)


def test_each_segment_says_which_network_makes_its_results(tmp_path: Path) -> None:
    change = NetworkChange(StreamNs(START + 1), SECOND, FIRST)
    given = list(messages(30))
    given.insert(1, given[0]._replace(message=change))
    record(SegmentWriter(tmp_path / "yard", INFO, segment_s=0.3), given)
    files = sorted((tmp_path / "yard").iterdir())
    assert len(files) > 1
    assert all(RecordingReader(file).networks() == [change] for file in files)
    assert RecordingReader(tmp_path / "yard").networks() == [change]
