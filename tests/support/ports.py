"""Ports for a run on tcp."""

import random
import socket
from contextlib import ExitStack

from streamer.transport import TOPICS


def free_ports(count: int = 0) -> int:
    """The first port of a run on tcp whose every endpoint is free at this moment.

    Args:
        count: of ports in a row, where more than those of one run are wanted.
    """
    wanted = range(count) if count else [topic.port for topic in TOPICS.values()]
    for _ in range(100):
        port = random.randrange(20_000, 32_000)  # below those that the system hands out by itself
        with ExitStack() as sockets:
            try:
                for place in wanted:
                    one = sockets.enter_context(socket.socket())
                    one.bind(("127.0.0.1", port + place))
            except OSError:
                continue
        return port
    raise AssertionError("a hundred times some port was taken")
