"""The player.

Subscribes: session (when to begin, what has arrived), playback_command (of the viewer), and in
lockstep answer (of the worker).
Publishes: the recorded frames on visible, thermal and truth, as capture processes do; clock (where
it is in the recording, now and then with its timeline, or the steps of lockstep); thumbnail;
heartbeats.
Ends: when told to stop; headless at the end of the recording; fails when it cannot be read.
"""

import logging
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import msgspec

from streamer.clock import NS_PER_MS, NS_PER_S, HostNs, StreamNs, after, later, now_ns, since
from streamer.errors import CorefusionError
from streamer.faults.injection import FaultPlan
from streamer.faults.stream import FaultyStream
from streamer.messages import (
    SENSORS,
    Frame,
    PlaybackAction,
    PlaybackCommand,
    PlayerState,
    ProcessState,
    Step,
    StepDone,
)
from streamer.recording import RecordingError, RecordingReader
from streamer.replay.lockstep import STREAMS, Planned, plan
from streamer.replay.player import Player
from streamer.replay.thumbnails import ThumbnailReader
from streamer.replay.timeline import TimelineReader
from streamer.runtime.process import ProcessSpec, SupervisorLink
from streamer.runtime.roles import PlayerRole
from streamer.transport import Endpoint, Policy, Publisher, Subscriber, wait_any

log = logging.getLogger(__name__)

_PLAYED = (*SENSORS, "truth")
_CLOCK_EVERY_NS = 50 * NS_PER_MS
_TIMELINE_EVERY_NS = 2 * NS_PER_S  # a viewer that comes back shall not wait for long
_SETTLE_S = 0.005  # a viewer that reads of a jump before its frames shows no age of hours
_NAP_MS = 10.0
_ANSWER_MS = 100
_AHEAD = 128  # results that may be under way to the last consumer, if they fit there
_CONSUMED_S = 60.0  # for results that are under way; the supervisor may stand still for a while
_ENDED_S = 1.0


class ReplayError(CorefusionError):
    """A replay in lockstep that has lost results on their way."""


class PlayerProcess:
    """The sockets around a Player, or around the plan of lockstep."""

    def __init__(self, spec: ProcessSpec, role: PlayerRole, link: SupervisorLink) -> None:
        self._spec = spec
        settings = self._settings = role.replay
        self._link = link
        self._reader = RecordingReader(Path(settings.path))
        self._start_ns = self._reader.start_ns or StreamNs(0)
        self._state, self._detail = ProcessState.STARTING, "opening the recording"
        self._last_sequence: int | None = None
        self._first_result_ns: StreamNs | None = None
        self._thumbnails = ThumbnailReader(Path(settings.path))
        self._next_timeline_ns = 0
        self._faulty = {
            stream: FaultyStream(FaultPlan(role.injections, stream)) for stream in SENSORS
        }
        with ExitStack() as sockets:
            addresses = spec.addresses
            self._out = {
                stream: sockets.enter_context(
                    Publisher(addresses, Endpoint(stream), message_bytes=self._frame_bytes(stream))
                )
                for stream in _PLAYED
            }
            self._clock = sockets.enter_context(Publisher(addresses, Endpoint.CLOCK))
            self._small = sockets.enter_context(Publisher(addresses, Endpoint.THUMBNAIL))
            self._commands = sockets.enter_context(
                Subscriber(addresses, Endpoint.PLAYBACK_COMMAND, Policy.EVERY, bind=True)
            )
            self._answers = sockets.enter_context(
                Subscriber(addresses, Endpoint.ANSWER, Policy.EVERY)
            )
            self._sockets = sockets.pop_all()

    def _frame_bytes(self, stream: str) -> int:
        """How long the messages of a stream are, by its first picture."""
        first = next(iter(self._reader.read((stream,))), None)
        if first is None or not isinstance(first.message, Frame):
            return 0
        height, width = first.message.pixels.shape[:2]
        return first.message.pixel_format.message_bytes(width, height)

    def run(self, stop: threading.Event) -> None:
        """Plays.

        Raises:
            RecordingError: the recording cannot be read, or holds nothing in the part asked for.
        """
        with self._sockets:
            if not self._wait_for_start(stop):
                return
            self._state, self._detail = ProcessState.RUNNING, ""
            (self._keep_step if self._settings.lockstep else self._play)(stop)

    def _wait_for_start(self, stop: threading.Event) -> bool:
        readers = self._spec.readers
        while not stop.is_set():
            complete = all(
                publisher.has_readers(readers.get(publisher.endpoint, ()))
                for publisher in (*self._out.values(), self._clock)
            )
            self._state = ProcessState.READY if complete else ProcessState.WAITING
            self._detail = "" if complete else "waiting for the readers"
            self._report()
            self._link.poll()
            session = self._link.session
            if complete and session is not None and session.origin_ns is not None:
                return True
            stop.wait(0.01)
        return False

    def _play(self, stop: threading.Event) -> None:
        """Paced: publishes what is due, and where it is."""
        settings = self._settings
        try:
            player = Player(
                self._reader,
                now_ns(),
                first_s=settings.first_s,
                last_s=settings.last_s,
                rate=settings.rate,
                loop=settings.loop,
                paused=True,
            )
        except ValueError as error:
            raise RecordingError(f"recording {settings.path}: {error}") from error
        # reading the first frames took no time of the recording
        player.handle(PlaybackCommand(PlaybackAction.RESUME), now_ns())
        timeline = TimelineReader(Path(settings.path))
        epoch, next_clock_ns, joined = -1, HostNs(0), self._joined()
        while not stop.is_set():
            self._link.poll()
            now = now_ns()
            changed = self._handle(player, now)
            before, joined = joined, self._joined()
            if joined != before:  # a process that was started again
                player.show_again(now)
            due = player.due(now)
            state = player.state(now)
            self._note_first_result(state)
            jumped, epoch = state.epoch != epoch, state.epoch
            tells = changed or jumped or not later(next_clock_ns, now)
            if jumped:
                self._clock.send(self._with_timeline(state, timeline))
                time.sleep(_SETTLE_S)
            for one in due:
                if isinstance(one.message, Frame):
                    frame = msgspec.structs.replace(one.message, epoch=epoch)
                    self._take(frame, state.media_ns)
            self._send_due(state.media_ns)
            if tells:
                next_clock_ns = after(now, _CLOCK_EVERY_NS)
            if tells and not jumped:  # where time stops, what was played until then is under way
                self._clock.send(self._with_timeline(state, timeline))
            while (small := self._thumbnails.take()) is not None:
                self._small.send(small)
            self._detail = "standing still" if state.paused else ""
            self._report()
            wake_ns = player.next_ns(now)
            nap_ms = _NAP_MS if wake_ns is None else (since(wake_ns, now_ns())) / NS_PER_MS
            wait_any([self._commands], min(_NAP_MS, max(0.0, nap_ms)))

    def _joined(self) -> int:
        """How many readers have come so far."""
        return sum(publisher.joined for publisher in self._out.values())

    def _with_timeline(self, state: PlayerState, reader: TimelineReader) -> PlayerState:
        """A state as it goes out: with the timeline, if they are due."""
        if state.host_ns < self._next_timeline_ns or reader.timeline is None:
            return state
        self._next_timeline_ns = state.host_ns + _TIMELINE_EVERY_NS
        return msgspec.structs.replace(state, timeline=reader.timeline)

    def _handle(self, player: Player, now: HostNs) -> bool:
        handled = False
        while (command := self._commands.receive()) is not None:
            if not isinstance(command, PlaybackCommand):
                continue
            if command.kind is PlaybackAction.THUMBNAIL:
                self._thumbnails.ask(after(self._start_ns, command.value * NS_PER_S))
            else:
                player.handle(command, now)
                handled = True
        return handled

    def _note_first_result(self, state: PlayerState) -> None:
        """When the first result came, in the recording's time; injections count from then.

        Noted as soon as the session says so: a pause or another rate in between would falsify it.
        """
        session = self._link.session
        if self._first_result_ns is None and session is not None and session.first_result_ns:
            since_ns = since(state.host_ns, session.first_result_ns) * state.rate
            self._first_result_ns = after(state.media_ns, -since_ns)

    def _keep_step(self, stop: threading.Event) -> None:
        """Lockstep: the next frame follows the answer to the last one."""
        number = results = unanswered = 0
        self._step(
            Step(number, StreamNs(0)), stop
        )  # both directions of the line stand when this is answered
        first_ns = after(self._start_ns, self._settings.first_s * NS_PER_S)
        last_s = self._settings.last_s
        last_ns = None if last_s is None else after(self._start_ns, last_s * NS_PER_S)
        for planned in plan(self._reader.read(STREAMS, first_ns, last_ns)):
            for sent in self._with_faults(planned):
                number += 1
                stream = None if sent.frame is None else sent.frame.stream
                if sent.frame is not None:
                    self._out[sent.frame.stream].send(sent.frame)
                    self._last_sequence = sent.frame.sequence
                if stream == "truth":
                    continue  # for the report alone: the worker never reads it
                answer = self._step(Step(number, sent.now_ns, stream, sent.lost), stop)
                if answer is None:
                    return
                if answer.results and self._first_result_ns is None:
                    self._first_result_ns = sent.now_ns
                # the last consumer reads the thermal frames as well, also where no result comes
                unanswered += stream == "thermal"
                unanswered = 0 if answer.results > results else unanswered
                results = answer.results
                ahead = min(_AHEAD, answer.depth, self._out["truth"].lossless_depth)
                self._wait_for_consumer(results - max(0, ahead - unanswered), stop)
                self._report()
        self._wait_for_consumer(results, stop)  # what lacks one is no replay of the recording
        self._finish(stop)

    def _step(self, step: Step, stop: threading.Event) -> StepDone | None:
        """Sends a step until it is answered: the first ones may get lost while sockets connect."""
        while not stop.is_set():
            self._clock.send(step)
            deadline = time.monotonic() + _ANSWER_MS / 1000 * (1 if step.number == 0 else 100)
            while time.monotonic() < deadline and not stop.is_set():
                answer = self._answers.receive(20)
                if isinstance(answer, StepDone) and answer.number == step.number:
                    return answer
                self._report()
        return None

    def _wait_for_consumer(self, results: int, stop: threading.Event) -> None:
        """Waits until so many results have come to their end.

        Raises:
            ReplayError: they do not.
        """
        deadline = time.monotonic() + _CONSUMED_S
        while not stop.is_set():
            self._link.poll()
            session = self._link.session
            if session is None or session.results >= results:
                return
            if time.monotonic() > deadline:
                raise ReplayError(
                    f"replay {self._settings.path}: {results} results wanted, "
                    f"{session.results} came"
                )
            self._report()
            stop.wait(0.005)

    def _with_faults(self, planned: Planned) -> list[Planned]:
        """What becomes of a step under the injected faults: itself, nothing, or more."""
        frame, now = planned.frame, planned.now_ns
        if frame is None or frame.stream not in self._faulty:
            late = self._taken_due(now)
            return [*(Planned(now, one) for one in late), planned]
        self._faulty[frame.stream].take(frame, None, now, self._first_result_ns)
        return [Planned(now, one, planned.lost) for one in self._taken_due(now)] or [Planned(now)]

    def _taken_due(self, now: StreamNs) -> list[Frame]:
        return [out.frame for faulty in self._faulty.values() for out in faulty.due(now)]

    def _take(self, frame: Frame, media_ns: StreamNs) -> None:
        if frame.stream in self._faulty:
            self._faulty[frame.stream].take(frame, None, media_ns, self._first_result_ns)
        else:
            self._out[frame.stream].send(frame)

    def _send_due(self, media_ns: StreamNs) -> None:
        for frame in self._taken_due(media_ns):
            self._out[frame.stream].send(frame)
            self._last_sequence = frame.sequence

    def _finish(self, stop: threading.Event) -> None:
        self._state, self._detail = ProcessState.ENDED, "end of the recording"
        deadline = time.monotonic() + _ENDED_S
        while not stop.is_set() and time.monotonic() < deadline:
            self._report()
            stop.wait(0.02)

    def _report(self) -> None:
        dropped = {f"{name}/injected": one.dropped for name, one in self._faulty.items()}
        self._link.report(
            self._state,
            self._detail,
            dropped={cause: count for cause, count in dropped.items() if count},
            last_sequence=self._last_sequence,
            left_out=self._reader.info.left_out,
        )


def main(spec: ProcessSpec, stop: threading.Event) -> None:
    """Runs the player; see the module's text.

    Raises:
        RecordingError: the recording cannot be opened or read.
        ReplayError: in lockstep, results were lost on their way.
        RoleError: it was told to be something else.
    """
    role = spec.role_as(PlayerRole)
    link = SupervisorLink(spec)
    try:
        PlayerProcess(spec, role, link).run(stop)
    finally:
        link.close()
