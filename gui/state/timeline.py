"""The time scale of a recording: where a moment stands, and what is there. No Qt, no clock."""

from collections.abc import Iterator
from itertools import pairwise

import msgspec

from gui.status.diagnosis import Severity
from streamer.clock import NS_PER_MS, NS_PER_S, StreamNs, after, since
from streamer.messages import Mode, RecordingTimeline, TimelineEvent

MODE_SEVERITY = {
    Mode.GUIDED: Severity.OK,
    Mode.THERMAL_ONLY: Severity.CAUTION,
    Mode.HOLD: Severity.HELD,
    Mode.VISIBLE_ONLY: Severity.RELATIVE,
    Mode.NO_SIGNAL: Severity.ERROR,
}
_TICK_STEPS_S = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200)
_CLUSTER_NS = 100 * NS_PER_MS  # marks so near to one another are one place to go to


class Stretch(msgspec.Struct, frozen=True):
    """A band as a part of the scale, 0 to 1."""

    left: float
    right: float
    severity: Severity
    title: str


class TimeScale(msgspec.Struct, frozen=True):
    """A recording from its first moment to its last, with what is known of it.

    `part` is what is played of it, from A to B; None for all of it.
    """

    start_ns: StreamNs
    end_ns: StreamNs
    timeline: RecordingTimeline = RecordingTimeline()
    part: tuple[StreamNs, StreamNs] | None = None

    @property
    def duration_s(self) -> float:
        """How long it takes at its own pace."""
        return (self.end_ns - self.start_ns) / NS_PER_S

    def seconds(self, media_ns: StreamNs) -> float:
        """Seconds from the start; moments outside of the recording are taken to its ends."""
        return since(min(max(media_ns, self.start_ns), self.end_ns), self.start_ns) / NS_PER_S

    def share(self, media_ns: StreamNs) -> float:
        """Where a moment stands, 0 to 1."""
        return self.seconds(media_ns) / self.duration_s if self.duration_s > 0 else 0.0

    def moment(self, share: float) -> StreamNs:
        """The moment that stands at a place; places outside of the scale are taken to its ends."""
        return after(self.start_ns, min(max(share, 0.0), 1.0) * since(self.end_ns, self.start_ns))

    def stretches(self) -> Iterator[Stretch]:
        """The intervals of the modes from left to right."""
        intervals = self.timeline.intervals
        ends = [*(band.start_ns for band in intervals[1:]), self.end_ns]
        for band, end_ns in zip(intervals, ends, strict=False):
            severity = MODE_SEVERITY.get(Mode(band.mode), Severity.NEUTRAL)
            title = band.mode.replace("_", " ").upper()
            yield Stretch(self.share(band.start_ns), self.share(end_ns), severity, title)

    def events(self, share: float, reach: float) -> list[TimelineEvent]:
        """What is marked within `reach` of a place."""
        marked = self.timeline.events
        return [one for one in marked if abs(self.share(one.timestamp_ns) - share) <= reach]

    def words(self, share: float, reach: float) -> str:
        """What is to be said of a place: the moment, the mode, and what happened."""
        title = ""
        for stretch in self.stretches():
            if stretch.left <= share:
                title = stretch.title
        head = [clock_words(self.seconds(self.moment(share)), 2), title]
        found = self.events(share, reach)
        told = [f"{clock_words(self.seconds(one.timestamp_ns), 2)}  {one.text}" for one in found]
        return "\n".join(["  ".join(part for part in head if part), *told])

    def neighbour(self, media_ns: StreamNs, *, forward: bool, slack_ns: int = 0) -> StreamNs | None:
        """The next place with a mark, or the one before, at least `slack_ns` away.

        Marks that follow one another closely are one place: its first moment.
        """
        places = self._places()
        if forward:
            return min(
                (place for place in places if since(place, media_ns) > slack_ns), default=None
            )
        return max((place for place in places if since(media_ns, place) > slack_ns), default=None)

    def ticks(self, most: int) -> list[tuple[float, str]]:
        """At most so many places with a time written below."""
        step_s = next((s for s in _TICK_STEPS_S if self.duration_s / s <= most), None)
        if step_s is None or self.duration_s <= 0:
            return []
        return [
            (n * step_s / self.duration_s, clock_words(n * step_s, int(step_s < 1)))
            for n in range(int(self.duration_s / step_s + 1e-6) + 1)
        ]

    def _places(self) -> list[StreamNs]:
        """Changes of mode (what it began with is none) and events, clusters taken as one."""
        times = [band.start_ns for band in self.timeline.intervals[1:]]
        times = sorted(times + [one.timestamp_ns for one in self.timeline.events])
        later = [two for one, two in pairwise(times) if two - one > _CLUSTER_NS]
        return times[:1] + later


def clock_words(seconds: float, decimals: int = 0) -> str:
    """A time as clocks show it: `0:02`, `12:34.5`, `1:02:03`; cut, not rounded."""
    unit = 10**decimals
    whole, part = divmod(int(seconds * unit + 1e-6), unit)
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    text = f"{rest:02d}" + (f".{part:0{decimals}d}" if decimals else "")
    return f"{hours}:{minutes:02d}:{text}" if hours else f"{minutes}:{text}"
