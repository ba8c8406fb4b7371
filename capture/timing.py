"""How evenly a camera gives its pictures, measured by their own times."""

from collections import deque

import numpy as np

from streamer.clock import NS_PER_MS, NS_PER_S, HostNs, since
from streamer.messages import CaptureTiming
from streamer.order_statistics import median, percentile

_KEPT = 512  # intervals: 17 s of 30 Hz, a minute of 9 Hz
_FEWEST = 3
_PERCENTILE = 95


class TimingMeter:
    """Measures one camera over all the times that it was opened.

    Attributes:
        opened: how often it was.
    """

    def __init__(self) -> None:
        self.opened = 0
        self._last_ns: HostNs | None = None
        self._intervals_ns: deque[int] = deque(maxlen=_KEPT)
        self._longest_ns = 0

    def note(self, timestamp_ns: HostNs) -> None:
        """Takes note of a picture that was taken at this time."""
        last_ns, self._last_ns = self._last_ns, timestamp_ns
        if last_ns is None:
            return
        interval_ns = since(timestamp_ns, last_ns)
        self._intervals_ns.append(interval_ns)
        self._longest_ns = max(self._longest_ns, interval_ns)

    def timing(self, duplicates: int) -> CaptureTiming | None:
        """What was measured; None before there are a few pictures.

        Args:
            duplicates: pictures that came more than once.
        """
        if len(self._intervals_ns) < _FEWEST:
            return None
        intervals = np.array(self._intervals_ns, np.float64)
        period = median(intervals)
        if period <= 0:
            return None
        jitter = percentile(np.abs(intervals - period), _PERCENTILE)
        return CaptureTiming(
            rate_hz=round(NS_PER_S / period, 2),
            jitter_ms=round(jitter / NS_PER_MS, 2),
            longest_ms=round(self._longest_ns / NS_PER_MS, 1),
            duplicates=duplicates,
            reopened=max(0, self.opened - 1),
        )
