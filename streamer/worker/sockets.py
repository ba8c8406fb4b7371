"""The sockets of an inference worker: what it reads, and where it publishes."""

from collections.abc import Iterator
from contextlib import ExitStack

from streamer.messages import SENSORS, PixelFormat
from streamer.runtime.process import ProcessSpec
from streamer.runtime.roles import WorkerRole
from streamer.transport import Endpoint, Policy, Publisher, Subscriber


class WorkerSockets:
    """Open from its making on, until it is closed.

    Attributes:
        frames: of each stream.
        results: what was super-resolved.
        command: requests of the viewer; None of a second worker.
        influence: what the guide added; None of a second worker.
        predicted: pictures between results; None where none are asked for.

    Args:
        spec: of the process.
        canvas: (H, W) of its results, as far as it is known.

    Raises:
        TransportError: an endpoint is taken.
    """

    def __init__(self, spec: ProcessSpec, canvas: tuple[int, int]) -> None:
        role = spec.role_as(WorkerRole)
        height, width = canvas
        size = PixelFormat.MONO16.message_bytes(width, height)
        self.command: Subscriber | None = None
        self.influence: Publisher | None = None
        self.predicted: Publisher | None = None
        with ExitStack() as opened:
            self.frames = {
                stream: opened.enter_context(
                    Subscriber(spec.addresses, Endpoint(stream), Policy.EVERY, reader=spec.name)
                )
                for stream in SENSORS
            }
            self.results = Publisher(spec.addresses, role.results, message_bytes=size)
            opened.callback(self.results.close, linger_ms=spec.linger_ms(role.results))
            if role.leads:
                self.command = opened.enter_context(
                    Subscriber(spec.addresses, Endpoint.COMMAND, Policy.EVERY, bind=True)
                )
                self.influence = opened.enter_context(
                    Publisher(spec.addresses, Endpoint.INFLUENCE, message_bytes=size)
                )
            visible = spec.config.inference.rate == "visible"
            if role.leads and visible and not in_lockstep(role):
                self.predicted = opened.enter_context(
                    Publisher(spec.addresses, Endpoint.PREDICTED, message_bytes=size)
                )
            self._opened = opened.pop_all()

    def close(self) -> None:
        """Closes every socket, after results had the time that their readers are given."""
        self._opened.close()

    def expect(self, canvas: tuple[int, int]) -> None:
        """Takes the (H, W) of all pictures to come."""
        height, width = canvas
        for publisher in self._publishers():
            publisher.expect(PixelFormat.MONO16.message_bytes(width, height))

    def _publishers(self) -> Iterator[Publisher]:
        yield self.results
        yield from (one for one in (self.influence, self.predicted) if one is not None)


def in_lockstep(role: WorkerRole) -> bool:
    """Whether each frame waits for the last one: nothing comes between."""
    return role.replay is not None and role.replay.lockstep
