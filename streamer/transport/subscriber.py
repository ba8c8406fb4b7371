"""The receiving end of an endpoint.

Freshness is the reader's choice: `latest` keeps one message (CONFLATE), `every` queues all of them.
A small high-water mark would not do for `latest`: it keeps the oldest messages, not the newest.
"""

import logging
from collections.abc import Sequence
from types import TracebackType
from typing import Self

import zmq

from streamer.messages import Message, MessageError, decode
from streamer.transport.addresses import Addresses
from streamer.transport.authenticator import close_authenticator
from streamer.transport.publisher import READER
from streamer.transport.socket import Socket
from streamer.transport.topics import Endpoint, Policy

log = logging.getLogger(__name__)

_LOG_EVERY = 100


class Subscriber:
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

    Raises:
        TransportError: it cannot be bound or connected.
        EndpointTakenError: another program is there.
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
        self.endpoint = endpoint
        self.malformed = 0
        self._keeps_all = policy is Policy.EVERY
        self._socket = Socket(zmq.SUB, addresses, endpoint, bind=bind)
        if not self._keeps_all:
            self._socket.zmq.setsockopt(zmq.CONFLATE, 1)
        self._socket.zmq.setsockopt(zmq.SUBSCRIBE, b"")
        self._presence: Socket | None = None
        name = None if reader is None else READER + reader.encode()
        if name is not None and self._keeps_all:
            self._socket.zmq.setsockopt(zmq.SUBSCRIBE, name)
        self._socket.attach()
        if name is not None and not self._keeps_all:
            self._announce(addresses, name)

    def receive(self, timeout_ms: int = 0) -> Message | None:
        """The next good message, or None when none came within `timeout_ms`."""
        self.attend()
        while self._socket.zmq.poll(timeout_ms):
            part = self._socket.zmq.recv(copy=False)
            if part.more:  # ours are never multipart: swallow the rest of a foreign one
                while self._socket.zmq.getsockopt(zmq.RCVMORE):
                    self._socket.zmq.recv(copy=False)
                self._refuse("multipart message: one part wanted")
                continue
            try:
                return decode(part.buffer)
            except MessageError as error:
                self._refuse(str(error))
        return None

    def attend(self) -> None:
        """Does what keeps it attached: part of `receive`, and of `wait_any`."""
        self._socket.rejoin()
        if self._presence is not None:
            self._presence.rejoin()
            # a socket announces itself to the next life of a publisher when it is looked at
            self._presence.zmq.getsockopt(zmq.EVENTS)

    def close(self) -> None:
        """Frees the socket, and takes back the announcement."""
        self._socket.close()
        if self._presence is not None:
            self._presence.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _announce(self, addresses: Addresses, name: bytes) -> None:
        """Has another socket tell the publisher who is there.

        A conflating socket keeps the last of its subscriptions as well as of its messages (libzmq
        4.3): with this one of its own it would receive nothing else.
        """
        self._presence = Socket(zmq.SUB, addresses, self.endpoint, bind=False)
        self._presence.zmq.setsockopt(zmq.SUBSCRIBE, name)
        self._presence.attach()

    def _refuse(self, reason: str) -> None:
        self.malformed += 1
        if self.malformed % _LOG_EVERY == 1:
            log.warning("%s: message %d refused: %s", self.endpoint, self.malformed, reason)


def wait_any(subscribers: Sequence[Subscriber], timeout_ms: float) -> list[Subscriber]:
    """Waits until one of the subscribers has something to receive; returns those that have."""
    poller = zmq.Poller()
    for subscriber in subscribers:
        subscriber.attend()
        poller.register(subscriber._socket.zmq, zmq.POLLIN)  # noqa: SLF001 - a friend
    ready = dict(poller.poll(max(0, round(timeout_ms))))
    return [one for one in subscribers if one._socket.zmq in ready]  # noqa: SLF001


def close_sockets() -> None:
    """Closes what is still open, and waits until nothing is being sent any more.

    The last thing before a process ends: libzmq aborts when memory that it sends from goes away.
    """
    close_authenticator()
    zmq.Context.instance().destroy()
