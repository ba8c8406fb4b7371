"""Where the endpoints of one run are, and how much may wait there."""

from pathlib import Path

import msgspec

from streamer.transport.errors import TransportError
from streamer.transport.keys import RunKeys
from streamer.transport.topics import TOPICS, Endpoint

_IPC_PATH_LIMIT = 107  # sockaddr_un.sun_path of Linux, without its closing zero
_TCP = "tcp://"
_LEAST = 2  # messages


class Addresses(msgspec.Struct, frozen=True):
    """Where the endpoints of one run are: `ipc` in a private directory, or `tcp` from a port on.

    Attributes:
        base: the directory of an ipc run, or `tcp://HOST:PORT`.
        max_message_bytes: a longer message is refused.
        queue_length: messages that may wait for one lossless reader.
        queue_bytes: bytes that may; what comes first bounds.
        keys: of a tcp run; without them nothing of it can be bound or reached.
    """

    base: str
    max_message_bytes: int = 64 * 1024 * 1024
    queue_length: int = 256
    queue_bytes: int = 64 * 1024 * 1024
    keys: RunKeys | None = None

    @property
    def tcp(self) -> bool:
        """Whether they are ports, that any program of this host can reach."""
        return self.base.startswith(_TCP)

    def of(self, endpoint: Endpoint) -> str:
        """The zmq address of an endpoint.

        Raises:
            TransportError: the ipc path is longer than the operating system takes.
        """
        if self.tcp:
            host, _, port = self.base.rpartition(":")
            return f"{host}:{int(port) + TOPICS[endpoint].port}"
        path = Path(self.base) / endpoint.value
        if len(str(path)) > _IPC_PATH_LIMIT:
            raise TransportError(
                f"socket path {path} has {len(str(path))} characters: at most {_IPC_PATH_LIMIT} fit"
            )
        return f"ipc://{path}"

    def depth(self, message_bytes: int) -> int:
        """How many messages of this size may wait for one lossless reader; at least two."""
        return max(_LEAST, min(self.queue_length, self.queue_bytes // max(1, message_bytes)))
