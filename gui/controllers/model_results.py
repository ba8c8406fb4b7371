"""The models that a window shows, and the results of each on their way to it."""

from collections.abc import Iterator
from typing import NamedTuple

from gui.state.rate_meter import RateMeter
from streamer.clock import ClockReading, HostNs
from streamer.config.replay import ReplaySettings
from streamer.config.schema import Config
from streamer.messages import SessionStatus, SuperResolvedFrame
from streamer.transport import TOPICS, Addresses, Endpoint, Policy, Subscriber


class ShownModel(NamedTuple):
    """A model whose results the window shows.

    Attributes:
        name: as it was asked for.
        endpoint: where its results come from.
    """

    name: str
    endpoint: Endpoint

    @property
    def worker(self) -> str:
        """The process that runs it."""
        return TOPICS[self.endpoint].publishers[0]


def shown_models(config: Config, replay: ReplaySettings | None) -> tuple[ShownModel, ...]:
    """The models of a run: one, or both of a comparison."""
    models = [ShownModel(config.inference.model, Endpoint.SR)]
    if replay is not None and replay.compare is not None:
        models.append(ShownModel(replay.compare, Endpoint.COMPARE))
    return tuple(models)


class ModelResults:
    """The results of one model.

    Attributes:
        model: whose.
        rate: how often they come.
        reading: both clocks when the newest that is shown was taken.
        skipped: results that were never shown.
        last_sequence: of the newest that is shown.
    """

    def __init__(
        self,
        model: ShownModel,
        addresses: Addresses,
        policy: Policy,
        reader: str,
        reading: ClockReading,
    ) -> None:
        self.model = model
        self.rate = RateMeter()
        self.reading = reading
        self.skipped = 0
        self.last_sequence: int | None = None
        self._subscriber = Subscriber(addresses, model.endpoint, policy, reader=reader)

    def name(self, session: SessionStatus | None) -> str:
        """As it was asked for, at the start or since."""
        change = None if session is None else session.network
        changed = change is not None and self.model.endpoint is Endpoint.SR
        return change.network.model if change is not None and changed else self.model.name

    @property
    def malformed(self) -> int:
        """How many messages could not be read."""
        return self._subscriber.malformed

    def receive(self, now_ns: HostNs) -> Iterator[SuperResolvedFrame]:
        """Every result that has come."""
        while (message := self._subscriber.receive()) is not None:
            if isinstance(message, SuperResolvedFrame):
                self.rate.add(now_ns)
                yield message

    def on_shown(self, result: SuperResolvedFrame, reading: ClockReading) -> None:
        """Notes that a result is about to be shown."""
        last, sequence = self.last_sequence, result.sequence
        if last is not None and sequence > last:  # a new worker counts from the beginning
            self.skipped += sequence - last - 1
        self.last_sequence, self.reading = sequence, reading

    def close(self) -> None:
        """Closes the socket."""
        self._subscriber.close()
