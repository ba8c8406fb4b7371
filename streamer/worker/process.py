"""The inference worker.

Subscribes: visible and thermal (every frame), session (which processes live, which cameras there
are), command (requests of the viewer); in a replay, clock (the recording's time).
Publishes: sr (SuperResolvedFrame), influence (what the guide added, while somebody looks), mode
changes and heartbeats to the supervisor; in lockstep, answers to the player.
The second worker of a comparison publishes results, on compare, and heartbeats; nothing else.
Where several rigs share it, it does so for each of them, by the endpoints of each.
Ends: when told to stop, or when the model cannot be loaded.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from streamer.clock import NS_PER_MS, StreamNs, since
from streamer.messages import (
    CameraInfo,
    FeatureRequest,
    Frame,
    ModeChange,
    ProcessState,
    Step,
    StepDone,
    SuperResolvedFrame,
)
from streamer.runtime.process import ProcessSpec, SupervisorLink
from streamer.runtime.roles import WorkerRole
from streamer.transport import Subscriber
from streamer.worker import lockstep, stepping
from streamer.worker.beside.side_pictures import SidePictures
from streamer.worker.guides.alignment import GuideAlignment
from streamer.worker.guides.calibration_orders import CalibrationOrders
from streamer.worker.networks.loading import predictor_of
from streamer.worker.networks.switch import network_switch
from streamer.worker.opened_cameras import wait_for_cameras
from streamer.worker.pairs.intake import Intake
from streamer.worker.pairs.modes import Drops
from streamer.worker.pairs.pairing import FramePair
from streamer.worker.sockets import WorkerSockets, in_lockstep
from streamer.worker.status_fields import frames_told, results_told
from streamer.worker.stepping import Arrival
from streamer.worker.super_resolution import SuperResolver
from streamer.worker.turns import PAUSE_S, take_turns

if TYPE_CHECKING:
    from models.inference.predictor import Predictor

log = logging.getLogger(__name__)

_TICK_MS = 10.0  # modes are judged at least this often


class Worker:
    """The sockets around a PairScheduler and a SuperResolver."""

    def __init__(self, spec: ProcessSpec, predictor: "Predictor", link: SupervisorLink) -> None:
        self._spec = spec
        role = self._role = spec.role_as(WorkerRole)
        self._link = link
        alignment = GuideAlignment(
            role.calibration,
            spec.config.calibration.watch_every_s,
            role.changes,
            follows=spec.config.calibration.follow_distance and role.replay is None,
            follows_drift=spec.config.calibration.follow_drift and role.replay is None,
        )
        self._orders = CalibrationOrders(live=role.replay is None)
        self._resolver = SuperResolver(
            predictor,
            self._now,
            self._rate,
            self._announce,
            alignment,
            finds_bad_pixels=spec.config.inference.find_bad_pixels,
        )
        self._networks = network_switch(spec, self._resolver)
        self._state = ProcessState.WAITING
        self._moment_ns: StreamNs | None = None  # in lockstep, of the present step
        self._drops = Drops()
        thermal = spec.config.capture.thermal
        self._sockets = WorkerSockets(spec, predictor.canvas((thermal.height, thermal.width)))
        self._beside = SidePictures(spec, self._resolver, self._drops, self._sockets)
        self._intake = Intake(
            spec,
            link,
            self._drops,
            self._sockets.frames,
            self._now,
            self._forget,
            self._beside.take,
        )

    def begin(self) -> Iterator[None]:
        """Warms up and waits for cameras, readers and player; waits where it yields."""
        replay = self._role.replay
        if replay is not None:
            cameras = replay.cameras
        else:
            cameras = yield from wait_for_cameras(self._spec.config.capture, self._link)
        self._warm_up(cameras)
        self._intake.expect(cameras)
        results = self._sockets.results
        while not results.has_readers(self._spec.readers.get(results.endpoint, ())):
            self._report("waiting for the readers")
            self._link.poll()
            yield
        self._state = ProcessState.READY
        while self._spec.follows_player and self._link.player is None:
            # until the recording's time is known, frames would be judged by this host's
            self._link.poll()
            self._report("")
            yield

    @property
    def awaited(self) -> list[Subscriber]:
        """What wakes it."""
        command = [] if self._sockets.command is None else [self._sockets.command]
        return [*self._sockets.frames.values(), self._link.session_messages, *command]

    @property
    def over(self) -> bool:
        """Whether the run has ended, of a worker that goes on for others."""
        session = self._link.session
        health = None if session is None else session.processes.get(self._spec.name)
        return health is not None and health.state is ProcessState.ENDED

    def look(self) -> None:
        """Takes what has come, judged at its arrival, and reports."""
        self._take()
        still = self._intake.shown()
        if still is not None:
            self._make(still)
        self._judge(self._now())
        self._report("")

    def make_next(self) -> bool:
        """Makes the next result; whether there was one to make."""
        work = self._intake.next()
        if work is not None:
            self._make(work)
        return work is not None

    def rest(self, *, arrived: bool) -> None:
        """No result is to be made: there is time for what is less urgent."""
        scheduler, stands = self._intake.scheduler, self._intake.stands
        self._beside.add_predicted(scheduler, self._now(), self._rate(), stands=stands)
        if stands and not arrived:
            shown = self._resolver.newest
            if self._networks.waits and shown is not None:
                self._make(shown)  # what is looked at, by the network that was asked for
            self._add_influence()

    def end(self) -> None:
        """Says how it stood at its end, and lets go of its sockets."""
        with closing(self._sockets):
            if self.over:
                self._state = ProcessState.ENDED
            self._report("stopping", force=True)
        self._link.close()
        self._networks.close()

    def keep_step(self, stop: threading.Event) -> None:
        """Lockstep with a player: does all that a step calls for, then answers it."""
        lockstep.keep_step(
            self._spec, self._sockets.frames, self._do, lambda: self._report(""), stop
        )

    def _do(self, step: Step, arrival: Arrival | None) -> StepDone:
        self._moment_ns = step.now_ns
        moment = stepping.step(
            self._intake.scheduler, self._resolver, step.now_ns, arrival, step.lost
        )
        for made in moment:
            if isinstance(made, ModeChange):
                self._tell_change(made)
            else:
                self._send(made)
        return StepDone(step.number, self._resolver.made, self._sockets.results.lossless_depth)

    def _now(self) -> StreamNs:
        """The present of the streams: live, of a paced replay, or of a step."""
        return self._link.now() if self._moment_ns is None else self._moment_ns

    def _rate(self) -> float:
        """How many seconds of the frames pass in one of the host."""
        return 1.0 if self._link.player is None else self._link.player.rate

    def _warm_up(self, cameras: dict[str, CameraInfo]) -> None:
        config = self._spec.config.capture
        thermal = cameras.get("thermal", config.thermal)
        visible = cameras.get("visible", config.visible)
        sensor, guide = (thermal.height, thermal.width), (visible.height, visible.width)
        live = isinstance(thermal, CameraInfo) and thermal.live
        self._resolver.prepare(sensor, guide, 1000 / thermal.rate_hz if live else None)
        self._sockets.expect(self._resolver.canvas)

    def _announce(self, words: str) -> None:
        self._link.report(ProcessState.STARTING, words, force=True)

    @property
    def timeout_ms(self) -> float:
        """How long it may wait for what comes."""
        deadline = self._intake.scheduler.pairing.deadline_ns()
        if deadline is None:
            return _TICK_MS
        return min(
            _TICK_MS, max(0.0, since(deadline, self._now()) / NS_PER_MS / self._rate()) + 0.5
        )

    def _take(self) -> None:
        self._link.poll()
        self._intake.take()
        commands = self._sockets.command
        while commands is not None and (request := commands.receive()) is not None:
            if isinstance(request, FeatureRequest):
                self._note_request(request)
        if self._link.session is not None:
            self._intake.follow(self._link.session)
            self._orders.follow(self._link.session, self._resolver.alignment)
            self._networks.follow(self._link.session)

    def _forget(self) -> None:
        """A replay has jumped: what came and was made is of another moment."""
        self._beside.forget()
        self._resolver.forget()

    def _note_request(self, request: FeatureRequest) -> None:
        if request.name == "influence":
            self._beside.ask(request.until_ns)
        elif request.name == "past_shares":
            self._resolver.tell_shares(request.until_ns)

    def _judge(self, now: StreamNs) -> None:
        self._intake.scheduler.modes.guide_refused = self._resolver.alignment.refused
        change = self._intake.scheduler.judge(now)
        if change is not None:
            self._tell_change(change)

    def _tell_change(self, change: ModeChange) -> None:
        log.info("mode %s -> %s: %s", change.previous, change.current, change.reason)
        if self._role.leads:
            self._link.publish(change)
        self._report("", force=True)

    def _make(self, work: FramePair | Frame) -> None:
        result = stepping.make(self._intake.scheduler, self._resolver, work)
        if result is not None:
            realigned, self._resolver.realigned = self._resolver.realigned, None
            if realigned is not None and self._role.leads:
                self._link.publish(realigned)
                result = msgspec.structs.replace(result, realigned=realigned)
            self._send(result)
            self._add_influence()
            self._resolver.look()

    def _send(self, result: SuperResolvedFrame) -> None:
        network, self._resolver.network = self._resolver.network, None
        if network is not None:
            self._sockets.expect(self._resolver.canvas)
            self._link.publish(network)
            result = msgspec.structs.replace(result, network=network)
        self._sockets.results.send(result)
        self._state = ProcessState.RUNNING

    def _add_influence(self) -> None:
        self._beside.add_influence(self._intake.scheduler, stands=self._intake.stands)

    def _report(self, detail: str, *, force: bool = False) -> None:
        if not (force or self._link.is_due(self._state, detail)):
            return
        self._link.report(
            self._state,
            detail,
            force=force,
            **frames_told(self._intake.scheduler, self._now()),
            **results_told(self._resolver),
            networks=self._networks.offer,
            network=self._networks.answer,
            predicted=self._beside.use,
        )


def main(spec: ProcessSpec, stop: threading.Event) -> None:
    """Runs the worker; see the module's text.

    Raises:
        ModelError: the model or its engine cannot be loaded.
        LockstepError: a replay in lockstep lost a frame.
        TransportError: an endpoint is taken.
    """
    specs = [one for one in (spec, *spec.others) if not _is_over(one)]
    links = [SupervisorLink(one) for one in specs]
    workers: list[Worker] = []
    try:
        settings = spec.config.inference
        for link in links:
            link.report(ProcessState.STARTING, f"loading {settings.model}")
        first = predictor_of(settings)
        for one, link in zip(specs, links, strict=True):
            predictor = first.sharing() if workers else first
            workers.append(Worker(one, predictor, link))
        if in_lockstep(spec.role_as(WorkerRole)):
            for _ in workers[0].begin():
                if stop.wait(PAUSE_S):
                    break
            else:
                workers[0].keep_step(stop)
        else:
            take_turns(workers, stop)
    finally:
        for worker in workers:
            worker.end()
        for link in links[len(workers) :]:
            link.close()


def _is_over(spec: ProcessSpec) -> bool:
    """Whether the run has ended, of a rig beside others: its directory goes with it."""
    return spec.directory is not None and not Path(spec.directory).exists()
