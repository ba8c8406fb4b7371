import time

import numpy as np
import pytest

from streamer.messages import FeatureRequest, Frame, PixelFormat
from streamer.transport import (
    TOPICS,
    Addresses,
    Endpoint,
    Policy,
    Publisher,
    Subscriber,
    TransportError,
    wait_any,
)
from tests.support.frames import frame


def wait_for_readers(publisher: Publisher, *names: str) -> None:
    deadline = time.monotonic() + 5
    while not publisher.has_readers(names):
        assert time.monotonic() < deadline, f"not all of {names} are subscribed"
        time.sleep(0.002)


def receive(subscriber: Subscriber) -> Frame:
    message = subscriber.receive(10_000)
    assert isinstance(message, Frame), "nothing came within ten seconds"
    return message


def sequences(subscriber: Subscriber, last: int) -> list[int]:
    """The sequences of what comes, up to and with the last one, and that nothing waits behind."""
    got = [receive(subscriber).sequence]
    while got[-1] != last:
        got.append(receive(subscriber).sequence)
    assert subscriber.receive() is None
    return got


def test_every_takes_all_and_latest_the_newest(addresses: Addresses) -> None:
    with (
        Publisher(addresses, Endpoint.THERMAL) as publisher,
        Subscriber(addresses, Endpoint.THERMAL, Policy.EVERY, reader="a") as every,
        Subscriber(addresses, Endpoint.THERMAL, Policy.LATEST, reader="b") as latest,
    ):
        wait_for_readers(publisher, "a", "b")
        for sequence in range(100):
            publisher.send(frame("thermal", sequence, sequence))
        assert sequences(every, 99) == list(range(100))
        # the last may still be on its way here, but what it replaces is not queued
        assert len(sequences(latest, 99)) < 10


def test_foreign_bytes_are_counted_and_the_rest_goes_on(addresses: Addresses) -> None:
    with (
        Publisher(addresses, Endpoint.VISIBLE) as publisher,
        Subscriber(addresses, Endpoint.VISIBLE, Policy.EVERY, reader="a") as subscriber,
    ):
        wait_for_readers(publisher, "a")
        publisher.send(frame("visible", 1, 0))
        publisher.send_bytes(b"GET / HTTP/1.1\r\n")
        publisher._socket.zmq.send_multipart([b"two", b"parts"])
        publisher.send(frame("visible", 2, 33))
        assert sequences(subscriber, 2) == [1, 2]
        assert subscriber.malformed == 2


def test_what_is_posted_waits_for_its_first_reader(addresses: Addresses) -> None:
    with Publisher(addresses, Endpoint.HEARTBEAT, bind=False) as publisher:
        for sequence in range(3):
            publisher.post(frame("visible", sequence, 0))
        with Subscriber(addresses, Endpoint.HEARTBEAT, Policy.EVERY, bind=True) as subscriber:
            deadline = time.monotonic() + 10
            while (first := subscriber.receive(2)) is None:
                assert time.monotonic() < deadline, "nothing came within ten seconds"
                publisher.deliver()
            assert isinstance(first, Frame)
            assert [first.sequence, *sequences(subscriber, 2)] == [0, 1, 2]
            publisher.post(frame("visible", 3, 0))  # nothing waits any more
            assert receive(subscriber).sequence == 3


def test_of_more_than_can_wait_for_a_reader_the_oldest_are_lost_each_with_a_word(
    addresses: Addresses, caplog
) -> None:
    with Publisher(addresses, Endpoint.HEARTBEAT, bind=False) as publisher:
        for sequence in range(66):
            publisher.post(frame("visible", sequence, 0))
        assert caplog.messages == ["heartbeat: 64 wait for a reader; the oldest is lost"] * 2
        with Subscriber(addresses, Endpoint.HEARTBEAT, Policy.EVERY, bind=True) as subscriber:
            deadline = time.monotonic() + 10
            while (first := subscriber.receive(2)) is None:
                assert time.monotonic() < deadline, "nothing came within ten seconds"
                publisher.deliver()
            assert isinstance(first, Frame)
            assert first.sequence == 2
            assert sequences(subscriber, 65) == list(range(3, 66))


def test_a_message_over_the_limit_is_refused_by_its_sender(addresses: Addresses) -> None:
    small = Addresses(addresses.base, max_message_bytes=1000)
    big = Frame(
        stream="thermal",
        sequence=0,
        timestamp_ns=0,
        pixel_format=PixelFormat.MONO16,
        pixels=np.zeros((100, 100), np.uint16),
    )
    with (
        Publisher(small, Endpoint.THERMAL) as publisher,
        pytest.raises(TransportError, match=r"thermal: a message of 20\d\d\d bytes: at most 1000"),
    ):
        publisher.send(big)


def test_many_publishers_feed_one_bound_reader(addresses: Addresses) -> None:
    with (
        Subscriber(addresses, Endpoint.COMMAND, Policy.EVERY, bind=True) as reader,
        Publisher(addresses, Endpoint.COMMAND, bind=False) as one,
        Publisher(addresses, Endpoint.COMMAND, bind=False) as two,
    ):
        heard: set[str] = set()
        deadline = time.monotonic() + 5
        while heard != {"one", "two"} and time.monotonic() < deadline:
            one.send(FeatureRequest("one", 0))
            two.send(FeatureRequest("two", 0))
            message = reader.receive(20)
            heard |= {message.name} if isinstance(message, FeatureRequest) else set()
        assert heard == {"one", "two"}


def test_a_path_too_long_for_a_socket_is_named() -> None:
    with pytest.raises(TransportError, match="at most 107 fit"):
        Addresses("/tmp/" + "x" * 120).of(Endpoint.SR)


def test_waiting_returns_who_has_something(addresses: Addresses) -> None:
    with (
        Publisher(addresses, Endpoint.THERMAL) as publisher,
        Subscriber(addresses, Endpoint.THERMAL, Policy.EVERY, reader="a") as thermal,
        Subscriber(addresses, Endpoint.VISIBLE, Policy.EVERY) as visible,
    ):
        wait_for_readers(publisher, "a")
        assert wait_any([thermal, visible], 10) == []
        publisher.send(frame("thermal", 0, 0))
        assert wait_any([thermal, visible], 2000) == [thermal]


def test_readers_are_known_by_name_and_strangers_never_count(addresses: Addresses) -> None:
    with Publisher(addresses, Endpoint.THERMAL) as publisher:
        with (
            Subscriber(addresses, Endpoint.THERMAL, Policy.EVERY),
            Subscriber(addresses, Endpoint.THERMAL, Policy.LATEST, reader="viewer") as viewer,
        ):
            wait_for_readers(publisher, "viewer")
            assert not publisher.has_readers(["viewer", "recorder"])
            publisher.send(frame("thermal", 1, 0))
            assert viewer.receive(5000) is not None
        deadline = time.monotonic() + 5
        while publisher.has_readers(["viewer"]):
            assert time.monotonic() < deadline, "it has left, and still counts"
        assert publisher.has_readers([])


@pytest.mark.parametrize("policy", list(Policy))
def test_a_reader_announces_itself_to_the_next_life_of_a_publisher(
    addresses: Addresses, policy: Policy
) -> None:
    with Subscriber(addresses, Endpoint.THERMAL, policy, reader="viewer") as viewer:
        for _ in range(2):
            with Publisher(addresses, Endpoint.THERMAL) as publisher:
                deadline = time.monotonic() + 10
                while not publisher.has_readers(["viewer"]):
                    assert time.monotonic() < deadline
                    assert wait_any([viewer], 5) == []


def test_a_port_never_moves() -> None:
    """Who has opened these in a firewall, or follows a run by tcp, relies on them."""
    ports = {endpoint.value: topic.port for endpoint, topic in TOPICS.items()}
    assert ports == {
        "visible": 0,
        "thermal": 1,
        "truth": 2,
        "sr": 3,
        "influence": 4,
        "heartbeat": 5,
        "session": 6,
        "command": 7,
        "clock": 8,
        "answer": 9,
        "playback_command": 10,
        "compare": 11,
        "thumbnail": 12,
        "predicted": 13,
    }
    assert set(TOPICS) == set(Endpoint)
