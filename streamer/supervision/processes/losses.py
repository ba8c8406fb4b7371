"""What one process of a run has lost or refused, over all its lives."""

from collections import Counter

from streamer.messages import Status


class Losses:
    """Counts of a life only grow.

    A heartbeat without them, as the last word of a process that fails, takes nothing back.
    """

    def __init__(self) -> None:
        self._earlier_drops: Counter[str] = Counter()
        self._earlier_refused: Counter[str] = Counter()
        self._earlier_left_out: Counter[str] = Counter()
        self._drops: Counter[str] = Counter()
        self._refused: Counter[str] = Counter()
        self._left_out: Counter[str] = Counter()

    def take(self, status: Status) -> None:
        """Takes a heartbeat of the present life."""
        self._drops |= Counter(status.dropped)
        self._refused |= Counter(status.refused_connections)
        self._left_out |= Counter(status.left_out)

    def begin_life(self) -> None:
        """From now on heartbeats count anew, on top of what was lost before."""
        self._earlier_drops, self._drops = self.drops, Counter()
        self._earlier_refused, self._refused = self.refused_connections, Counter()
        self._earlier_left_out, self._left_out = self.left_out, Counter()

    @property
    def drops(self) -> Counter[str]:
        """What it dropped, by `STREAM/CAUSE`."""
        return self._earlier_drops + self._drops

    @property
    def refused_connections(self) -> Counter[str]:
        """Connections that it refused, by endpoint and cause."""
        return self._earlier_refused + self._refused

    @property
    def left_out(self) -> Counter[str]:
        """Pictures of its files that were not shown; a new life meets those of before again."""
        return self._earlier_left_out | self._left_out
