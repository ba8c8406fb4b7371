"""The sockets of the command that runs a run: what it reads of its processes, and tells them."""

from collections.abc import Sequence
from pathlib import Path

from streamer.runtime.connection_file import write_connection
from streamer.runtime.descriptors import raise_descriptor_limit
from streamer.runtime.stream_clock import FollowedClock
from streamer.supervision.run_plan import RunPlan
from streamer.supervision.worker_monitor import WorkerMonitor
from streamer.transport import SUPERVISOR, Addresses, Endpoint, Policy, Publisher, Subscriber


class RunSockets:
    """Bound and connected as long as the run lasts.

    Attributes:
        heartbeats: what every process says of itself.
        clock: the time of the frames.
        session: to which the state of the run is published.
        scored: measured frames and their truth, where PSNR is wanted.
        awaited: all of those whose messages are to be taken as they come.

    Args:
        plan: of the run.
        addresses: of its endpoints.
        folder: where other programs look for the run; None where it has none.
        workers: whose results are read.

    Raises:
        TransportError: an endpoint is taken.
    """

    def __init__(
        self,
        plan: RunPlan,
        addresses: Addresses,
        folder: Path | None,
        workers: Sequence[WorkerMonitor],
    ) -> None:
        if addresses.tcp:
            raise_descriptor_limit()
        self._open: list[Publisher | Subscriber | FollowedClock] = []
        try:
            self.heartbeats = self._kept(
                Subscriber(addresses, Endpoint.HEARTBEAT, Policy.EVERY, bind=True)
            )
            reader = SUPERVISOR if plan.replay is not None else None
            self.clock = FollowedClock(addresses, reader=reader)
            self.session = Publisher(addresses, Endpoint.SESSION)
            self._open += [self.clock, self.session]
            if folder is not None:
                write_connection(folder, addresses)
            results = [self._kept(worker.open(addresses)) for worker in workers]
            wanted = (Endpoint.THERMAL, Endpoint.TRUTH) if plan.score else ()
            self.scored = [
                self._kept(Subscriber(addresses, endpoint, Policy.EVERY, reader=SUPERVISOR))
                for endpoint in wanted
            ]
        except BaseException:
            self.close()
            raise
        self.awaited = [self.heartbeats, *results, *self.scored]

    def close(self) -> None:
        """Closes every socket."""
        for socket in self._open:
            socket.close()

    def _kept(self, subscriber: Subscriber) -> Subscriber:
        self._open.append(subscriber)
        return subscriber
