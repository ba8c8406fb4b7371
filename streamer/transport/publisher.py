"""The sending end of an endpoint."""

import logging
import time
from collections import Counter, deque
from collections.abc import Iterable
from types import TracebackType
from typing import Final, Self

import zmq

from streamer.messages import Message, encode
from streamer.transport.addresses import Addresses
from streamer.transport.errors import EndpointTakenError, TransportError
from streamer.transport.socket import Socket
from streamer.transport.topics import Endpoint

log = logging.getLogger(__name__)

READER: Final = b"\xffreader:"
"""A subscription that begins so names its subscriber; no message begins with it."""

_SUBSCRIBED, _UNSUBSCRIBED = 1, 0
_WANTED, _NOT_WANTED = bytes([_SUBSCRIBED]), bytes([_UNSUBSCRIBED])  # every message
_MOST_WAITING = 64  # orders for a reader that is not there yet
_SMALL_BYTES = 2**18  # longer than any message but pictures
_REOPEN_S, _PAUSE_S = 1.0, 0.002
_LINGER_MS = 1000  # for what waits in a socket that is replaced


class Publisher:
    """Sends to whoever listens; never waits for a slow reader.

    Args:
        addresses: of the run.
        endpoint: what to publish.
        bind: False lets many publishers feed one bound subscriber.
        message_bytes: how long its messages will be, where that is known to be much; see `expect`.

    Raises:
        TransportError: it cannot be bound or connected.
        EndpointTakenError: another program is there.
    """

    def __init__(
        self,
        addresses: Addresses,
        endpoint: Endpoint,
        *,
        bind: bool = True,
        message_bytes: int = 0,
    ) -> None:
        self.endpoint = endpoint
        self._joined = 0
        self._waiting: deque[bytes | memoryview] = deque(maxlen=_MOST_WAITING)
        self._addresses = addresses
        self._bound = bind
        self._message_bytes = max(_SMALL_BYTES, message_bytes)
        self._open()

    def send(self, message: Message) -> None:
        """Encodes and sends a message without copying its pixels a second time.

        Raises:
            TransportError: it is longer than readers take. A reader refuses such a message by
                leaving for good (libzmq does not reconnect after it), so it must not get there.
        """
        self.send_bytes(self._encoded(message))

    def post(self, message: Message) -> None:
        """Sends what is said once, as an order is: where no reader is there yet, it waits for one.

        A socket knows of a reader some time after it was attached; what is only sent until then is
        lost without a word. `deliver` has to be called until it has gone out. Of more than
        64 that wait the oldest is lost, which is logged.

        Raises:
            TransportError: it is longer than readers take.
        """
        if len(self._waiting) == _MOST_WAITING:
            log.warning(
                "%s: %d wait for a reader; the oldest is lost", self.endpoint, _MOST_WAITING
            )
        self._waiting.append(self._encoded(message))
        self.deliver()

    def deliver(self) -> None:
        """Sends what was posted and waits for a reader, once one is there."""
        if not self._waiting:
            return
        self._take_subscriptions()
        while self._listeners > 0 and self._waiting:
            self.send_bytes(self._waiting.popleft())

    def send_bytes(self, data: bytes | memoryview) -> None:
        """Sends bytes as they are: an encoded message, or an injected fault."""
        self._take_subscriptions()  # they would wait in memory for ever
        self._socket.rejoin()
        self.expect(len(data))
        self._socket.zmq.send(data, copy=False)

    @property
    def lossless_depth(self) -> int:
        """How many messages can wait here for a reader before one may be lost.

        Half the limit: libzmq (4.3) is told of what was taken after every half of it.
        """
        return self._depth // 2 + 1

    @property
    def _depth(self) -> int:
        return self._addresses.depth(self._message_bytes)

    def expect(self, message_bytes: int) -> None:
        """Makes room for messages of this size: so few may wait that their bytes are bounded.

        What is longer than anything so far takes a new socket in the place of the present one, and
        waits for the readers who have announced themselves to find it.
        """
        if self._addresses.depth(message_bytes) >= self._depth:
            return
        self._take_subscriptions()
        readers = list(self._readers)
        deadline_s = time.monotonic() + _REOPEN_S
        self._socket.close(_LINGER_MS)
        self._message_bytes = message_bytes
        while True:
            try:
                self._open()
                break
            except EndpointTakenError:  # by the socket before, for a moment more
                if time.monotonic() > deadline_s:
                    raise
                time.sleep(_PAUSE_S)
        while self._bound and not self.has_readers(readers) and time.monotonic() < deadline_s:
            time.sleep(_PAUSE_S)

    def has_readers(self, names: Iterable[str]) -> bool:
        """Whether everybody named is subscribed (bound publishers only); strangers never count."""
        self._take_subscriptions()
        return all(self._readers[name] > 0 for name in names)

    @property
    def joined(self) -> int:
        """How often a reader has announced itself so far; one that comes back does so again."""
        self._take_subscriptions()
        return self._joined

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

    def _encoded(self, message: Message) -> bytes | memoryview:
        data = encode(message)
        if len(data) > self._addresses.max_message_bytes:
            raise TransportError(
                f"{self.endpoint}: a message of {len(data)} bytes: at most "
                f"{self._addresses.max_message_bytes} are taken (transport.max_message_mb)"
            )
        return data

    def _open(self) -> None:
        self._readers: Counter[str] = Counter()
        self._listeners = 0
        self._socket = Socket(
            zmq.XPUB,
            self._addresses,
            self.endpoint,
            bind=self._bound,
            sent=self._depth,
        )
        if self._bound:
            self._socket.zmq.setsockopt(zmq.XPUB_VERBOSER, 1)  # tells of each (un)subscription
        self._socket.attach()

    def _take_subscriptions(self) -> None:
        while True:
            try:
                event = self._socket.zmq.recv(zmq.NOBLOCK)
            except zmq.Again:
                return
            if event in (_WANTED, _NOT_WANTED):
                self._listeners += 1 if event == _WANTED else -1
            if event[1:].startswith(READER) and event[0] in (_SUBSCRIBED, _UNSUBSCRIBED):
                name = event[1:].removeprefix(READER).decode(errors="replace")
                joins = event[0] == _SUBSCRIBED
                self._joined += joins
                self._readers[name] += 1 if joins else -1
                if self._readers[name] <= 0:
                    del self._readers[name]  # gone, or a message that only looks like one of these
