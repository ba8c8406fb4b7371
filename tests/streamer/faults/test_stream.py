"""What planned faults make of a stream, frame by frame, with the time handed in."""

from itertools import islice

import numpy as np
import pytest

from streamer.clock import NS_PER_MS, NS_PER_S, StreamNs
from streamer.faults import stream as module
from streamer.faults.injection import FaultPlan, parse_injection
from streamer.faults.stream import FaultyStream, Outgoing, RepeatDetector, foreign_messages
from streamer.messages import Frame, FrameFlag, MessageError, PixelFormat, decode

ZERO = 40 * NS_PER_S
RATE_HZ = 60


def frame(sequence: int) -> Frame:
    pixels = np.full((6, 8), 30000 + sequence, np.uint16)
    pixels[0, 0] += 7  # not flat by itself
    return Frame(
        stream="thermal",
        sequence=sequence,
        timestamp_ns=StreamNs(ZERO + sequence * NS_PER_S // RATE_HZ),
        pixel_format=PixelFormat.MONO16,
        pixels=pixels,
    )


def played(spec: str, seconds: float = 1.0) -> tuple[list[Outgoing], FaultyStream]:
    """A second of frames, each due at its own moment, and what was sent of them when."""
    stream = FaultyStream(FaultPlan([parse_injection(spec, 0.3)], "thermal"))
    sent: list[Outgoing] = []
    for sequence in range(round(seconds * RATE_HZ)):
        one = frame(sequence)
        stream.take(one, one.pixels, one.timestamp_ns, StreamNs(ZERO))
        sent += stream.due(one.timestamp_ns)
    sent += stream.due(StreamNs(ZERO + 100 * NS_PER_S))
    return sent, stream


def sequences(sent: list[Outgoing]) -> list[int]:
    return [one.frame.sequence for one in sent]


def test_drop_leaves_out_the_frames_of_its_span_and_counts_them() -> None:
    sent, stream = played("drop:thermal@0.3-0.6")
    assert sequences(sent) == [*range(18), *range(36, 60)]
    assert stream.dropped == 18


def test_freeze_repeats_the_last_picture() -> None:
    sent, _ = played("freeze:thermal@0.3-0.6")
    assert sequences(sent) == list(range(60))
    repeats = RepeatDetector()
    repeated = [one.frame.sequence for one in sent if repeats.is_repeated(one.frame.pixels)]
    assert repeated == list(range(18, 36))
    marked = [one.frame.sequence for one in sent if FrameFlag.REPEATED in one.frame.flags]
    assert marked == repeated
    assert all(one.frame.pixels is sent[17].frame.pixels for one in sent[18:36])
    assert [one.frame.timestamp_ns for one in sent] == [frame(n).timestamp_ns for n in range(60)]


def test_delay_sends_late_with_true_times_and_in_order() -> None:
    sent, _ = played("delay:thermal=120ms@0.3-0.6")
    assert sequences(sent) == list(range(60))
    late_ms = [(one.release_ns - one.frame.timestamp_ns) / NS_PER_MS for one in sent]
    assert late_ms[:18] == [0] * 18
    assert late_ms[18:36] == [120] * 18
    assert late_ms[36] == pytest.approx(120 - 1000 / RATE_HZ, abs=0.01)  # not before the one ahead
    assert late_ms[44:] == [0] * 16  # and then as before
    assert [one.release_ns for one in sent] == sorted(one.release_ns for one in sent)


def test_a_shutter_is_one_flat_picture_that_says_so_and_has_no_truth() -> None:
    sent, _ = played("ffc:thermal@0.3")
    closed = sent[18:36]
    assert all(one.frame.flags == (FrameFlag.FFC,) for one in closed)
    assert all(np.ptp(one.frame.pixels) == 0 and one.truth is None for one in closed)
    others = sent[:18] + sent[36:]
    assert not any(one.frame.flags for one in others)
    assert all(one.truth is not None for one in others)


def test_before_the_first_result_there_are_no_faults() -> None:
    stream = FaultyStream(FaultPlan([parse_injection("drop:thermal@0-9", 0.3)], "thermal"))
    stream.take(frame(0), None, StreamNs(ZERO), None)
    assert len(list(stream.due(StreamNs(ZERO)))) == 1


def test_foreign_messages_are_none_of_ours() -> None:
    for data in islice(foreign_messages(frame(0)), 50):
        with pytest.raises(MessageError):
            decode(data)


def test_a_constant_scene_is_no_frozen_sensor() -> None:
    repeats = RepeatDetector()
    still = np.full((24, 32), 29000, np.uint16)
    assert not any(repeats.is_repeated(still.copy()) for _ in range(50))
    assert not repeats.is_repeated(still + 1)  # it can change,
    assert repeats.is_repeated(still + 1)  # so that it does not is telling


def test_a_delay_holds_back_no_more_than_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_BYTES", 10 * frame(0).pixels.nbytes)
    delay = parse_injection("delay:thermal=999999999ms@0-9", 0.3)
    stream = FaultyStream(FaultPlan([delay], "thermal"))
    for index in range(30):
        stream.take(frame(index), None, StreamNs(ZERO), StreamNs(ZERO))
    assert stream.dropped == 20
    late_ns = StreamNs(ZERO + 10**18)
    assert [one.frame.sequence for one in stream.due(late_ns)] == list(range(10))
    stream.take(frame(30), None, StreamNs(ZERO), StreamNs(ZERO))
    assert stream.dropped == 20  # there is room again
