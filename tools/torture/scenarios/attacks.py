"""What a program that is none of a run's can send to its sockets, without any key."""

import random
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from enum import StrEnum
from random import Random

import zmq

from streamer.clock import HostNs, StreamNs
from streamer.messages import (
    FeatureRequest,
    Message,
    Mode,
    ModeChange,
    PlaybackAction,
    PlaybackCommand,
    ProcessState,
    Status,
    encode,
)
from streamer.transport import TOPICS, Endpoint
from tests.support.mutations import mutated
from tests.support.recordings import result, session, thermal, visible

_JOIN_S = 0.3
_FLUSH_MS = 1500
_HOLD_S = 1.5
_GREETING = b"\xff" + bytes(8) + b"\x7f"
_KINDS = ("flip", "cut", "insert", "delete", "repeat", "zero")
_TAKEN = (Endpoint.HEARTBEAT, Endpoint.COMMAND, Endpoint.PLAYBACK_COMMAND)
"""Endpoints that their readers bind: anybody may publish there."""


class Attack(StrEnum):
    """What is sent."""

    MUTATED = "mutated messages"
    FORGED = "forged heartbeats and requests"
    FAILURE = "a forged failure"
    SUBSCRIPTIONS = "subscriptions"
    SLOW = "readers that read nothing"
    RAW = "connections with other bytes or none"
    KINDS = "sockets of every wrong kind"


def good_message(random: Random) -> bytes:
    """A message of any kind, as bytes."""
    index = random.randrange(1000)
    kinds: list[Callable[[int], Message]] = [visible, thermal, result, session]
    good = forged(random) if random.random() < 0.4 else random.choice(kinds)(index)
    return bytes(encode(good))


def mutated_message(random: Random) -> bytes:
    """The same, damaged in up to four places."""
    data = good_message(random)
    return mutated(data, draw_steps(random, len(data)))


def draw_steps(random: Random, size: int) -> list[tuple[str, float, int]]:
    """Damage for `mutated`: half of it in the first bytes, where the header is."""
    share = random.choice((1.0, min(1.0, 400 / max(1, size))))
    return [
        (random.choice(_KINDS), share * random.random(), random.randrange(256))
        for _ in range(random.randint(1, 4))
    ]


def forged(random: Random) -> Message:
    """A message that is good, and untrue."""
    number = random.choice((0, 1, -1, 2**31, 2**62, -(2**63)))
    huge = random.choice((0.0, 1e12, -1e12, 1e300))
    names = ("inference", "capture.visible", "capture.thermal", "recorder", "viewer", "nobody")
    status = Status(
        process=random.choice(names),
        pid=random.randrange(2**16),
        timestamp_ns=HostNs(number),
        state=random.choice([one for one in ProcessState if one is not ProcessState.FAILED]),
        detail="\x1b[31m" * random.randrange(9) + "[/b]",
        dropped={"visible/late": number, "x" * random.randrange(200): 1},
        ages_ms={"visible": huge, "thermal": huge},
        mode=random.choice(list(Mode)),
        last_sequence=number,
    )
    messages: list[Message] = [
        status,
        ModeChange(StreamNs(number), Mode.HOLD, random.choice(list(Mode)), "forged"),
        FeatureRequest(random.choice(("influence", "", "x" * 1000)), HostNs(number)),
        PlaybackCommand(random.choice(list(PlaybackAction)), huge),
    ]
    return random.choice(messages)


class Attacker:
    """A stranger.

    Args:
        address: of each endpoint of the run.
        seed: of what it sends.
    """

    def __init__(self, address: Callable[[Endpoint], str], seed: int) -> None:
        self._address = address
        self._random = random.Random(seed)

    def do(self, attack: Attack, count: int) -> None:
        """Does it; everything is closed again when it is over."""
        context = zmq.Context()
        context.linger = 0  # what nobody takes is not waited for
        try:
            match attack:
                case Attack.MUTATED:
                    self._publish(context, (mutated_message(self._random) for _ in range(count)))
                case Attack.FORGED:
                    self._publish(context, (encode(forged(self._random)) for _ in range(count)))
                case Attack.FAILURE:
                    failed = Status(
                        process="inference",
                        pid=0,
                        timestamp_ns=HostNs(0),
                        state=ProcessState.FAILED,
                        detail="forged",
                    )
                    self._publish(context, iter([encode(failed)]))
                case Attack.SUBSCRIPTIONS:
                    self._subscribe(context, count)
                case Attack.SLOW:
                    self._read_nothing(context, count)
                case Attack.RAW:
                    self._connect_raw(count)
                case Attack.KINDS:
                    self._connect_wrongly(context)
        finally:
            context.destroy(linger=0)

    def _publish(
        self, context: "zmq.Context[zmq.Socket[bytes]]", messages: Iterator[bytes | memoryview]
    ) -> None:
        sockets = [context.socket(zmq.PUB) for _ in _TAKEN]
        for one, endpoint in zip(sockets, _TAKEN, strict=True):
            one.setsockopt(zmq.SNDHWM, 0)
            one.connect(self._address(endpoint))
        time.sleep(_JOIN_S)
        for message in messages:
            for one in sockets:
                one.send(message)
        for one in sockets:
            one.close(_FLUSH_MS)
        time.sleep(_FLUSH_MS / 1000)

    def _subscribe(self, context: "zmq.Context[zmq.Socket[bytes]]", count: int) -> None:
        sockets = [context.socket(zmq.XSUB) for _ in self._published]
        for one, endpoint in zip(sockets, self._published, strict=True):
            one.setsockopt(zmq.SNDHWM, 0)
            one.connect(self._address(endpoint))
        time.sleep(_JOIN_S)
        for number in range(count):
            kind = self._random.choice((1, 1, 1, 0, 2, 255))
            topic = self._random.randbytes(self._random.randrange(250))
            sockets[number % len(sockets)].send(bytes([kind]) + topic)
        time.sleep(_HOLD_S)

    def _read_nothing(self, context: "zmq.Context[zmq.Socket[bytes]]", count: int) -> None:
        for number in range(count):
            one = context.socket(zmq.SUB)
            one.setsockopt(zmq.SUBSCRIBE, b"")
            one.connect(self._address(self._published[number % len(self._published)]))
        time.sleep(_HOLD_S)

    def _connect_raw(self, count: int) -> None:
        with ExitStack() as held:
            for number in range(count):
                with suppress(OSError):
                    one = held.enter_context(closing(self._raw(list(TOPICS)[number % len(TOPICS)])))
                    said = self._random.choice(
                        (b"", b"GET / HTTP/1.1\r\n\r\n", _GREETING, self._random.randbytes(500))
                    )
                    one.sendall(said)
            time.sleep(_HOLD_S)

    def _raw(self, endpoint: Endpoint) -> socket.socket:
        scheme, _, rest = self._address(endpoint).partition("://")
        if scheme == "ipc":
            one = socket.socket(socket.AF_UNIX)
            one.connect(rest)
            return one
        host, _, port = rest.rpartition(":")
        return socket.create_connection((host, int(port)), timeout=2)

    def _connect_wrongly(self, context: "zmq.Context[zmq.Socket[bytes]]") -> None:
        for kind in (zmq.REQ, zmq.REP, zmq.PUSH, zmq.PULL, zmq.DEALER, zmq.ROUTER, zmq.PAIR):
            for endpoint in TOPICS:
                one = context.socket(kind)
                one.connect(self._address(endpoint))
                with suppress(zmq.ZMQError):
                    one.send(self._random.randbytes(100), zmq.NOBLOCK)
        time.sleep(_HOLD_S)

    @property
    def _published(self) -> list[Endpoint]:
        return [one for one in TOPICS if one not in _TAKEN and one is not Endpoint.ANSWER]
