"""The changes of network of a run, in bounded memory."""

from collections import deque

import msgspec

from streamer.clock import NS_PER_S, StreamNs, since
from streamer.messages import NetworkChange, NetworkUse

_KEPT = 100


class ReportedNetwork(msgspec.Struct, frozen=True):
    """A network that made results from a moment of the run on.

    Attributes:
        t_s: capture time of its first result, seconds since the first result of the run.
        model: its name.
        engine: what computed it.
        precision: what it computed in.
        views: mirrored views averaged.
        model_sha256: digest of the weights; None of an interpolation.
    """

    t_s: float
    model: str
    engine: str
    precision: str
    views: int
    model_sha256: str | None


class NetworkLog:
    """The newest hundred changes, and what was before all of them.

    Attributes:
        first: the network that the run began with; None where it was not changed.
    """

    def __init__(self) -> None:
        self.first: NetworkUse | None = None
        self._changes: deque[NetworkChange] = deque(maxlen=_KEPT)

    def add(self, change: NetworkChange) -> None:
        """Takes the next change."""
        self.first = self.first or change.previous
        self._changes.append(change)

    def entries(self, zero_ns: StreamNs) -> list[ReportedNetwork]:
        """What each change led to.

        Args:
            zero_ns: the moment of the first result.
        """
        return [
            ReportedNetwork(
                max(0.0, round(since(change.timestamp_ns, zero_ns) / NS_PER_S, 3)),
                change.network.model,
                change.network.engine,
                change.network.precision,
                change.network.views,
                change.network.model_sha256,
            )
            for change in self._changes
        ]
