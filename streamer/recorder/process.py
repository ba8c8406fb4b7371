"""The recorder.

Subscribes: the streams it is told to record, every message of them; session (mode changes, the
state of every process).
Publishes: heartbeats, whose detail tells file, size and room on the disk.
Ends: when told to stop, and before the disk is full; fails when the recording cannot be written.
It takes every message: what it has no time for waits in memory, and it says when it falls behind.
"""

import contextlib
import logging
import os
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack

import cv2

from streamer.clock import NS_PER_S, StreamNs, after, later, live_stream, now_ns, since
from streamer.config.recording import ASKED, RecordSettings
from streamer.messages import (
    CalibrationChange,
    Frame,
    ModeChange,
    NetworkChange,
    ProcessState,
    RecordingState,
    SessionStatus,
    SuperResolvedFrame,
    TimelineEvent,
)
from streamer.messages.sequence import SequenceCounter
from streamer.recorder.changes import Change, KnownChanges, without_changes
from streamer.recorder.clock_watch import ClockWatch
from streamer.recorder.end_of_streams import EndOfStreams
from streamer.recorder.events import EventDetector
from streamer.recorder.housekeeping import Housekeeper
from streamer.recorder.metadata import described, first_info, without_tools
from streamer.recorder.output import open_writer, remove_empty
from streamer.recorder.selector import Selector
from streamer.recorder.time_lapse import TimeLapse
from streamer.recorder.triggers import ASKED_TEXT, PreTriggerBuffer, parse_trigger
from streamer.recorder.writer_thread import WriterThread
from streamer.recording import RecordingError
from streamer.recording.wall_clock import ClockNote, read_clocks
from streamer.recording.writing.disk_space import DiskSpace, Room
from streamer.runtime.process import ProcessSpec, SupervisorLink
from streamer.runtime.roles import RecorderRole
from streamer.shareable import paths_in, struct_without_folders
from streamer.transport import Endpoint, Policy, Subscriber, wait_any

log = logging.getLogger(__name__)

_NICE = 5  # the live chain comes first; what waits here is written a little later
_SESSION_EVERY_NS = NS_PER_S // 2  # of the ten states a second, two are kept
_RATES_EVERY_NS = NS_PER_S
_BEHIND_S = 1.0
_HELD = 0.5  # of the queue, for what a trigger or a time lapse may want; the rest for a slow disk
_TURN_MS = 20
_DRAIN_S = 4.0  # its publishers have ended; this process may stand still for a while
_FINISH_S = (
    20.0  # with that less than the supervisor gives a recorder, and than systemd gives a run
)
_LINGER_S = 1.0
_AMID_S = 0.2  # what was on its way when a recording ends amid a run is there by then
_NOTHING = "nothing was recorded: no picture came"


class Recorder:
    """The sockets around a WriterThread.

    Args:
        spec: of this process.
        settings: what is recorded.
        link: to the supervisor.
        read: reads the clocks of the host.
    """

    def __init__(
        self,
        spec: ProcessSpec,
        settings: RecordSettings,
        link: SupervisorLink,
        read: Callable[[], ClockNote] = read_clocks,
    ) -> None:
        self._spec = spec
        self._settings = settings
        self._link = link
        self._limit_bytes = settings.queue_mb * 1e6
        self._state, self._detail = ProcessState.STARTING, "waiting for the session"
        self._watch = EventDetector()
        self._clocks = ClockWatch(read)
        self._info = first_info(
            spec.config, settings, self._clocks.note, spec.role_as(RecorderRole).calibration
        )
        self._sequences = {stream: SequenceCounter() for stream in settings.streams}
        self._ends = EndOfStreams(settings.streams)
        self._housekeeper = Housekeeper(settings, read)
        self._next_session_ns = self._next_rates_ns = StreamNs(0)
        self._changes = KnownChanges()
        self._paths = (*paths_in(spec.config), settings.output)
        self._came: Counter[str] = Counter()  # since the last report of rates
        self._behind = self._full = self._refused = self._asked = False
        self._recording: RecordingState | None = None
        self._alive: dict[str, bool] = {}
        self._ending = False
        self._amid = spec.role_as(RecorderRole).amid
        self._parent = os.getppid()
        with ExitStack() as sockets:
            addresses = spec.addresses
            self._in = {
                sockets.enter_context(
                    Subscriber(addresses, Endpoint(stream), Policy.EVERY, reader=spec.name)
                ): stream
                for stream in settings.streams
            }
            self._session = sockets.enter_context(
                Subscriber(addresses, Endpoint.SESSION, Policy.EVERY)
            )
            self._sockets = sockets.pop_all()

    def run(self, stop: threading.Event) -> None:
        """Records until told to stop, or until there is no room.

        Raises:
            RecordingError: the recording cannot be made or written any more.
        """
        with self._sockets:
            session = self._wait_for_session(stop)
            if session is None:
                return
            self._info = described(self._info, session)
            health = session.processes.get(self._spec.name)
            resumed = self._resumed = health is not None and health.restarts > 0
            writer = open_writer(self._settings, self._info, resumed)
            settings = self._settings
            triggers = [parse_trigger(text) for text in settings.when]
            held_bytes = self._limit_bytes * _HELD
            selector: Selector = PreTriggerBuffer(
                triggers, settings.before_s, settings.after_s, held_bytes
            )
            if settings.every_s:
                selector = TimeLapse(settings.every_s, held_bytes)
            self._writer = writer
            self._disk = DiskSpace(writer.path, settings.warn_mb, settings.stop_mb)
            self._writing = WriterThread(writer, selector)
            self._writing.note_clock(self._clocks.note)
            self._housekeeper.start()
            if resumed:
                self._note(TimelineEvent(_now(), "recording", "the recorder was started again"))
            try:
                self._follow(stop)
            finally:
                self._amid |= not stop.is_set()
                self._finish()
            self._report_end(stop)

    def _wait_for_session(self, stop: threading.Event) -> SessionStatus | None:
        while not stop.is_set():
            message = self._session.receive(_TURN_MS)
            if isinstance(message, SessionStatus):
                return message
            self._report()
        return None

    def _follow(self, stop: threading.Event) -> None:
        self._state, self._detail = ProcessState.READY, ""
        waited = [self._session, *self._in]
        while not stop.is_set() and self._writing.error is None:
            for subscriber in wait_any(
                [self._session] if self._writing_is_full else waited, _TURN_MS
            ):
                self._take(subscriber)
            now = _now()
            if self._disk.check(now) is Room.NONE:
                self._note(
                    TimelineEvent(now, "disk", "the disk is nearly full: the recording ends")
                )
                log.warning("the disk of %s is nearly full: recording ends", self._writer.path)
                self._full = True
                return
            self._note_housekeeping(now)
            self._look_at_clocks(now)
            self._update_status(now)
            self._report()

    @property
    def _writing_is_full(self) -> bool:
        """Whether as much waits for the disk as may: frames then wait at their publishers.

        Publishers that end do not wait for a disk: at the end of a run all of it is taken.
        """
        return not self._ending and self._writing.waiting_bytes > self._limit_bytes

    def _take(self, subscriber: Subscriber) -> None:
        """Takes one message of a socket, so that no stream waits for another's backlog."""
        message = subscriber.receive()
        now = _now()
        if subscriber is self._session:
            self._take_session(message, now)
        elif isinstance(message, Frame | SuperResolvedFrame):
            stream = self._in[subscriber]
            missing = self._sequences[stream].missing(message.sequence)
            self._came[stream] += 1
            self._ends.frame(stream, message.sequence)
            if stream == "thermal" and isinstance(message, Frame):
                self._refuse_degrees_of(message)
            self._note(*self._watch.take(message, now), *self._watch.missed(stream, missing, now))
            if isinstance(message, SuperResolvedFrame):
                message, changes = without_changes(message)
                for change in changes:  # the session may tell of them later
                    self._take_change(change, now)
            self._writing.put(message, now)
            self._state = ProcessState.RUNNING

    def _refuse_degrees_of(self, frame: Frame) -> None:
        """A limit in degrees is never passed by counts that nobody knows the degrees of."""
        if frame.radiometry is not None or self._refused:
            return
        for text in self._settings.when:
            if parse_trigger(text).in_degrees:
                self._refused = True  # what is still on its way is taken all the same
                raise RecordingError(
                    f"--trigger {text} can never hold: the thermal source gives counts and no "
                    "degrees; capture.thermal.gain_k says how many kelvin a count is"
                )

    def _take_session(self, message: object, now: StreamNs) -> None:
        if isinstance(message, ModeChange):
            self._writing.put(struct_without_folders(message, self._paths), now)
        elif isinstance(message, CalibrationChange | NetworkChange):
            self._take_change(message, now)
        elif isinstance(message, SessionStatus):
            self._take_notes_of(message, now)
            self._ending = message.ending
            if self._state is not ProcessState.RUNNING:
                return  # a recording begins with its first picture
            if self._ending:
                return  # in a replay these ends would be deaths
            alive = {name: health.alive for name, health in message.processes.items()}
            due = not later(self._next_session_ns, now) and not self._writing_is_full
            if due or alive != self._alive:
                self._alive = alive  # a replay needs the very moment of a process's death
                self._next_session_ns = after(now, _SESSION_EVERY_NS)
                shown = struct_without_folders(without_tools(message), self._paths)
                self._writing.put(shown, now)

    def _take_notes_of(self, session: SessionStatus, now: StreamNs) -> None:
        """Takes what a state of the run tells of cameras, tools, alarms and changes."""
        for change in (session.calibration, session.network):
            if change is not None:  # of before this recorder was there
                self._take_change(change, now)
        self._note(*self._watch.take(session, now))
        self._look_whether_asked(session, now)
        info = described(self._info, session)
        if info != self._info:
            self._info = info
            self._writing.describe(info)

    def _take_change(self, change: Change, now: StreamNs) -> None:
        """Records it once, however often it is told; it stands before the next picture."""
        if self._changes.is_new(change, self._info):
            self._note(*self._watch.take(change, now))
            self._writing.put(struct_without_folders(change, self._paths), now)

    def _look_whether_asked(self, session: SessionStatus, now: StreamNs) -> None:
        """What was kept, and what comes, is recorded from the moment that the window asks for it.

        In a second life that is at once: in the first it was asked for already.
        """
        asked = session.take is not None and session.take.since_ns is not None
        if asked and not self._asked and ASKED in self._settings.when:
            self._asked = True
            self._note(TimelineEvent(now, "recording", ASKED_TEXT))

    def _note(self, *events: TimelineEvent) -> None:
        for event in events:
            self._writing.put(struct_without_folders(event, self._paths), _now())

    def _note_housekeeping(self, now: StreamNs) -> None:
        self._note(*(TimelineEvent(now, "recording", words) for words in self._housekeeper.news()))

    def _look_at_clocks(self, now: StreamNs) -> None:
        note, happened = self._clocks.look()
        if note is not None:
            self._writing.note_clock(note)
        for words in happened:
            log.warning("%s", words)
        self._note(*(TimelineEvent(now, "clock", words) for words in happened))

    def _update_status(self, now: StreamNs) -> None:
        """Says where it stands, once a second, and when it falls behind, once."""
        if later(self._next_rates_ns, now):
            return
        passed_s = (since(now, self._next_rates_ns) + _RATES_EVERY_NS) / NS_PER_S
        self._next_rates_ns = after(now, _RATES_EVERY_NS)
        behind_s = self._writing.behind_s(now)
        if behind_s > _BEHIND_S and not self._behind:
            words = f"cannot keep up: {behind_s:.1f} s behind"
            log.warning("recorder: %s", words)
            self._note(TimelineEvent(now, "recording", words))
        self._behind = behind_s > _BEHIND_S
        rates_hz = {
            stream: round(self._came[stream] / passed_s, 1) for stream in self._settings.streams
        }
        self._came.clear()
        self._recording = told = self._told(rates_hz)
        state = "" if self._writing.recording else "waiting for its moment, "
        size, room = f"{told.size_mb:.1f} MB", f"{told.disk_left_gb:.1f} GB left"
        self._detail = f"{state}{self._writer.path.name}: {size}, {room}"
        if self._disk.room is Room.LITTLE:
            self._detail += ", the disk is getting full"
        if self._behind:
            self._detail += f", {behind_s:.1f} s behind"

    def _drain(self) -> None:
        """Takes what is still on its way; the run tells us to stop when its sources have ended.

        Where it ends amid a run, by itself or by the window, more would come for ever.
        """
        deadline = time.monotonic() + (_AMID_S if self._amid else _DRAIN_S)
        while self._writing.error is None and time.monotonic() < deadline:
            ready = wait_any(list(self._in), _TURN_MS)
            for subscriber in ready:
                self._take(subscriber)
            while (message := self._session.receive()) is not None:
                if isinstance(message, SessionStatus):
                    self._ends.session(message)
                    self._take_notes_of(message, _now())  # alone: its ends would be deaths
                else:
                    self._take_session(message, _now())
            if not ready:
                if self._amid:
                    return
                self._ends.nothing(orphaned=os.getppid() != self._parent)
                if self._ends.reached:
                    return
            self._report()

    def _finish(self) -> None:
        """Takes what has come, completes the recording and says so."""
        self._housekeeper.stop()
        self._drain()
        self._note_housekeeping(_now())
        done = self._writing.finish(_FINISH_S)
        if self._writing.error is not None:
            raise self._writing.error
        if self._writing.left_out:
            log.warning(
                "%d messages still waited when there was no more time to write them",
                self._writing.left_out,
            )
        if not done:
            log.warning("%s was not completed in time: recover it", self._writer.path)
        came = self._state is not ProcessState.READY
        if done and not (came and self._writing.written) and not self._full and not self._resumed:
            remove_empty(self._writer.path)
            never = " and ".join(f'"{condition}"' for condition in self._settings.when)
            self._detail = f"nothing was recorded: {never} never held" if came else _NOTHING
            self._recording = None
            self._state = ProcessState.ENDED
            return
        self._recording = told = self._told({})
        self._detail = f"{told.file}, {told.size_mb:.1f} MB"
        if self._full:
            self._detail = f"the disk is nearly full: {self._detail}"
        self._state = ProcessState.ENDED

    def _told(self, rates_hz: dict[str, float]) -> RecordingState:
        return RecordingState(
            file=str(self._writer.path),
            size_mb=round(self._writer.size_bytes / 1e6, 3),
            disk_left_gb=round(self._disk.free_bytes / 1e9, 3),
            rates_hz=rates_hz,
            full=self._full,
            removed=self._housekeeper.removed,
            pictures=self._writing.pictures,
            handled=self._writing.handled,
        )

    def _report_end(self, stop: threading.Event) -> None:
        """Repeats the last heartbeat for a second, for sockets that are still connecting."""
        deadline = time.monotonic() + _LINGER_S
        self._housekeeper.join(_LINGER_S)
        self._report(force=True)
        while not stop.wait(0.02) and time.monotonic() < deadline:
            self._report()

    def _report(self, *, force: bool = False) -> None:
        self._link.report(self._state, self._detail, force=force, recording=self._recording)


def _now() -> StreamNs:
    """The present of the frames: a recorder is part of live runs only."""
    return live_stream(now_ns())


def main(spec: ProcessSpec, stop: threading.Event) -> None:
    """Runs the recorder; see the module's text.

    Raises:
        RecordingError: the recording cannot be made or written.
        RoleError: it was told to be something else.
    """
    settings = spec.role_as(RecorderRole).settings
    with contextlib.suppress(OSError, AttributeError):
        os.nice(_NICE)
    cv2.setNumThreads(1)
    link = SupervisorLink(spec)
    try:
        Recorder(spec, settings, link).run(stop)
    finally:
        link.close()
