"""Where the endpoints of one run are."""

from pathlib import Path

import msgspec

from streamer.errors import CorefusionError
from streamer.transport.topics import TOPICS, Endpoint

_IPC_PATH_LIMIT = 107  # sockaddr_un.sun_path of Linux, without its closing zero


class TransportError(CorefusionError):
    """An endpoint that cannot be used; names it and the reason."""


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
            return f"{host}:{int(port) + TOPICS[endpoint].port}"
        path = Path(self.base) / endpoint.value
        if len(str(path)) > _IPC_PATH_LIMIT:
            raise TransportError(
                f"socket path {path} has {len(str(path))} characters: at most {_IPC_PATH_LIMIT} fit"
            )
        return f"ipc://{path}"
