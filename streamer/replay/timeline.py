"""The timeline of a recording: modes and events, read beside the playing."""

import logging
import threading
from collections.abc import Iterable
from pathlib import Path

import msgspec

from streamer.clock import NS_PER_MS, NS_PER_S, StreamNs, after, since
from streamer.messages import (
    ModeChange,
    ModeInterval,
    RecordingTimeline,
    SessionStatus,
    TimelineEvent,
)
from streamer.recording import RecordingError, RecordingReader, TimestampedMessage

log = logging.getLogger(__name__)

_FIRST_STATE_NS = 3 * NS_PER_S  # the state of the session is recorded at least this often
_SHORTEST_NS = 20 * NS_PER_MS  # less than a frame: it was in no mode yet when it began
_MAX_ITEMS = 5000  # of each kind: the message stays a small one
_LONGEST_TEXT = 200  # characters of an event


class TimelineReader:
    """Reads the timeline in a thread of its own: of a long recording that takes a while.

    Attributes:
        timeline: what was found; None until it is all there.
    """

    def __init__(self, path: Path) -> None:
        self.timeline: RecordingTimeline | None = None
        self._path = path
        threading.Thread(target=self._read, name="timeline", daemon=True).start()

    def _read(self) -> None:
        try:
            reader = RecordingReader(self._path)
            start_ns = reader.start_ns or StreamNs(0)
            found = timeline_of(reader.read(("log",)), start_ns)
            if not found.intervals:  # no change of mode: then it was in one all the time
                early = reader.read(("session",), start_ns, after(start_ns, _FIRST_STATE_NS))
                found = RecordingTimeline(_only_band(early, start_ns), found.events)
            found = msgspec.structs.replace(found, measuring=reader.tools)
        except RecordingError as error:
            log.warning("no time scale for the viewer: %s", error)
        else:
            self.timeline = found


def timeline_of(recorded: Iterable[TimestampedMessage], start_ns: StreamNs) -> RecordingTimeline:
    """Puts changes of mode and events, in the order of their arrival, into timeline."""
    intervals: list[ModeInterval] = []
    events: list[TimelineEvent] = []
    for message, arrived_ns in recorded:
        if isinstance(message, ModeChange) and len(intervals) <= _MAX_ITEMS:
            if not intervals:
                intervals.append(ModeInterval(start_ns, message.previous.value))
            if since(arrived_ns, intervals[-1].start_ns) < _SHORTEST_NS:
                intervals.pop()
                arrived_ns = start_ns if not intervals else arrived_ns
            intervals.append(ModeInterval(arrived_ns, message.current.value))
        elif isinstance(message, TimelineEvent) and len(events) < _MAX_ITEMS:
            kind, text = message.kind[:_LONGEST_TEXT], message.text[:_LONGEST_TEXT]
            events.append(TimelineEvent(arrived_ns, kind, text))
    return RecordingTimeline(tuple(intervals[:_MAX_ITEMS]), tuple(events))


def _only_band(
    recorded: Iterable[TimestampedMessage], start_ns: StreamNs
) -> tuple[ModeInterval, ...]:
    for message, _ in recorded:
        status = message.statuses.get("inference") if isinstance(message, SessionStatus) else None
        if status is not None and status.mode is not None:
            return (ModeInterval(start_ns, status.mode.value),)
    return ()
