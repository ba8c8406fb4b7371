"""What waits for a reader that does not read is bounded, and what it misses is counted."""

import threading
import time

import msgspec
import numpy as np
import pytest

from streamer.messages import Frame, PixelFormat, encode
from streamer.messages.sequence import SequenceCounter
from streamer.transport import Addresses, Endpoint, Policy, Publisher, Subscriber

KERNEL_BYTES = 2**20  # what the operating system holds between two sockets, and more


def picture(sequence: int, side: int) -> Frame:
    return Frame(
        stream="thermal",
        sequence=sequence,
        timestamp_ns=sequence,
        pixel_format=PixelFormat.MONO16,
        pixels=np.full((side, side), sequence, np.uint16),
    )


def wait_for_reader(publisher: Publisher) -> None:
    deadline = time.monotonic() + 10
    while not publisher.has_readers(["slow"]):
        assert time.monotonic() < deadline
        time.sleep(0.002)


def received(subscriber: Subscriber, count: int | None = None) -> list[int]:
    """The sequences of all that has waited, or of so many."""
    got: list[int] = []
    patience_ms = 500 if count is None else 10_000
    while len(got) != count and (message := subscriber.receive(patience_ms)) is not None:
        assert isinstance(message, Frame)
        got.append(message.sequence)
    return got


def test_bytes_bound_what_waits(addresses: Addresses) -> None:
    size = len(encode(picture(0, 512)))  # half a megabyte
    tight = msgspec.structs.replace(addresses, queue_bytes=4 * 2**20)
    with (
        Publisher(tight, Endpoint.THERMAL, message_bytes=size) as publisher,
        Subscriber(tight, Endpoint.THERMAL, Policy.EVERY, reader="slow") as slow,
    ):
        wait_for_reader(publisher)
        for sequence in range(100):
            publisher.send(picture(sequence, 512))
        got = received(slow)
        publisher.send(picture(100, 512))
        got += received(slow)
    assert got[-1] == 100
    kept = got[:-1]
    assert tight.queue_bytes / 2 <= len(kept) * size
    assert len(kept) * size <= tight.queue_bytes + 2 * size + KERNEL_BYTES
    counter = SequenceCounter()
    assert sum(counter.missing(sequence) for sequence in got) == 100 - len(kept)


def test_messages_bound_what_waits(addresses: Addresses) -> None:
    few = msgspec.structs.replace(addresses, queue_length=8)
    kernel = 60  # messages of this size that the operating system may hold
    with (
        Publisher(few, Endpoint.THERMAL) as publisher,
        Subscriber(few, Endpoint.THERMAL, Policy.EVERY, reader="slow") as slow,
    ):
        wait_for_reader(publisher)
        for sequence in range(200):
            publisher.send(picture(sequence, 128))  # 32 KB
        assert 8 <= len(received(slow)) <= 8 + 2 + kernel


def test_pictures_that_grow_reach_whoever_announced_itself(addresses: Addresses) -> None:
    tight = msgspec.structs.replace(addresses, queue_bytes=2 * 2**20)
    got: list[int] = []

    def read() -> None:
        with Subscriber(tight, Endpoint.THERMAL, Policy.EVERY, reader="slow") as slow:
            while not got or got[-1] != 5:
                message = slow.receive(20)
                got.extend([message.sequence] if isinstance(message, Frame) else [])

    reading = threading.Thread(target=read, daemon=True)
    with Publisher(tight, Endpoint.THERMAL) as publisher:
        reading.start()
        wait_for_reader(publisher)
        depths = []
        for sequence, side in enumerate((64, 64, 512, 700, 700, 64)):
            publisher.send(picture(sequence, side))
            depths.append(publisher.lossless_depth)
            deadline = time.monotonic() + 10
            while got != list(range(sequence + 1)):
                assert time.monotonic() < deadline, got
                time.sleep(0.002)
        reading.join(10)
    assert depths == [5, 5, 2, 2, 2, 2]


@pytest.mark.parametrize(
    ("message_bytes", "wanted"), [(1, 256), (2**18, 256), (2**20, 64), (2**25, 2), (2**26, 2)]
)
def test_how_many_fit(message_bytes: int, wanted: int) -> None:
    assert Addresses("x").depth(message_bytes) == wanted


def test_what_can_surely_wait_does(addresses: Addresses) -> None:
    """Whatever part of the limit libzmq knows to have been taken when the reader stops."""
    few = msgspec.structs.replace(addresses, queue_length=12)
    with (
        Publisher(few, Endpoint.THERMAL) as publisher,
        Subscriber(few, Endpoint.THERMAL, Policy.EVERY, reader="slow") as slow,
    ):
        wait_for_reader(publisher)
        sequence = 0
        for taken in range(1, 13):
            for _ in range(taken):  # one at a time
                publisher.send(picture(sequence, 350))
                assert received(slow, 1) == [sequence]
                sequence += 1
            first = sequence
            for _ in range(publisher.lossless_depth):
                publisher.send(picture(sequence, 350))
                sequence += 1
            assert received(slow, publisher.lossless_depth) == list(range(first, sequence))
