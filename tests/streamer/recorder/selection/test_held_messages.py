"""What a recorder holds back is bounded in bytes."""

import logging

import pytest

from streamer.messages import Frame, Mode, ModeChange
from streamer.recorder.selection.held_messages import HeldMessages
from streamer.recorder.selection.time_lapse import TimeLapse
from streamer.recorder.selection.triggers import PreTriggerBuffer, Trigger
from streamer.recording.schema import EncodedMessage, encode_message
from tests.support.recordings import INFO, messages, thermal


def encoded(index: int) -> EncodedMessage:
    return encode_message(thermal(index), INFO, index)


def size_of(stored: EncodedMessage) -> int:
    return sum(len(payload.data) for payload in stored.payloads)


def test_the_oldest_make_room_and_that_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    limit = 3.5 * size_of(encoded(0))
    held = HeldMessages(limit)
    left_out = []
    with caplog.at_level(logging.WARNING):
        for index in range(20):
            left_out += held.append(encoded(index))
            assert held.size_bytes <= limit
    kept = held.pop_until(None)
    assert [one.arrived_ns for one in (*left_out, *kept)] == list(range(20))
    assert held.left_out == len(left_out) >= 16
    assert held.size_bytes == 0
    assert len(caplog.records) == 1


def test_a_pre_trigger_longer_than_memory_keeps_the_newest() -> None:
    limit = 5.5 * size_of(encoded(0))
    buffer = PreTriggerBuffer([Trigger("mode")], 3600.0, 1.0, limit)
    for index in range(50):
        buffer.take(thermal(index), encoded(index))
        assert buffer.held_bytes <= limit
    change = ModeChange(50, Mode.GUIDED, Mode.HOLD, "a test")
    written = buffer.take(change, encode_message(change, INFO, 50))
    assert [one.stream for one in written][-1] == "log"
    assert 4 <= len(written) - 1 <= 6


def test_a_time_lapse_holds_no_more_than_it_may_and_forgets_what_never_comes() -> None:
    limit = 50_000.0
    lapse = TimeLapse(0.1, limit)
    most = 0
    for message, arrived_ns in messages(600):  # twenty seconds, without the truth
        if isinstance(message, Frame) and message.stream == "truth":
            continue
        lapse.take(message, encode_message(message, INFO, arrived_ns))
        most = max(most, len(lapse._wanted))
        assert lapse.held_bytes <= limit
    assert most < 100  # of two seconds, not of twenty
