"""Sockets. The only module that imports zmq.

Every endpoint carries single-part messages from publishers to subscribers. Freshness is the
reader's choice: `latest` keeps one message (CONFLATE), `every` queues all of them. A small
high-water mark would not do for `latest`: it keeps the oldest messages, not the newest.
One socket, one thread.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Self

import zmq

from streamer.messages import Message, MessageError, decode, encode
from streamer.transport.addresses import Addresses, TransportError
from streamer.transport.topics import Endpoint, Policy

log = logging.getLogger(__name__)

_LOG_EVERY = 100
_READER = b"\xffreader:"  # a subscription that names its subscriber


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
        self._readers: Counter[str] = Counter()
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
        """How many are subscribed at this moment, strangers too (bound publishers only)."""
        self._take_subscriptions()
        return self._subscribers

    def has_readers(self, names: Iterable[str]) -> bool:
        """Whether everybody named is subscribed (bound publishers only); strangers never count."""
        self._take_subscriptions()
        return all(self._readers[name] > 0 for name in names)

    def _take_subscriptions(self) -> None:
        while self._bound:
            try:
                event = self._socket.recv(zmq.NOBLOCK)
            except zmq.Again:
                return
            change = 1 if event[:1] == b"\x01" else -1
            name = event[1:]
            if not name:
                self._subscribers += change
            elif name.startswith(_READER):
                self._readers[name.removeprefix(_READER).decode(errors="replace")] += change


class Subscriber(_Socket):
    """Receives from one endpoint by a policy; foreign bytes are counted, logged and skipped.

    Args:
        addresses: of the run.
        endpoint: what to receive.
        policy: what becomes of messages that are not taken in time.
        reader: the name by which a publisher knows this subscriber, where the start of the run
            waits for it; None for everybody else.
        bind: be the fixed end, for many publishers.

    Attributes:
        malformed: messages refused so far because they were none of ours.
    """

    def __init__(
        self,
        addresses: Addresses,
        endpoint: Endpoint,
        policy: Policy,
        *,
        reader: str | None = None,
        bind: bool = False,
    ) -> None:
        super().__init__(zmq.SUB, addresses, endpoint)
        self.malformed = 0
        if policy is Policy.LATEST:
            self._socket.setsockopt(zmq.CONFLATE, 1)
        else:
            self._socket.setsockopt(zmq.RCVHWM, addresses.queue_length)
        self._socket.setsockopt(zmq.SUBSCRIBE, b"")
        self._attach(bind)
        self._presence: zmq.Socket[bytes] | None = None
        if reader is not None:
            self._announce(reader, policy)

    def _announce(self, reader: str, policy: Policy) -> None:
        """Subscribes to what no message begins with: it only tells the publisher who is there.

        A conflating socket keeps the last of its subscriptions as well as of its messages (libzmq
        4.3), and would receive nothing but this one: it is announced by a socket of its own.
        """
        name = _READER + reader.encode()
        if policy is Policy.EVERY:
            self._socket.setsockopt(zmq.SUBSCRIBE, name)
            return
        self._presence = zmq.Context.instance().socket(zmq.SUB)
        self._presence.setsockopt(zmq.LINGER, 0)
        self._presence.setsockopt(zmq.SUBSCRIBE, name)
        self._presence.connect(self._address)

    def close(self, *, linger_ms: int = 0) -> None:
        """Frees the socket, and takes back the announcement."""
        super().close(linger_ms=linger_ms)
        if self._presence is not None:
            self._presence.close(0)

    def receive(self, timeout_ms: int = 0) -> Message | None:
        """The next good message, or None when none came within `timeout_ms`."""
        if self._presence is not None:
            # a socket announces itself to the next life of a publisher only when it is looked at
            self._presence.getsockopt(zmq.EVENTS)
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
