"""The secret of one run on tcp: key pairs of CURVE, libzmq's own encryption."""

from typing import Self

import msgspec
import zmq

from streamer.transport.errors import TransportError


class RunKeys(msgspec.Struct, frozen=True, kw_only=True):
    """Two key pairs of a run, each told by its secret half: 40 characters of Z85.

    Whoever binds an endpoint proves that it is of this run by the one, whoever connects by the
    other. A reader that is to see and not to speak would get a pair of its own.

    Attributes:
        server_secret: of those that bind.
        client_secret: of those that connect.
    """

    server_secret: str
    client_secret: str

    @classmethod
    def generate(cls) -> Self:
        """New ones, for a new run.

        Raises:
            TransportError: libzmq was built without CURVE.
        """
        if not zmq.has("curve"):
            raise TransportError("transport.kind tcp: libzmq with CURVE wanted, this one has none")
        _, server = zmq.curve_keypair()
        _, client = zmq.curve_keypair()
        return cls(server_secret=server.decode(), client_secret=client.decode())

    def serve(self, socket: "zmq.Socket[bytes]") -> None:
        """Has a socket that will be bound let in this run's clients alone."""
        socket.setsockopt(zmq.CURVE_SERVER, 1)
        socket.setsockopt(zmq.CURVE_SECRETKEY, self.server_secret.encode())
        socket.setsockopt(zmq.ZAP_DOMAIN, _public(self.client_secret))  # see authenticator
        socket.setsockopt(zmq.ZAP_ENFORCE_DOMAIN, 1)  # without an authenticator nobody comes in

    def present(self, socket: "zmq.Socket[bytes]") -> None:
        """Has a socket that will connect show its key, and speak to this run's servers alone."""
        socket.setsockopt(zmq.CURVE_SERVERKEY, _public(self.server_secret))
        socket.setsockopt(zmq.CURVE_PUBLICKEY, _public(self.client_secret))
        socket.setsockopt(zmq.CURVE_SECRETKEY, self.client_secret.encode())

    def __repr__(self) -> str:
        return "RunKeys(secret)"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return []


def _public(secret: str) -> bytes:
    return zmq.curve_public(secret.encode())
