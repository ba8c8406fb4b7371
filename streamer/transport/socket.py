"""One zmq socket of an endpoint: attached, secured on tcp, and never in the way of the exit."""

import contextlib
import errno
import time

import zmq

from streamer.transport.addresses import Addresses
from streamer.transport.authenticator import authenticator
from streamer.transport.connections import BOUND_EVENTS, CONNECTING_EVENTS, Attachment
from streamer.transport.errors import EndpointTakenError, TransportError
from streamer.transport.topics import Endpoint

_RECONNECT_MS, _RECONNECT_MAX_MS = 50, 500
_GIVEN_UP_S = 0.25
_HANDSHAKE_MS = 10_000  # for a connection to say who it is; a busy host takes seconds
_SUBSCRIPTIONS = 16  # messages that tell a publisher what a socket wants
_RECEIVED = 2  # messages that wait at a reader; the rest waits at the sender, who knows their size
_ENVELOPE_BYTES = 64  # what CURVE adds to a message
_SUBSCRIPTION_BYTES = 4096  # the longest message that a publisher takes


class Socket:
    """A zmq socket that is bound or connected to one endpoint. For one thread, as every zmq socket.

    Args:
        kind: zmq.SUB and the like.
        addresses: of the run.
        endpoint: where to attach.
        bind: be the fixed end.
        sent: messages that may wait here for each peer.

    Attributes:
        zmq: the socket itself.
    """

    def __init__(
        self,
        kind: int,
        addresses: Addresses,
        endpoint: Endpoint,
        *,
        bind: bool,
        sent: int = _SUBSCRIPTIONS,
    ) -> None:
        self.endpoint = endpoint
        self._addresses = addresses
        self._address = addresses.of(endpoint)
        self._bind = bind
        self._attachment: Attachment | None = None
        self.zmq: zmq.Socket[bytes] = zmq.Context.instance().socket(kind)
        receives = kind == zmq.SUB
        longest = addresses.max_message_bytes if receives else _SUBSCRIPTION_BYTES
        self.zmq.setsockopt(zmq.LINGER, 0)
        self.zmq.setsockopt(zmq.MAXMSGSIZE, longest + _ENVELOPE_BYTES)
        self.zmq.setsockopt(zmq.RECONNECT_IVL, _RECONNECT_MS)
        self.zmq.setsockopt(zmq.RECONNECT_IVL_MAX, _RECONNECT_MAX_MS)
        # libzmq ends in a segmentation fault when these change while a peer goes away
        self.zmq.setsockopt(zmq.RCVHWM, _RECEIVED)
        self.zmq.setsockopt(zmq.SNDHWM, sent)

    def attach(self) -> None:
        """Binds or connects it. Options that are to hold for it must be set before.

        Raises:
            TransportError: it cannot be, or the keys of a tcp run are missing.
            EndpointTakenError: another program is there.
        """
        try:
            if self._addresses.tcp:
                self._secure()
            (self.zmq.bind if self._bind else self.zmq.connect)(self._address)
        except (zmq.ZMQError, TransportError) as error:
            self.close()
            if isinstance(error, TransportError):
                raise
            verb = "bind" if self._bind else "connect to"
            words = f"cannot {verb} endpoint {self.endpoint} at {self._address}: {error.strerror}"
            if error.errno == errno.EADDRINUSE:
                raise EndpointTakenError(
                    f"{words}; another run may hold it (transport.port moves a tcp run)"
                ) from error
            raise TransportError(words) from error

    def rejoin(self) -> None:
        """Connects again where libzmq has given up; costs nothing otherwise."""
        if self._attachment is None or not self._attachment.given_up(time.monotonic(), _GIVEN_UP_S):
            return
        self._attachment.begun_again()
        with contextlib.suppress(zmq.ZMQError):  # nothing is left to disconnect
            self.zmq.disconnect(self._address)
        self.zmq.connect(self._address)

    def close(self, linger_ms: int = 0) -> None:
        """Frees it."""
        if not self.zmq.closed and self._addresses.tcp:
            self.zmq.disable_monitor()
        self.zmq.close(linger_ms)

    def _secure(self) -> None:
        self.zmq.setsockopt(zmq.HANDSHAKE_IVL, _HANDSHAKE_MS)
        keys = self._addresses.keys
        if keys is None:
            raise TransportError(
                f"endpoint {self.endpoint} at {self._address}: the keys of its run wanted"
            )
        if self._bind:
            keys.serve(self.zmq)
            on_event = authenticator().count_refused(self.endpoint.value)
            authenticator().watch(self.zmq, BOUND_EVENTS, on_event)
            return
        keys.present(self.zmq)
        attachment = self._attachment = Attachment()

        def take(event: int, _value: int) -> None:
            attachment.take(event, time.monotonic())

        authenticator().watch(self.zmq, CONNECTING_EVENTS, take)
