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
from collections.abc import Callable
from contextlib import ExitStack

import cv2

from streamer.clock import StreamNs, live_stream, now_ns
from streamer.config.recording import RecordSettings
from streamer.messages import (
    Frame,
    ProcessState,
    SessionStatus,
    SuperResolvedFrame,
    TimelineEvent,
)
from streamer.messages.sequence import SequenceCounter
from streamer.recorder.end_of_streams import EndOfStreams
from streamer.recorder.figures import RecordingFigures
from streamer.recorder.housekeeping import Housekeeper
from streamer.recorder.notes.changes import without_changes
from streamer.recorder.notes.clock_watch import ClockWatch
from streamer.recorder.notes.metadata import described, first_info
from streamer.recorder.notes.run_notes import RunNotes
from streamer.recorder.output import open_writer, remove_empty
from streamer.recorder.selection.selector import selector_of
from streamer.recorder.selection.triggers import parse_trigger
from streamer.recorder.writer_thread import WriterThread
from streamer.recording import RecordingError
from streamer.recording.wall_clock import ClockNote, read_clocks
from streamer.recording.writing.disk_space import DiskSpace, Room
from streamer.runtime.process import ProcessSpec, SupervisorLink
from streamer.runtime.roles import RecorderRole
from streamer.shareable import paths_in
from streamer.transport import Endpoint, Policy, Subscriber, wait_any

log = logging.getLogger(__name__)

_NICE = 5  # the live chain comes first; what waits here is written a little later
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
        self._state = ProcessState.STARTING
        self._clocks = ClockWatch(read)
        self._info = first_info(
            spec.config, settings, self._clocks.note, spec.role_as(RecorderRole).calibration
        )
        self._sequences = {stream: SequenceCounter() for stream in settings.streams}
        self._ends = EndOfStreams(settings.streams)
        self._housekeeper = Housekeeper(settings, read)
        self._paths = (*paths_in(spec.config), settings.output)
        self._refused = False
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
            info = described(self._info, session)
            health = session.processes.get(self._spec.name)
            resumed = self._resumed = health is not None and health.restarts > 0
            writer = open_writer(self._settings, info, resumed)
            settings = self._settings
            selector = selector_of(settings, self._limit_bytes * _HELD)
            self._writer = writer
            self._disk = DiskSpace(writer.path, settings.warn_mb, settings.stop_mb)
            self._writing = WriterThread(writer, selector)
            self._writing.note_clock(self._clocks.note)
            self._notes = RunNotes(
                settings, info, self._writing, self._paths, lambda: self._writing_is_full
            )
            self._figures = RecordingFigures(
                settings.streams,
                writer,
                self._writing,
                self._disk,
                self._housekeeper,
                self._notes.note,
            )
            self._housekeeper.start()
            if resumed:
                self._notes.note(
                    TimelineEvent(_now(), "recording", "the recorder was started again")
                )
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
            self._link.report(self._state, "waiting for the session", recording=None)
        return None

    def _follow(self, stop: threading.Event) -> None:
        self._state = ProcessState.READY
        waited = [self._session, *self._in]
        while not stop.is_set() and self._writing.error is None:
            for subscriber in wait_any(
                [self._session] if self._writing_is_full else waited, _TURN_MS
            ):
                self._take(subscriber)
            now = _now()
            if self._disk.check(now) is Room.NONE:
                self._notes.note(
                    TimelineEvent(now, "disk", "the disk is nearly full: the recording ends")
                )
                log.warning("the disk of %s is nearly full: recording ends", self._writer.path)
                self._figures.full = True
                return
            self._note_housekeeping(now)
            self._look_at_clocks(now)
            self._figures.look(now)
            self._report()

    @property
    def _writing_is_full(self) -> bool:
        """Whether as much waits for the disk as may: frames then wait at their publishers.

        Publishers that end do not wait for a disk: at the end of a run all of it is taken.
        """
        return not self._notes.ending and self._writing.waiting_bytes > self._limit_bytes

    def _take(self, subscriber: Subscriber) -> None:
        """Takes one message of a socket, so that no stream waits for another's backlog."""
        message = subscriber.receive()
        now = _now()
        if subscriber is self._session:
            self._take_session(message, now)
        elif isinstance(message, Frame | SuperResolvedFrame):
            stream = self._in[subscriber]
            missing = self._sequences[stream].missing(message.sequence)
            self._figures.came(stream)
            self._ends.frame(stream, message.sequence)
            if stream == "thermal" and isinstance(message, Frame):
                self._refuse_degrees_of(message)
            self._notes.on_picture(message, stream, missing, now)
            if isinstance(message, SuperResolvedFrame):
                message, changes = without_changes(message)
                for change in changes:  # the session may tell of them later
                    self._notes.on_change(change, now)
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
        self._notes.on_session(message, now, running=self._state is ProcessState.RUNNING)

    def _note_housekeeping(self, now: StreamNs) -> None:
        self._notes.note(
            *(TimelineEvent(now, "recording", words) for words in self._housekeeper.news())
        )

    def _look_at_clocks(self, now: StreamNs) -> None:
        note, happened = self._clocks.look()
        if note is not None:
            self._writing.note_clock(note)
        for words in happened:
            log.warning("%s", words)
        self._notes.note(*(TimelineEvent(now, "clock", words) for words in happened))

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
                    self._notes.on_status(message, _now())  # alone: its ends would be deaths
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
        empty = done and not (came and self._writing.written)
        if empty and not self._figures.full and not self._resumed:
            remove_empty(self._writer.path)
            never = " and ".join(f'"{condition}"' for condition in self._settings.when)
            words = f"nothing was recorded: {never} never held" if came else _NOTHING
            self._figures.end_empty(words)
        else:
            self._figures.end()
        self._state = ProcessState.ENDED

    def _report_end(self, stop: threading.Event) -> None:
        """Repeats the last heartbeat for a second, for sockets that are still connecting."""
        deadline = time.monotonic() + _LINGER_S
        self._housekeeper.join(_LINGER_S)
        self._report(force=True)
        while not stop.wait(0.02) and time.monotonic() < deadline:
            self._report()

    def _report(self, *, force: bool = False) -> None:
        figures = self._figures
        self._link.report(self._state, figures.detail, force=force, recording=figures.told)


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
