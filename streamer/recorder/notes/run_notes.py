"""What is recorded beside the pictures: events, changes, and the state of the run."""

from collections.abc import Callable, Iterable

from streamer.clock import NS_PER_S, StreamNs, after, later, live_stream, now_ns
from streamer.config.recording import ASKED, RecordSettings
from streamer.messages import (
    CalibrationChange,
    Frame,
    ModeChange,
    NetworkChange,
    SessionStatus,
    SuperResolvedFrame,
    TimelineEvent,
)
from streamer.recorder.notes.changes import Change, KnownChanges
from streamer.recorder.notes.events import EventDetector
from streamer.recorder.notes.metadata import described, without_tools
from streamer.recorder.selection.triggers import ASKED_TEXT
from streamer.recorder.writer_thread import WriterThread
from streamer.recording import RecordingInfo
from streamer.shareable import struct_without_folders

_SESSION_EVERY_NS = NS_PER_S // 2  # of the ten states a second, two are kept


class RunNotes:
    """Notes what the session and the pictures tell of the run.

    Args:
        settings: what is recorded.
        info: of the recording, as it begins.
        writing: writes it.
        paths: of the run's own files, of which a recording tells the names alone.
        is_full: whether as much waits for the disk as may.

    Attributes:
        ending: whether the run ends.
    """

    def __init__(
        self,
        settings: RecordSettings,
        info: RecordingInfo,
        writing: WriterThread,
        paths: Iterable[str],
        is_full: Callable[[], bool],
    ) -> None:
        self.ending = False
        self._settings = settings
        self._info = info
        self._writing = writing
        self._paths = tuple(paths)
        self._is_full = is_full
        self._watch = EventDetector()
        self._changes = KnownChanges()
        self._next_session_ns = StreamNs(0)
        self._alive: dict[str, bool] = {}
        self._asked = False

    def note(self, *events: TimelineEvent) -> None:
        """Records events."""
        for event in events:
            self._writing.put(struct_without_folders(event, self._paths), live_stream(now_ns()))

    def on_picture(
        self, message: Frame | SuperResolvedFrame, stream: str, missing: int, now: StreamNs
    ) -> None:
        """Notes what a picture tells, and how many before it never came."""
        self.note(*self._watch.take(message, now), *self._watch.missed(stream, missing, now))

    def on_session(self, message: object, now: StreamNs, *, running: bool) -> None:
        """Takes what the session sends; `running` once a picture has come."""
        if isinstance(message, ModeChange):
            self._writing.put(struct_without_folders(message, self._paths), now)
        elif isinstance(message, CalibrationChange | NetworkChange):
            self.on_change(message, now)
        elif isinstance(message, SessionStatus):
            self.on_status(message, now)
            self.ending = message.ending
            if not running:
                return  # a recording begins with its first picture
            if self.ending:
                return  # in a replay these ends would be deaths
            alive = {name: health.alive for name, health in message.processes.items()}
            due = not later(self._next_session_ns, now) and not self._is_full()
            if due or alive != self._alive:
                self._alive = alive  # a replay needs the very moment of a process's death
                self._next_session_ns = after(now, _SESSION_EVERY_NS)
                shown = struct_without_folders(without_tools(message), self._paths)
                self._writing.put(shown, now)

    def on_status(self, session: SessionStatus, now: StreamNs) -> None:
        """Takes what a state of the run tells of cameras, tools, alarms and changes."""
        for change in (session.calibration, session.network):
            if change is not None:  # of before this recorder was there
                self.on_change(change, now)
        self.note(*self._watch.take(session, now))
        self._look_whether_asked(session, now)
        info = described(self._info, session)
        if info != self._info:
            self._info = info
            self._writing.describe(info)

    def on_change(self, change: Change, now: StreamNs) -> None:
        """Records it once, however often it is told; it stands before the next picture."""
        if self._changes.is_new(change, self._info):
            self.note(*self._watch.take(change, now))
            self._writing.put(struct_without_folders(change, self._paths), now)

    def _look_whether_asked(self, session: SessionStatus, now: StreamNs) -> None:
        """What was kept, and what comes, is recorded from the moment that the window asks for it.

        In a second life that is at once: in the first it was asked for already.
        """
        asked = session.take is not None and session.take.since_ns is not None
        if asked and not self._asked and ASKED in self._settings.when:
            self._asked = True
            self.note(TimelineEvent(now, "recording", ASKED_TEXT))
