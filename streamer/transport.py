"""Sockets. The only module that imports zmq.

Every endpoint carries single-part messages from publishers to subscribers. Freshness is the
reader's choice: `latest` keeps one message (CONFLATE), `every` queues all of them. A small
high-water mark would not do for `latest`: it keeps the oldest messages, not the newest.
One socket, one thread.
"""

import logging
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec
import zmq

from streamer.errors import CorefusionError
from streamer.messages import Message, MessageError, decode, encode

__all__ = [
    "Addresses",
    "Endpoint",
    "Policy",
    "Publisher",
    "Subscriber",
    "TransportError",
    "close_sockets",
    "wait_any",
]

log = logging.getLogger(__name__)

_IPC_PATH_LIMIT = 107  # sockaddr_un.sun_path of Linux, without its closing zero
_LOG_EVERY = 100


class TransportError(CorefusionError):
    """An endpoint that cannot be used; names it and the reason."""


class Policy(StrEnum):
    """What a subscriber wants of the messages that it did not take in time."""

    LATEST = "latest"  # the newest alone; older ones are overwritten
    EVERY = "every"  # all of them, in a queue of `transport.queue_length`


class Endpoint(StrEnum):
    """Every address of a run, by what it carries. The order gives the tcp port."""

    VISIBLE = "visible"  # camera or player -> worker, viewer, recorder: `frame`
    THERMAL = "thermal"  # camera or player -> worker, viewer, recorder, report: `frame`
    TRUTH = "truth"  # camera or player -> report, recorder: `frame`; the worker never reads it
    SR = "sr"  # worker -> viewer, recorder, report: `sr`
    INFLUENCE = "influence"  # worker -> viewer: `frame`, what the guide added, while it is shown
    HEARTBEAT = "heartbeat"  # every process -> supervisor: `status`, `mode_change`
    SESSION = "session"  # supervisor -> every process: `session`, `mode_change`
    COMMAND = "command"  # viewer -> worker: `command`
    CLOCK = "clock"  # player -> every process: `player`, or the `step`s of lockstep
    ANSWER = "answer"  # worker -> player, in lockstep: `answer`
    PLAYBACK_COMMAND = "wish"  # viewer -> player: `wish`
    COMPARE = "compare"  # second worker -> viewer, report: `sr` of the second model of a comparison
    THUMBNAIL = "thumbnail"  # player -> viewer: `frame`, a moment that was pointed at, small


class Addresses(msgspec.Struct, frozen=True):
    """Where the endpoints of one run are: `ipc` in a private directory, or `tcp` from a port on."""

    base: str
    max_message_bytes: int = 64 * 1024 * 1024
    queue_length: int = 256

    def of(self, endpoint: Endpoint) -> str:
        """The zmq address of an endpoint.

        Raises:
            TransportError: the ipc path is longer than the operating system takes.
        """
        if self.base.startswith("tcp://"):
            host, _, port = self.base.rpartition(":")
            return f"{host}:{int(port) + list(Endpoint).index(endpoint)}"
        path = Path(self.base) / endpoint.value
        if len(str(path)) > _IPC_PATH_LIMIT:
            raise TransportError(
                f"socket path {path} has {len(str(path))} characters: at most {_IPC_PATH_LIMIT} fit"
            )
        return f"ipc://{path}"


class _Socket:
    """What publishers and subscribers share: one zmq socket that never delays the exit."""

    def __init__(self, kind: int, addresses: Addresses, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self._max_message_bytes = addresses.max_message_bytes
        self._address = addresses.of(endpoint)
        self._socket: zmq.Socket[bytes] = zmq.Context.instance().socket(kind)
        self._socket.setsockopt(zmq.LINGER, 0)
        self._socket.setsockopt(zmq.MAXMSGSIZE, addresses.max_message_bytes)
        self._socket.setsockopt(zmq.RECONNECT_IVL, 50)
        self._socket.setsockopt(zmq.RECONNECT_IVL_MAX, 500)

    def _attach(self, bind: bool) -> None:
        try:
            (self._socket.bind if bind else self._socket.connect)(self._address)
        except zmq.ZMQError as error:
            self._socket.close()
            verb = "bind" if bind else "connect to"
            raise TransportError(
                f"cannot {verb} endpoint {self.endpoint} at {self._address}: {error.strerror}; "
                "another run may hold it (transport.port moves a tcp run)"
            ) from error

    def close(self, *, linger_ms: int = 0) -> None:
        """Frees the socket. Its file stays until the run's directory is removed.

        Args:
            linger_ms: how long the last messages may still take to go out.
        """
        self._socket.close(linger_ms)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class Publisher(_Socket):
    """Sends to whoever listens; never waits for a slow reader.

    `bind=False` lets many publishers feed one bound subscriber.
    """

    def __init__(self, addresses: Addresses, endpoint: Endpoint, *, bind: bool = True) -> None:
        super().__init__(zmq.XPUB if bind else zmq.PUB, addresses, endpoint)
        self._socket.setsockopt(zmq.SNDHWM, addresses.queue_length)
        if bind:
            self._socket.setsockopt(zmq.XPUB_VERBOSER, 1)  # tells of each (un)subscription
        self._subscribers = 0
        self._bound = bind
        self._attach(bind)

    def send(self, message: Message) -> None:
        """Encodes and sends a message without copying its pixels a second time.

        Raises:
            TransportError: it is longer than readers take. A reader refuses such a message by
                leaving for good (libzmq does not reconnect after it), so it must not get there.
        """
        data = encode(message)
        if len(data) > self._max_message_bytes:
            raise TransportError(
                f"{self.endpoint}: a message of {len(data)} bytes: at most "
                f"{self._max_message_bytes} are taken (transport.max_message_mb)"
            )
        self.send_bytes(data)

    def send_bytes(self, data: bytes | memoryview) -> None:
        """Sends bytes as they are: an encoded message, or an injected fault."""
        self._socket.send(data, copy=False)

    def subscribers(self) -> int:
        """How many readers are subscribed at this moment (bound publishers only)."""
        while self._bound:
            try:
                event = self._socket.recv(zmq.NOBLOCK)
            except zmq.Again:
                break
            self._subscribers += 1 if event[:1] == b"\x01" else -1
        return self._subscribers


class Subscriber(_Socket):
    """Receives from one endpoint by a policy; foreign bytes are counted, logged and skipped.

    Attributes:
        malformed: messages refused so far because they were none of ours.
    """

    def __init__(
        self, addresses: Addresses, endpoint: Endpoint, policy: Policy, *, bind: bool = False
    ) -> None:
        super().__init__(zmq.SUB, addresses, endpoint)
        self.malformed = 0
        if policy is Policy.LATEST:
            self._socket.setsockopt(zmq.CONFLATE, 1)
        else:
            self._socket.setsockopt(zmq.RCVHWM, addresses.queue_length)
        self._socket.setsockopt(zmq.SUBSCRIBE, b"")
        self._attach(bind)

    def receive(self, timeout_ms: int = 0) -> Message | None:
        """The next good message, or None when none came within `timeout_ms`."""
        while self._socket.poll(timeout_ms):
            part = self._socket.recv(copy=False)
            if part.more:  # ours are never multipart: swallow the rest of a foreign one
                while self._socket.getsockopt(zmq.RCVMORE):
                    self._socket.recv(copy=False)
                self._refuse("multipart message: one part wanted")
                continue
            try:
                return decode(part.buffer)
            except MessageError as error:
                self._refuse(str(error))
        return None

    def _refuse(self, reason: str) -> None:
        self.malformed += 1
        if self.malformed % _LOG_EVERY == 1:
            log.warning("%s: message %d refused: %s", self.endpoint, self.malformed, reason)


def wait_any(subscribers: Sequence[Subscriber], timeout_ms: float) -> list[Subscriber]:
    """Waits until one of the subscribers has something to receive; returns those that have."""
    poller = zmq.Poller()
    for subscriber in subscribers:
        poller.register(subscriber._socket, zmq.POLLIN)  # noqa: SLF001 - a friend in this module
    ready = dict(poller.poll(max(0, round(timeout_ms))))
    return [subscriber for subscriber in subscribers if subscriber._socket in ready]  # noqa: SLF001


def close_sockets() -> None:
    """Closes what is still open, and waits until nothing is being sent any more.

    The last thing before a process ends: libzmq aborts when memory that it sends from goes away.
    """
    zmq.Context.instance().destroy()
