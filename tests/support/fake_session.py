"""The rest of a run around one process under test, on real sockets."""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Self, TypeVar

from streamer.messages import Message, Status
from streamer.transport import Addresses, Endpoint, Policy, Publisher, Subscriber
from tests.support.outlet import Outlet

DEADLINE_S = 90.0
"""How long anything may take on a host that is busy with other things."""

Socket = TypeVar("Socket", Outlet, Publisher, Subscriber)


class FakeSession:
    """Supervisor, and whoever publishes what the process reads. Use it from one thread.

    Args:
        addresses: of the run.
        publishes: the endpoints to bind, `session` among them.

    Attributes:
        out: an outlet for each of them.
        statuses: every heartbeat, in order.
        others: what else came on the heartbeat endpoint, in order.
    """

    def __init__(self, addresses: Addresses, publishes: Sequence[str]) -> None:
        self._sockets = ExitStack()
        self.out = {name: self.kept(Outlet(addresses, Endpoint(name))) for name in publishes}
        self.heartbeats = self.kept(
            Subscriber(addresses, Endpoint.HEARTBEAT, Policy.EVERY, bind=True)
        )
        self.statuses: list[Status] = []
        self.others: list[Message] = []

    def kept(self, socket: Socket) -> Socket:
        """Takes a socket along, to be closed with the others."""
        return self._sockets.enter_context(socket)

    @property
    def last(self) -> Status | None:
        """The newest heartbeat."""
        return self.statuses[-1] if self.statuses else None

    def listen(self) -> list[Status]:
        """Takes what has come; returns every heartbeat so far."""
        while (message := self.heartbeats.receive()) is not None:
            (self.statuses if isinstance(message, Status) else self.others).append(message)
        return self.statuses

    def step(self) -> None:
        """What a run does all the time, between two looks at a condition."""
        self.listen()

    def wait(self, holds: Callable[[], object], deadline_s: float = DEADLINE_S) -> None:
        """Goes on until a condition holds."""
        deadline = time.monotonic() + deadline_s
        while not holds():
            assert time.monotonic() < deadline, f"not within {deadline_s} s: {self.statuses[-2:]}"
            self.step()
            time.sleep(0.002)

    def close(self) -> None:
        """Closes every socket."""
        self._sockets.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
