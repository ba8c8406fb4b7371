"""Two models on the same frames: which results to show at a moment. No Qt; time is handed in."""

from typing import NamedTuple

from streamer.clock import NS_PER_MS, HostNs, StreamNs, since
from streamer.messages import SuperResolvedFrame

BEHIND_MS = 150.0  # a model that is further behind than this is not waited for
_KEPT_MS = 2 * BEHIND_MS


class _Arrived(NamedTuple):
    result: SuperResolvedFrame
    at_ns: HostNs


class FrameSync:
    """Shows what both made of one frame at once, while both keep up; else each one's newest.

    A model that falls behind, or dies, does not hold up the other; when it has caught up the two
    go on together. Nothing goes back to an earlier frame, but after a jump.
    """

    def __init__(self) -> None:
        self._arrived: tuple[list[_Arrived], list[_Arrived]] = ([], [])
        self._shown: list[SuperResolvedFrame | None] = [None, None]
        self._apart = False

    def add(self, side: int, result: SuperResolvedFrame, now_ns: HostNs) -> None:
        """Takes a result of the first (0) or the second (1) model."""
        self._arrived[side].append(_Arrived(result, now_ns))

    def clear(self) -> None:
        """Forgets what has not been shown: the replay has jumped."""
        for arrived in self._arrived:
            arrived.clear()
        self._apart = False

    def due(self, now_ns: HostNs) -> tuple[SuperResolvedFrame | None, SuperResolvedFrame | None]:
        """What either view is to show now, where that is new."""
        for arrived in self._arrived:
            while len(arrived) > 1 and since(now_ns, arrived[0].at_ns) > _KEPT_MS * NS_PER_MS:
                del arrived[0]
        common = self._common()
        self._apart = self._lead_ms(common, now_ns) > BEHIND_MS
        first, second = self._arrived
        if self._apart:
            return self._take(0, len(first) - 1), self._take(1, len(second) - 1)
        if common is None:
            return None, None
        return self._take(0, _index(first, common)), self._take(1, _index(second, common))

    def behind_ms(self, side: int) -> float:
        """How much older what a view shows is than what the other shows; 0 if it is not."""
        own, other = self._shown[side], self._shown[1 - side]
        if own is None or other is None:
            return 0.0
        return max(0.0, since(other.timestamp_ns, own.timestamp_ns) / NS_PER_MS)

    def _common(self) -> StreamNs | None:
        """The capture time of the newest frame that both have made something of."""
        others = {one.result.timestamp_ns for one in self._arrived[1]}
        times = (one.result.timestamp_ns for one in reversed(self._arrived[0]))
        return next((time for time in times if time in others), None)

    def _lead_ms(self, common: StreamNs | None, now_ns: HostNs) -> float:
        """For how long one of them has had a result of a later frame than both have."""
        if common is None and self._apart:
            return float("inf")
        since_ns = now_ns
        for arrived, shown in zip(self._arrived, self._shown, strict=True):
            for one in reversed(arrived):
                if one.result.timestamp_ns == common or (common is None and one.result is shown):
                    break
                since_ns = min(since_ns, one.at_ns)
        return (now_ns - since_ns) / NS_PER_MS

    def _take(self, side: int, at: int) -> SuperResolvedFrame | None:
        """A side's result at a place, if that is after the one it shows."""
        arrived, shown = self._arrived[side], self._shown[side]
        newer_from = next((n + 1 for n, one in enumerate(arrived) if one.result is shown), 0)
        if at < newer_from:
            return None
        self._shown[side] = arrived[at].result
        return arrived[at].result


def _index(arrived: list[_Arrived], timestamp_ns: StreamNs) -> int:
    """The newest place of a frame: after a jump it may have come twice."""
    return max(n for n, one in enumerate(arrived) if one.result.timestamp_ns == timestamp_ns)
