"""Time lapse, with the time handed in."""

from collections.abc import Iterator

import msgspec
import pytest

from streamer.messages import Mode, SuperResolvedFrame
from streamer.recorder.selection.time_lapse import TimeLapse
from streamer.recording import TimestampedMessage
from streamer.recording.schema import encode_message
from tests.support.recordings import INFO, START, S, messages


def kept(given: Iterator[TimestampedMessage], every_s: float) -> list[tuple[str, int, float]]:
    """(stream, sequence, seconds) of what is written of these messages, in order."""
    lapse = TimeLapse(every_s)
    written = []
    for message, arrived_ns in given:
        written += lapse.take(message, encode_message(message, INFO, arrived_ns))
    written += lapse.flush()
    return [(one.stream, one.sequence, (one.arrived_ns - START) / S) for one in written]


def test_one_whole_set_is_kept_an_interval() -> None:
    written = kept(messages(60), 0.3)  # two seconds
    results = [(sequence, at_s) for stream, sequence, at_s in written if stream == "sr"]
    assert [at_s for _, at_s in results] == pytest.approx(
        [0.016 + 0.3 * number for number in range(7)], abs=0.033
    )
    sequences = {sequence for sequence, _ in results}
    frames = {(stream, sequence) for stream, sequence, _ in written if stream != "session"}
    assert {("thermal", 2**33 + one) for one in sequences} <= frames
    assert {("truth", 2**33 + one) for one in sequences} <= frames
    assert {("visible", one) for one in sequences if one % 2} <= frames  # these are guided
    pictures = [one for one in frames if one[0] in ("thermal", "truth", "visible", "sr")]
    assert len(pictures) == 3 * len(sequences) + sum(one % 2 for one in sequences)
    times = [at_s for _, _, at_s in written]
    assert times == sorted(times)


def test_a_worker_that_is_behind_has_its_frames_kept_for_it() -> None:
    def late() -> Iterator[TimestampedMessage]:
        """Results that are published and come three seconds after their frames."""
        given = []
        for message, arrived_ns in messages(150):
            if isinstance(message, SuperResolvedFrame):
                arrived_ns += 3 * S
                message = msgspec.structs.replace(message, published_ns=arrived_ns)
            given.append(TimestampedMessage(message, arrived_ns))
        yield from sorted(given, key=lambda item: item.arrived_ns)

    written = [(stream, sequence) for stream, sequence, _ in kept(late(), 0.3)]
    results = [sequence for stream, sequence in written if stream == "sr"]
    assert len(results) > 10
    assert {("thermal", 2**33 + one) for one in results} <= set(written)
    assert {("visible", one) for one in results if one % 2} <= set(written)


def test_a_held_result_is_not_fresh() -> None:
    def held() -> Iterator[TimestampedMessage]:
        for message, arrived_ns in messages(20):
            if isinstance(message, SuperResolvedFrame):
                message = msgspec.structs.replace(message, mode=Mode.HOLD)
            yield TimestampedMessage(message, arrived_ns)

    assert not [one for one in kept(held(), 0.3) if one[0] == "sr"]
