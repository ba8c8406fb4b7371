"""The timeline of a recording: where a moment stands, and what is there. No Qt, no clock."""

from collections.abc import Iterator
from itertools import pairwise

import msgspec

from gui.language import tr
from gui.status.diagnosis import MODE_SEVERITY, Severity
from gui.status.event_words import event_words
from gui.status.wording import MODES
from streamer.clock import NS_PER_MS, NS_PER_S, StreamNs, after, since
from streamer.messages import Mode, RecordingTimeline, TimelineEvent

_TICK_STEPS_S = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200)
_CLUSTER_NS = 100 * NS_PER_MS  # marks so near to one another are one place to go to


class TimelineSegment(msgspec.Struct, frozen=True):
    """An interval of one mode as a share of the timeline, 0 to 1."""

    left: float
    right: float
    severity: Severity
    title: str


class Timeline(msgspec.Struct, frozen=True):
    """A recording from its first moment to its last, with what is known of it.

    `loop_range` is what is played of it, from A to B; None for all of it.
    """

    start_ns: StreamNs
    end_ns: StreamNs
    recording: RecordingTimeline = RecordingTimeline()
    loop_range: tuple[StreamNs, StreamNs] | None = None

    @property
    def duration_s(self) -> float:
        """How long it takes at its own pace."""
        return since(self.end_ns, self.start_ns) / NS_PER_S

    def seconds(self, media_ns: StreamNs) -> float:
        """Seconds from the start; moments outside of the recording are taken to its ends."""
        return since(min(max(media_ns, self.start_ns), self.end_ns), self.start_ns) / NS_PER_S

    def share(self, media_ns: StreamNs) -> float:
        """Where a moment stands, 0 to 1."""
        return self.seconds(media_ns) / self.duration_s if self.duration_s > 0 else 0.0

    def moment(self, share: float) -> StreamNs:
        """The moment at a place; places outside of the timeline are taken to its ends."""
        return after(self.start_ns, min(max(share, 0.0), 1.0) * since(self.end_ns, self.start_ns))

    def played(self, media_ns: StreamNs) -> StreamNs:
        """The nearest moment that is played: between A and B."""
        first_ns, last_ns = self.loop_range or (self.start_ns, self.end_ns)
        return min(max(media_ns, first_ns), last_ns)

    def segments(self) -> Iterator[TimelineSegment]:
        """The intervals of the modes from left to right."""
        intervals = self.recording.intervals
        ends = [*(interval.start_ns for interval in intervals[1:]), self.end_ns]
        for interval, end_ns in zip(intervals, ends, strict=False):
            severity = MODE_SEVERITY.get(Mode(interval.mode), Severity.NEUTRAL)
            title = tr(MODES[Mode(interval.mode)]).upper()
            left, right = self.share(interval.start_ns), self.share(end_ns)
            yield TimelineSegment(left, right, severity, title)

    def events(self, share: float, reach: float) -> list[TimelineEvent]:
        """What is marked within `reach` of a place."""
        marked = self.recording.events
        return [event for event in marked if abs(self.share(event.timestamp_ns) - share) <= reach]

    def description(self, share: float, reach: float) -> str:
        """A place in words: the moment, the mode, and the events within `reach` of it."""
        title = ""
        for segment in self.segments():
            if segment.left <= share:
                title = segment.title
        head = [clock_text(self.seconds(self.moment(share)), 2), title]
        events = [
            f"{clock_text(self.seconds(event.timestamp_ns), 2)}  {event_words(event.text)}"
            for event in self.events(share, reach)
        ]
        return "\n".join(["  ".join(part for part in head if part), *events])

    def mode(self, media_ns: StreamNs) -> Mode | None:
        """The mode that was recorded at a moment; None where that is not known."""
        begun = [one for one in self.recording.intervals if since(media_ns, one.start_ns) >= 0]
        return Mode(begun[-1].mode) if begun else None

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
            (n * step_s / self.duration_s, clock_text(n * step_s, int(step_s < 1)))
            for n in range(int(self.duration_s / step_s + 1e-6) + 1)
        ]

    def _places(self) -> list[StreamNs]:
        """Changes of mode (the first interval is none) and events, clusters taken as one."""
        times = [interval.start_ns for interval in self.recording.intervals[1:]]
        times = sorted(times + [event.timestamp_ns for event in self.recording.events])
        apart = [time for before, time in pairwise(times) if since(time, before) > _CLUSTER_NS]
        return times[:1] + apart


def clock_text(seconds: float, decimals: int = 0) -> str:
    """A time as clocks show it: `0:02`, `12:34.5`, `1:02:03`; cut, not rounded."""
    unit = 10**decimals
    whole, part = divmod(int(seconds * unit + 1e-6), unit)
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    text = f"{rest:02d}" + (f".{part:0{decimals}d}" if decimals else "")
    return f"{hours}:{minutes:02d}:{text}" if hours else f"{minutes}:{text}"
