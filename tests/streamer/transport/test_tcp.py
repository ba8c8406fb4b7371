"""A run on tcp among strangers: any program of the host can reach its ports."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import msgspec
import numpy as np
import pytest
import rich.pretty
import zmq

from streamer.messages import FeatureRequest, Frame, ModeChange, PixelFormat, encode
from streamer.messages.frames import Mode
from streamer.transport import (
    Addresses,
    Endpoint,
    EndpointTakenError,
    Policy,
    Publisher,
    RunKeys,
    Subscriber,
    TransportError,
    refused_connections,
)
from streamer.transport.authenticator import close_authenticator
from tests.support.frames import frame

DEADLINE_S = 20.0
FORGED = bytes(encode(ModeChange(1, Mode.GUIDED, Mode.NO_SIGNAL, "forged")))


def until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.005)


@contextmanager
def stranger(kind: int, address: str, keys: RunKeys | None = None) -> Iterator[zmq.Socket]:
    """A foreign program's socket, connected."""
    with zmq.Context() as context, context.socket(kind) as connected:
        connected.linger = 0
        if keys is not None:
            keys.present(connected)
        if kind == zmq.SUB:
            connected.subscribe(b"")
        connected.connect(address)
        yield connected


def refused_at(endpoint: Endpoint) -> int:
    """Which cause a refused connection counts under depends on which side ends it first."""
    counts = refused_connections().items()
    return sum(count for cause, count in counts if cause.startswith(f"{endpoint}/"))


def guessed(keys: RunKeys, **known: str) -> RunKeys:
    return msgspec.structs.replace(RunKeys.generate(), **known)


def test_a_runs_own_processes_know_each_other(tcp_addresses: Addresses) -> None:
    close_authenticator()  # strangers of other tests may not all be counted yet
    with (
        Publisher(tcp_addresses, Endpoint.THERMAL) as publisher,
        Subscriber(tcp_addresses, Endpoint.THERMAL, Policy.EVERY, reader="worker") as every,
        Subscriber(tcp_addresses, Endpoint.THERMAL, Policy.LATEST, reader="viewer") as latest,
        Subscriber(tcp_addresses, Endpoint.HEARTBEAT, Policy.EVERY, bind=True) as heartbeats,
        Publisher(tcp_addresses, Endpoint.HEARTBEAT, bind=False) as heart,
    ):
        until(lambda: publisher.has_readers(["worker", "viewer"]))
        for sequence in range(5):
            publisher.send(frame("thermal", sequence, 0))
        assert [every.receive(5000).sequence for _ in range(5)] == list(range(5))
        assert latest.receive(5000) is not None

        def beaten() -> object:
            heart.send(FeatureRequest("influence", 1))
            return heartbeats.receive()

        until(beaten)
    assert refused_connections() == {}


@pytest.mark.parametrize("kind", [zmq.SUB, zmq.XSUB, zmq.PUB, zmq.DEALER])
@pytest.mark.parametrize("knows", ["nothing", "the servers", "the clients"])
def test_a_stranger_is_refused_and_counted(tcp_addresses: Addresses, kind: int, knows: str) -> None:
    own = tcp_addresses.keys
    assert own is not None
    keys = {
        "nothing": None,
        "the servers": guessed(own, server_secret=own.server_secret),
        "the clients": guessed(own, client_secret=own.client_secret),
    }[knows]
    before = refused_at(Endpoint.THERMAL)
    with (
        Publisher(tcp_addresses, Endpoint.THERMAL) as publisher,
        stranger(kind, tcp_addresses.of(Endpoint.THERMAL), keys) as uninvited,
    ):
        if kind in (zmq.XSUB, zmq.PUB, zmq.DEALER):
            for number in range(100):
                uninvited.send(b"\x01\xffreader:viewer%d" % number, zmq.NOBLOCK)
        until(lambda: refused_at(Endpoint.THERMAL) > before)
        publisher.send(frame("thermal", 0, 0))
        if kind != zmq.PUB:
            assert not uninvited.poll(50)
        assert not publisher.has_readers(["viewer1"])


def test_what_a_stranger_publishes_reaches_nobody(tcp_addresses: Addresses) -> None:
    with (
        Subscriber(tcp_addresses, Endpoint.HEARTBEAT, Policy.EVERY, bind=True) as heartbeats,
        Publisher(tcp_addresses, Endpoint.HEARTBEAT, bind=False) as own,
        stranger(zmq.PUB, tcp_addresses.of(Endpoint.HEARTBEAT)) as uninvited,
    ):
        got = []

        def beaten() -> bool:
            uninvited.send(FORGED)
            own.send(FeatureRequest("influence", 1))
            got.append(heartbeats.receive())
            return got.count(FeatureRequest("influence", 1)) >= 10

        until(beaten)
        assert all(message in (None, FeatureRequest("influence", 1)) for message in got)
        assert heartbeats.malformed == 0


def test_what_is_no_handshake_is_counted(tcp_addresses: Addresses) -> None:
    """After the second in which it might still become one."""
    calls = [b"", b"GET / HTTP/1.1\r\n\r\n", bytes(100), b"\xff" + bytes(8) + b"\x7f\x03\x00NULL"]
    before = refused_at(Endpoint.VISIBLE)
    host, _, port = tcp_addresses.of(Endpoint.VISIBLE).removeprefix("tcp://").partition(":")
    with (
        Publisher(tcp_addresses, Endpoint.VISIBLE) as publisher,
        Subscriber(tcp_addresses, Endpoint.VISIBLE, Policy.EVERY, reader="worker") as reader,
    ):
        until(lambda: publisher.has_readers(["worker"]))
        for said in 3 * calls:
            with socket.create_connection((host, int(port))) as caller:
                caller.sendall(said)
        until(lambda: refused_at(Endpoint.VISIBLE) == before + 3 * len(calls))
        publisher.send(frame("visible", 1, 0))
        assert reader.receive(5000) is not None


def test_a_taken_port_is_named(tcp_addresses: Addresses) -> None:
    address = tcp_addresses.of(Endpoint.VISIBLE)
    with zmq.Context() as context, context.socket(zmq.PUB) as taken:
        taken.bind(address)
        with pytest.raises(EndpointTakenError, match=rf"endpoint visible at {address}: Address"):
            Publisher(tcp_addresses, Endpoint.VISIBLE)
    Publisher(tcp_addresses, Endpoint.VISIBLE).close()


@contextmanager
def forger(address: str, kind: str) -> Iterator[Callable[[], object]]:
    """Somebody at a port of the run who publishes what it should not; call it to do so."""
    with ExitStack() as open_things:
        if kind == "no zmq":
            host, _, port = address.removeprefix("tcp://").partition(":")
            listening = open_things.enter_context(socket.create_server((host, int(port))))
            listening.settimeout(0.05)

            def answer() -> None:
                try:
                    caller, _ = listening.accept()
                except TimeoutError:
                    return
                with caller:
                    caller.sendall(b"HTTP/1.1 200 OK\r\n\r\n")

            yield answer
            return
        context = open_things.enter_context(zmq.Context())
        foreign = open_things.enter_context(context.socket(zmq.PUB))
        foreign.linger = 0
        if kind == "other keys":
            foreign.curve_server, foreign.curve_secretkey = True, zmq.curve_keypair()[1]
        foreign.bind(address)
        yield lambda: foreign.send(FORGED)


@pytest.mark.parametrize("kind", ["no keys", "other keys", "no zmq"])
def test_a_forger_at_the_port_is_not_believed_and_the_readers_come_back(
    tcp_addresses: Addresses, kind: str
) -> None:
    """As between the death of a process and its next life."""
    with ExitStack() as open_readers:
        readers = {
            f"{policy}": open_readers.enter_context(
                Subscriber(tcp_addresses, Endpoint.SR, policy, reader=f"{policy}")
            )
            for policy in Policy
        }
        with forger(tcp_addresses.of(Endpoint.SR), kind) as forge:
            until_s = time.monotonic() + 0.7  # several tries of each reader to connect
            while time.monotonic() < until_s:
                forge()
                assert [reader.receive(3) for reader in readers.values()] == [None, None]
        with Publisher(tcp_addresses, Endpoint.SR) as publisher:

            def back() -> bool:
                assert [reader.receive() for reader in readers.values()] == [None, None]
                return publisher.has_readers(readers)

            until(back)
            waiting = dict(readers)

            def received() -> bool:
                publisher.send(frame("thermal", 3, 0))
                for name, reader in list(waiting.items()):
                    got = reader.receive()
                    if isinstance(got, Frame) and got.sequence == 3:
                        del waiting[name]
                return not waiting

            until(received)


@pytest.mark.parametrize("bind", [True, False])
def test_without_keys_nothing_is_opened(tcp_addresses: Addresses, bind: bool) -> None:
    open_to_all = msgspec.structs.replace(tcp_addresses, keys=None)
    with pytest.raises(TransportError, match=r"command at tcp://\S+: the keys of its run"):
        Publisher(open_to_all, Endpoint.COMMAND, bind=bind)
    with pytest.raises(TransportError, match="the keys of its run wanted"):
        Subscriber(open_to_all, Endpoint.COMMAND, Policy.EVERY, bind=bind)


def test_the_longest_message_arrives(tcp_addresses: Addresses) -> None:
    pixels = np.zeros((100, 100), np.uint16)
    longest = Frame(
        stream="thermal",
        sequence=7,
        timestamp_ns=0,
        pixel_format=PixelFormat.MONO16,
        pixels=pixels,
    )
    exact = msgspec.structs.replace(tcp_addresses, max_message_bytes=len(encode(longest)))
    with (
        Publisher(exact, Endpoint.THERMAL) as publisher,
        Subscriber(exact, Endpoint.THERMAL, Policy.EVERY, reader="a") as reader,
    ):
        until(lambda: publisher.has_readers(["a"]))
        publisher.send(longest)
        assert reader.receive(5000) is not None


def test_keys_are_not_shown(tcp_addresses: Addresses) -> None:
    keys = tcp_addresses.keys
    assert keys is not None
    for shown in (repr(tcp_addresses), str(keys), rich.pretty.pretty_repr(tcp_addresses)):
        assert keys.server_secret not in shown
        assert keys.client_secret not in shown
    assert keys != RunKeys.generate()
    coming = msgspec.json.decode(msgspec.json.encode(tcp_addresses), type=Addresses)
    assert coming == tcp_addresses
