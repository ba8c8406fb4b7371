"""What a program that is none of a run's can send to its sockets, without any key."""

import random
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from enum import StrEnum

import zmq

from streamer.clock import HostNs
from streamer.messages import (
    ProcessState,
    Status,
    encode,
)
from streamer.transport import TOPICS, Endpoint
from tools.torture.crafted.wire import forged, mutated_message

_JOIN_S = 0.3
_FLUSH_MS = 1500
_HOLD_S = 1.5
_GREETING = b"\xff" + bytes(8) + b"\x7f"
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
