"""How often something comes. No clock: time is handed in."""

from collections import deque

from streamer.clock import NS_PER_S, HostNs, since

_OVER_S = 1.0


class RateMeter:
    """The arrivals of the last second."""

    def __init__(self) -> None:
        self._times_ns: deque[HostNs] = deque(maxlen=256)

    def add(self, now_ns: HostNs) -> None:
        """Notes an arrival."""
        self._times_ns.append(now_ns)

    def rate_hz(self, now_ns: HostNs) -> float:
        """How many came a second, over the last second."""
        times = self._times_ns
        while times and since(now_ns, times[0]) > _OVER_S * NS_PER_S:
            times.popleft()
        if len(times) < 2:
            return 0.0
        intervals = len(times) - 1
        span_ns = since(times[-1], times[0])
        if since(now_ns, times[-1]) > 2 * span_ns / intervals:  # they have stopped coming
            span_ns = since(now_ns, times[0])
        return intervals * NS_PER_S / span_ns if span_ns else 0.0
