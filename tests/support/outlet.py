"""A publisher for tests: it also knows whether anybody listens, whoever that is."""

from collections.abc import Sequence
from types import TracebackType
from typing import Self

import zmq

from streamer.messages import Message, encode
from streamer.transport import Addresses, Endpoint


class Outlet:
    """The sending end of an endpoint of an ipc run, bare."""

    def __init__(self, addresses: Addresses, endpoint: Endpoint) -> None:
        self._socket = zmq.Context.instance().socket(zmq.XPUB)
        self._socket.linger = 0
        self._socket.setsockopt(zmq.XPUB_VERBOSER, 1)
        self._socket.bind(addresses.of(endpoint))
        self._listening = 0

    def send(self, message: Message) -> None:
        self.send_bytes(encode(message))

    def send_bytes(self, data: bytes | memoryview) -> None:
        self._socket.send(data)

    def send_parts(self, parts: Sequence[bytes]) -> None:
        """As no process of a run does."""
        self._socket.send_multipart(parts)

    def listening(self) -> int:
        """How many are subscribed to all of it at this moment."""
        while self._socket.poll(0):
            subscription = self._socket.recv()
            if len(subscription) == 1:  # to whatever a message begins with
                self._listening += 1 if subscription == b"\x01" else -1
        return self._listening

    def close(self) -> None:
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
