"""The capture loop with real sockets: it gates, paces, breaks on purpose, ends and comes back."""

import threading
from itertools import groupby, pairwise

import numpy as np
import pytest

from capture.camera import CameraError
from capture.publisher import FramePublisher
from streamer.clock import NS_PER_MS, NS_PER_S, now_ns
from streamer.messages import Correction, FrameFlag, ProcessState
from streamer.pictures.losses import UNPAIRED
from tests.capture.live_run import FakeDevice, LiveRun
from tests.capture.sources import write_folder, write_video

RATE_HZ = 60.0
FAST = (f"capture.visible.rate_hz={RATE_HZ}", f"capture.thermal.rate_hz={RATE_HZ}")


def sequences(frames):
    return [frame.sequence for frame in frames]


def no_gap(frames):
    return all(other.sequence == one.sequence + 1 for one, other in pairwise(frames))


def quickest(ages_ms):
    """How old the youngest tenth is: a busy host delays many, a loop that waits too long all."""
    return np.percentile(ages_ms, 10)


def test_a_source_that_can_wait_begins_when_all_listen_and_the_run_begins():
    with LiveRun("visible", *FAST, join=False) as run:
        waiting = run.wait_for(ProcessState.WAITING, "waiting for the readers")
        assert waiting.camera is not None
        assert waiting.camera.rate_hz == RATE_HZ
        run.join()
        run.wait_for(ProcessState.READY)
        run.wait(lambda: len(run.statuses) > 6)
        assert not run.frames
        run.begin()
        run.wait(lambda: len(run.frames) > 5)
        assert run.frames[0].sequence == 0
        assert run.frames[0].timestamp_ns == run.origin_ns
        assert run.wait_for(ProcessState.RUNNING).last_sequence is not None


@pytest.mark.realtime
def test_frames_come_at_their_moment_and_none_is_lost():
    with LiveRun("visible", *FAST, "capture.visible.offset_ms=-15") as run:
        run.wait_for(ProcessState.READY)
        run.begin()
        run.wait(lambda: len(run.frames) > 40)
        assert no_gap(run.frames)
        for frame, arrival_ns in zip(run.frames, run.arrivals_ns, strict=True):
            taken_ns = run.origin_ns + round(frame.sequence * NS_PER_S / RATE_HZ)
            assert frame.timestamp_ns == taken_ns - 15 * NS_PER_MS
            assert taken_ns <= arrival_ns
        ages_ms = [
            (arrival_ns - frame.timestamp_ns) / NS_PER_MS - 15
            for frame, arrival_ns in zip(run.frames, run.arrivals_ns, strict=True)
        ]
        assert quickest(ages_ms) < 15


def test_a_frame_tells_that_its_picture_has_no_partner(tmp_path):
    for stream in ("visible", "thermal"):
        write_folder(tmp_path / stream, frames=3, grey=stream == "thermal")
    (tmp_path / "visible" / "frame1.png").unlink()
    sources = [f"capture.{stream}.source={tmp_path / stream}" for stream in ("visible", "thermal")]
    with LiveRun("thermal", *sources) as run:
        run.wait_for(ProcessState.READY)
        run.begin()
        run.wait(lambda: len(run.frames) == 3)
        assert [dict(frame.metadata) for frame in run.frames] == [{}, {UNPAIRED: True}, {}]


def test_a_file_is_played_whole_and_its_end_is_told(tmp_path):
    video = write_video(tmp_path / "v.mp4", frames=20, rate_hz=50.0)
    with LiveRun("visible", f"capture.visible.source={video}") as run:
        run.wait_for(ProcessState.READY)
        run.begin()
        run.wait_for(ProcessState.ENDED)
        run.wait(run.ended)
        assert sequences(run.frames) == list(range(20))
        last = run.statuses[-1]
        assert (last.state, last.last_sequence) == (ProcessState.ENDED, 19)
        assert last.camera.frames == 20
        assert run.error is None


def test_a_restarted_process_goes_on_where_the_run_is_and_waits_for_nobody_long():
    with LiveRun("visible", *FAST, readers=("reader", "viewer")) as run:
        run.begin(ago_s=2.0)
        run.wait(lambda: len(run.frames) > 5)
        into_the_run_s = (run.arrivals_ns[0] - run.origin_ns) / NS_PER_S
        assert 2.0 < run.frames[0].sequence / RATE_HZ <= into_the_run_s
        assert no_gap(run.frames)


def test_stop_ends_the_wait_for_readers_and_for_a_frame_that_is_not_due():
    with LiveRun("visible", "capture.visible.rate_hz=0.1") as run:
        run.wait_for(ProcessState.READY)
        run.begin()
        run.wait(lambda: run.frames)
        asked_ns = now_ns()
        run.stop.set()
        run.wait(run.ended)
        assert now_ns() - asked_ns < 5 * NS_PER_S  # the next frame is due in ten
    with LiveRun("visible", join=False) as run:
        run.wait_for(ProcessState.WAITING)
        run.stop.set()
        run.wait(run.ended)


@pytest.mark.parametrize("content", [None, b"no video"])
def test_a_file_that_cannot_be_read_is_final(tmp_path, content):
    path = tmp_path / "v.mp4"
    if content is not None:
        path.write_bytes(content)
    with LiveRun("visible", f"capture.visible.source={path}") as run:
        run.wait(run.ended)
        assert str(path) in str(run.error)


def through_a_fault(run, end_s):
    """Runs from before the first result to well after the end of a fault."""
    run.wait_for(ProcessState.READY)
    run.begin()
    run.until_time(end_s)
    end_ns = run.origin_ns + end_s * NS_PER_S
    run.wait(lambda: run.frames and run.frames[-1].timestamp_ns > end_ns)


def flags_in_a_row(frames):
    """Which flags the frames have, each change once."""
    return [flags for flags, _ in groupby(frame.flags for frame in frames)]


def test_drop_leaves_frames_out_and_counts_them():
    with LiveRun("visible", *FAST, inject=["drop:visible@0.1-0.3"]) as run:
        through_a_fault(run, 0.4)
        steps = [other.sequence - one.sequence for one, other in pairwise(run.frames)]
        (missing,) = (step - 1 for step in steps if step != 1)  # all in one span
        run.wait(lambda: run.last.dropped == {"visible/injected": missing})


def test_a_fault_is_of_the_frames_taken_in_its_time_however_late_they_are_sent(monkeypatch):
    publish, stood = FramePublisher.publish, []

    def stands_still(outlet, capture, first_result_ns):
        if capture.sequence >= 0.1 * RATE_HZ and not stood:
            stood.append(capture.sequence)
            threading.Event().wait(0.4)  # all through the fault
        publish(outlet, capture, first_result_ns)

    monkeypatch.setattr(FramePublisher, "publish", stands_still)
    with LiveRun("visible", *FAST, inject=["drop:visible@0.2-0.4"]) as run:
        through_a_fault(run, 0.6)
        steps = [other.sequence - one.sequence for one, other in pairwise(run.frames)]
        (missing,) = (step - 1 for step in steps if step != 1)
        assert missing == pytest.approx(0.2 * RATE_HZ, abs=1)


def test_freeze_repeats_the_last_picture_and_marks_it():
    with LiveRun("thermal", *FAST, inject=["freeze:thermal@0.1-0.3"]) as run:
        through_a_fault(run, 0.4)
        assert no_gap(run.frames)
        assert flags_in_a_row(run.frames) == [(), (FrameFlag.REPEATED,), ()]
        frozen = [frame for frame in run.frames if frame.flags]
        before = run.frames[run.frames.index(frozen[0]) - 1]
        assert all(np.array_equal(frame.pixels, before.pixels) for frame in frozen)


@pytest.mark.realtime
def test_delay_sends_late_with_true_times_and_in_order():
    with LiveRun("visible", *FAST, inject=["delay:visible=120ms@0.1-0.4"]) as run:
        through_a_fault(run, 0.75)
        assert no_gap(run.frames)
        ages_ms = {
            frame.sequence: (arrival_ns - frame.timestamp_ns) / NS_PER_MS
            for frame, arrival_ns in zip(run.frames, run.arrivals_ns, strict=True)
        }
        late = [ages_ms[frame.sequence] for frame in run.between(0.13, 0.37)]
        assert len(late) > 10
        assert min(late) >= 120
        assert quickest(late) < 150
        assert quickest([ages_ms[frame.sequence] for frame in run.between(0.55, 0.75)]) < 20


def test_ffc_sends_a_flat_picture_and_says_so():
    with LiveRun("thermal", *FAST, inject=["ffc:thermal@0.1"], truth=True) as run:
        through_a_fault(run, 0.5)
        assert flags_in_a_row(run.frames) == [(), (FrameFlag.FFC,), ()]
        closed = [frame for frame in run.frames if frame.flags]
        assert all(np.ptp(frame.pixels) == 0 for frame in closed)
        run.wait(lambda: run.truths[-1].sequence >= run.frames[-1].sequence - 5)
        assert set(sequences(closed)).isdisjoint(sequences(run.truths))


def test_corrupt_sends_foreign_bytes_and_every_frame():
    with LiveRun("visible", *FAST, inject=["corrupt:visible@0.1-0.3"]) as run:
        through_a_fault(run, 0.4)
        assert no_gap(run.frames)
        assert run.reader.malformed > 0


def test_truth_goes_with_thermal_under_the_same_numbers():
    with LiveRun("thermal", *FAST, "capture.thermal.offset_ms=4", truth=True) as run:
        run.wait_for(ProcessState.READY)
        run.begin()
        run.wait(lambda: len(run.frames) > 10 and len(run.truths) > 10)
        assert sequences(run.frames[:10]) == sequences(run.truths[:10])
        for frame, truth in zip(run.frames[:10], run.truths, strict=False):
            assert truth.timestamp_ns == frame.timestamp_ns
            assert truth.pixels.shape == (480, 640)
            assert frame.pixels.shape == (60, 80)
            assert truth.radiometry == frame.radiometry


def moving(number, width=8):
    return [np.full((6, width), 30000 + index, np.uint16) for index in range(number)]


def with_device(monkeypatch, device):
    monkeypatch.setattr("capture.process.open_driver", lambda stream, config: device)


def test_a_device_that_is_away_is_waited_for_and_comes_back(monkeypatch):
    device = FakeDevice(
        opens=[CameraError("it is not there"), None, CameraError("still away"), None],
        reads=[*moving(1), *moving(1, width=9), CameraError("it was pulled out"), *moving(500)],
    )
    with_device(monkeypatch, device)
    with LiveRun("thermal", "capture.reopen_every_s=0.2") as run:
        run.wait_for(ProcessState.WAITING, "it is not there")
        run.wait_for(ProcessState.WAITING, "it was pulled out")
        assert run.wait_for(ProcessState.WAITING, "still away").camera is None
        run.wait(lambda: len(run.frames) > 10)  # no origin was ever set: devices do not wait
        assert no_gap(run.frames)
        details = [status.detail for status in run.statuses]
        assert "the picture changed from 8x6 to 9x6" in details


def test_a_frozen_device_is_noticed(monkeypatch):
    still = np.full((6, 8), 29000, np.uint16)
    steps = [still + 1, *(still.copy() for _ in range(5)), still + 2, *moving(100)]
    with_device(monkeypatch, FakeDevice(opens=[], reads=steps))
    with LiveRun("thermal") as run:
        run.wait(lambda: len(run.frames) > 9)
        by_level = {int(frame.pixels[0, 0]): frame.flags for frame in run.frames}
        assert by_level[29000] == (FrameFlag.REPEATED,)
        assert by_level[29002] == ()


class WithShutter(FakeDevice):
    """A device with a shutter, or with one that does not answer."""

    asked = 0
    answers = True

    def correct(self):
        self.asked += 1
        if not self.answers:
            raise CameraError("its shutter is stuck")


def test_a_shutter_correction_is_asked_for_once_and_answered(monkeypatch):
    device = WithShutter(opens=[], reads=moving(5000))
    with_device(monkeypatch, device)
    with LiveRun("thermal") as run:
        run.corrections = 3  # of before this process was there
        run.wait(lambda: len(run.frames) > 2)
        assert run.statuses[-1].correction is None
        run.corrections = 4
        run.wait(lambda: run.statuses[-1].correction == Correction(4))
        assert device.asked == 1
        device.answers = False
        run.corrections = 5
        run.wait(lambda: run.statuses[-1].correction == Correction(5, "its shutter is stuck"))
        before = len(run.frames)
        run.wait(lambda: len(run.frames) > before + 5)
        assert device.asked == 2


def test_a_camera_without_a_shutter_and_one_that_is_away_say_so(monkeypatch):
    reads = [*moving(30), CameraError("it was pulled out")]
    gone = [None, *(CameraError("still away") for _ in range(1000))]
    with_device(monkeypatch, FakeDevice(opens=gone, reads=reads))
    with LiveRun("thermal", "capture.reopen_every_s=0.1") as run:
        run.wait(lambda: len(run.frames) > 2)
        run.corrections = 1
        run.wait(lambda: run.statuses[-1].correction is not None)
        assert run.statuses[-1].correction == Correction(
            1, "this camera has no shutter that can be asked to correct it"
        )
        run.wait_for(ProcessState.WAITING, "still away")
        run.corrections = 2
        run.wait(lambda: run.statuses[-1].correction.number == 2)
        assert run.statuses[-1].correction.problem.startswith("there is no camera")


def test_the_visible_camera_is_not_asked(monkeypatch):
    device = WithShutter(opens=[], reads=moving(5000))
    with_device(monkeypatch, device)
    with LiveRun("visible") as run:
        run.wait(lambda: len(run.frames) > 2)
        run.corrections = 1
        before = len(run.frames)
        run.wait(lambda: len(run.frames) > before + 10)
        assert device.asked == 0
        assert run.statuses[-1].correction is None
