"""Ports for a run on tcp."""

import random
import socket
from contextlib import ExitStack

from streamer.transport import TOPICS


def free_ports() -> int:
    """The first port of a run on tcp whose every endpoint is free at this moment."""
    for _ in range(100):
        port = random.randrange(20_000, 32_000)  # below those that the system hands out by itself
        with ExitStack() as sockets:
            try:
                for topic in TOPICS.values():
                    one = sockets.enter_context(socket.socket())
                    one.bind(("127.0.0.1", port + topic.port))
            except OSError:
                continue
        return port
    raise AssertionError("a hundred times some port was taken")
