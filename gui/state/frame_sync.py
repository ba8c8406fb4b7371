"""Models on the same frames: which results to show at a moment. No Qt; time is handed in."""

from typing import NamedTuple

from streamer.clock import NS_PER_MS, HostNs, StreamNs, since
from streamer.messages import SuperResolvedFrame

BEHIND_MS = 150.0  # a model that is further behind than this is not waited for
_KEPT_MS = 2 * BEHIND_MS


class _Arrived(NamedTuple):
    result: SuperResolvedFrame
    at_ns: HostNs


class FrameSync:
    """Shows what all models made of one frame at once, while all keep up; else each one's newest.

    A model that falls behind, or whose process ends, does not hold up the others; when it has
    caught up they go on together. Nothing goes back to an earlier frame, but after a jump. A single
    model is always shown at its newest.

    Args:
        models: how many there are; they are numbered from 0.
    """

    def __init__(self, models: int) -> None:
        self._arrived: tuple[list[_Arrived], ...] = tuple([] for _ in range(models))
        self._shown: list[SuperResolvedFrame | None] = [None] * models
        self._apart = False
        self._kept_ns = _KEPT_MS * NS_PER_MS if models > 1 else 0.0

    def add(self, model: int, result: SuperResolvedFrame, now_ns: HostNs) -> None:
        """Takes a result of a model."""
        self._arrived[model].append(_Arrived(result, now_ns))

    def clear(self) -> None:
        """Forgets what has not been shown: the replay has jumped."""
        for arrived in self._arrived:
            arrived.clear()
        self._apart = False

    def due(self, now_ns: HostNs) -> list[SuperResolvedFrame | None]:
        """What each model's view is to show now, where that is new."""
        for arrived in self._arrived:
            while len(arrived) > 1 and since(now_ns, arrived[0].at_ns) > self._kept_ns:
                del arrived[0]
        common = self._common()
        self._apart = self._lead_ms(common, now_ns) > BEHIND_MS
        if self._apart:
            places = [len(arrived) - 1 for arrived in self._arrived]
        elif common is None:
            return [None] * len(self._arrived)
        else:
            places = [_index(arrived, common) for arrived in self._arrived]
        return [self._take(model, place) for model, place in enumerate(places)]

    def behind_ms(self, model: int) -> float:
        """How much older what a view shows is than the newest of the others; 0 if it is not."""
        own = self._shown[model]
        if own is None:
            return 0.0
        ages_ns = [
            since(shown.timestamp_ns, own.timestamp_ns)
            for shown in self._shown
            if shown is not None
        ]
        return max(0, *ages_ns) / NS_PER_MS

    def _common(self) -> StreamNs | None:
        """The capture time of the newest frame that all have made something of."""
        first, *others = self._arrived
        times = [{arrived.result.timestamp_ns for arrived in other} for other in others]
        newest_first = (arrived.result.timestamp_ns for arrived in reversed(first))
        return next((time for time in newest_first if all(time in other for other in times)), None)

    def _lead_ms(self, common: StreamNs | None, now_ns: HostNs) -> float:
        """For how long one of them has had a result of a later frame than all have."""
        if common is None and self._apart:
            return float("inf")
        since_ns = now_ns
        for arrived, shown in zip(self._arrived, self._shown, strict=True):
            for result, at_ns in reversed(arrived):
                if result.timestamp_ns == common or (common is None and result is shown):
                    break
                since_ns = min(since_ns, at_ns)
        return since(now_ns, since_ns) / NS_PER_MS

    def _take(self, model: int, place: int) -> SuperResolvedFrame | None:
        """A model's result at a place, if that is after the one it shows."""
        arrived, shown = self._arrived[model], self._shown[model]
        results = [each.result for each in arrived]
        newer_from = next((n + 1 for n, result in enumerate(results) if result is shown), 0)
        if place < newer_from:
            return None
        self._shown[model] = results[place]
        return results[place]


def _index(arrived: list[_Arrived], timestamp_ns: StreamNs) -> int:
    """The newest place of a frame: after a jump it may have come twice."""
    times = [each.result.timestamp_ns for each in arrived]
    return max(place for place, time in enumerate(times) if time == timestamp_ns)
