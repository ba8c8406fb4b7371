"""Which moments a recording keeps, and what around them."""

import msgspec
import numpy as np
import pytest

from streamer.clock import StreamNs
from streamer.messages import ModeChange, Radiometry
from streamer.recorder.selection.triggers import PreTriggerBuffer, Trigger, parse_trigger
from streamer.recording import RecordingError
from streamer.recording.schema import encode_message
from tests.support.recordings import INFO, START, S, messages, result, session, thermal


@pytest.mark.parametrize(
    ("text", "trigger"),
    [
        ("max_celsius > 60", Trigger("max", ">", 60.0)),
        ("min_celsius<-5.5", Trigger("min", "<", -5.5)),
        (" mode ", Trigger("mode")),
    ],
)
def test_conditions(text: str, trigger: Trigger) -> None:
    assert parse_trigger(text) == trigger


@pytest.mark.parametrize("text", ["max > 60", "max_celsius >= 60", "max_celsius", ""])
def test_a_condition_typed_wrong_is_told_how(text: str) -> None:
    with pytest.raises(RecordingError, match='"max_celsius > 60"'):
        parse_trigger(text)


def test_limits_are_of_the_sensor_and_never_of_a_shutter() -> None:
    hot, shut = thermal(0), thermal(3)
    celsius = hot.pixels.max() * 0.01 + 0.5 - 273.15
    assert Trigger("max", ">", celsius - 0.01).fires(hot)
    assert not Trigger("max", ">", celsius + 0.01).fires(hot)
    assert Trigger("min", "<", celsius).fires(hot)
    assert not Trigger("max", ">", 0).fires(shut)
    assert not Trigger("max", ">", 0).fires(result(0))
    assert not Trigger("max", ">", 0).fires(msgspec.structs.replace(hot, radiometry=None))


def test_telemetry_and_dead_pixels_fire_nothing() -> None:
    pixels = np.full((25, 32), 30000, np.uint16)
    pixels[8:12, 8:12] = 31000
    pixels[24], pixels[3, 5], pixels[17] = 60000, 65535, 0
    frame = msgspec.structs.replace(thermal(0), pixels=pixels, radiometry=Radiometry(0.01, 0.0))
    assert not Trigger("max", ">", 100.0).fires(frame)
    assert not Trigger("min", "<", -100.0).fires(frame)
    assert Trigger("max", ">", 36.8).fires(frame)


def test_pixels_that_were_found_bad_fire_nothing() -> None:
    pixels = np.full((24, 32), 30000, np.uint16)
    pixels[3, 5], pixels[17, 20] = 52000, 9000
    frame = msgspec.structs.replace(thermal(0), pixels=pixels, radiometry=Radiometry(0.01, 0.0))
    hot, cold = Trigger("max", ">", 100.0), Trigger("min", "<", -100.0)
    assert hot.fires(frame)
    assert cold.fires(frame)
    assert not hot.fires(frame, ((5, 3),))
    assert not cold.fires(frame, ((5, 3), (20, 17), (99, 99)))
    told = session(1)
    worker = msgspec.structs.replace(told.statuses["inference"], bad_pixels=((5, 3),))
    told = msgspec.structs.replace(told, statuses={"inference": worker})
    buffer = PreTriggerBuffer([hot], before_s=0.0, after_s=0.0)
    written = []
    for arrived_ns, message in enumerate((frame, told, frame, frame)):
        written += buffer.take(message, encode_message(message, INFO, StreamNs(arrived_ns)))
    assert len(written) == 1


def test_limits_are_degrees_where_counts_fall_with_the_temperature() -> None:
    frame = thermal(0)
    falling = msgspec.structs.replace(frame, radiometry=Radiometry(-0.01, 600.0))
    low, high = falling.pixels.min(), falling.pixels.max()
    hottest, coldest = 600.0 - low * 0.01 - 273.15, 600.0 - high * 0.01 - 273.15
    assert Trigger("max", ">", hottest - 0.01).fires(falling)
    assert not Trigger("max", ">", hottest + 0.01).fires(falling)
    assert Trigger("min", "<", coldest + 0.01).fires(falling)
    assert not Trigger("min", "<", coldest - 0.01).fires(falling)


def test_the_gate_holds_back_lets_through_and_closes_again() -> None:
    buffer = PreTriggerBuffer([Trigger("mode")], before_s=0.1, after_s=0.5)
    written = []
    for message, arrived_ns in messages(60):
        if isinstance(message, ModeChange) and message.timestamp_ns > START + 0.2 * S:
            continue  # one change alone, 138 ms after the start
        written += buffer.take(message, encode_message(message, INFO, arrived_ns))
    times = [(one.arrived_ns - START) / S for one in written]
    assert times == sorted(times)
    assert times[0] == pytest.approx(0.038, abs=0.034)
    assert times[-1] == pytest.approx(0.638, abs=0.034)
    assert not buffer.open
