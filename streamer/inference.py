"""The inference worker.

Subscribes: visible and thermal (every frame), session (which processes live, which cameras there
are), command (wishes of the viewer).
Publishes: sr (SuperResolvedFrame), influence (what the guide added, while somebody looks), mode
changes and heartbeats to the supervisor.
Ends: when told to stop, or when the model cannot be loaded.
"""

import logging
import threading
from contextlib import ExitStack
from typing import TYPE_CHECKING

import numpy as np

from streamer.clock import NS_PER_MS, now_ns
from streamer.fusion import STREAMS, Fusion
from streamer.messages import (
    CameraInfo,
    Command,
    Consistency,
    Frame,
    Mode,
    PixelFormat,
    ProcessState,
    SessionStatus,
    Source,
    SuperResolvedFrame,
)
from streamer.pairing import FramePair
from streamer.process import Assignment, ProcessLink
from streamer.transport import Endpoint, Policy, Publisher, Subscriber, wait_any

if TYPE_CHECKING:
    from models.predictor import Prediction, Predictor

log = logging.getLogger(__name__)

_TICK_MS = 10.0  # modes are judged at least this often
_INFLUENCE_ZERO = 32768


class Worker:
    """The sockets around a Fusion and a Predictor."""

    def __init__(self, assignment: Assignment, predictor: "Predictor", link: ProcessLink) -> None:
        self._assignment = assignment
        self._predictor = predictor
        self._link = link
        self._sequence = 0
        self._state = ProcessState.WAITING
        self._influence_until_ns = 0
        self._influence_next_ns = 0
        self._predict_ms = 0.0
        self._alive = dict.fromkeys(STREAMS, True)
        self._sensor: tuple[int, ...] = ()
        self._guide = (0, 0)
        self._last_canvas = (0, 0)
        every_ms = assignment.config.inference.influence_every_ms
        self._influence_every_ns = round(every_ms * NS_PER_MS)
        with ExitStack() as sockets:
            self._in = {
                stream: sockets.enter_context(
                    Subscriber(assignment.addresses, Endpoint(stream), Policy.EVERY)
                )
                for stream in STREAMS
            }
            self._command = sockets.enter_context(
                Subscriber(assignment.addresses, Endpoint.COMMAND, Policy.EVERY, bind=True)
            )
            self._out = sockets.enter_context(Publisher(assignment.addresses, Endpoint.SR))
            self._influence = sockets.enter_context(
                Publisher(assignment.addresses, Endpoint.INFLUENCE)
            )
            self._sockets = sockets.pop_all()

    def run(self, stop: threading.Event) -> None:
        """Warms up, waits for the readers, then works until told to stop."""
        with self._sockets:
            cameras = self._wait_for_cameras(stop)
            self._warm_up(cameras)
            self._fusion = Fusion(self._assignment, cameras)
            while not stop.is_set():
                if self._out.subscribers() >= self._assignment.readers.get(Endpoint.SR, 0):
                    break
                self._report("waiting for the readers")
                stop.wait(0.02)
            self._state = ProcessState.READY
            waited = [*self._in.values(), self._command, self._link.session_messages]
            while not stop.is_set():
                wait_any(waited, self._timeout_ms())
                self._take()
                self._judge(now_ns())
                while (work := self._fusion.next(now_ns())) is not None:
                    self._make(work)
                    self._take()  # frames that came meanwhile, judged at their arrival
                    self._judge(now_ns())
                self._report("")
            self._report("stopping", force=True)

    def _wait_for_cameras(self, stop: threading.Event) -> dict[str, CameraInfo]:
        """What the opened cameras give; one that is absent is not waited for."""
        config = self._assignment.config.capture
        wanted = {
            f"capture.{stream}"
            for stream, camera in (("visible", config.visible), ("thermal", config.thermal))
            if camera.source != "none"
        }
        while not stop.is_set():
            self._link.report(ProcessState.STARTING, "waiting for the cameras to open")
            session = self._link.session()
            if session is not None:
                told = {name: session.statuses.get(name) for name in wanted}
                if all(
                    status is not None
                    and (status.camera is not None or status.state is not ProcessState.STARTING)
                    for status in told.values()
                ):
                    return {
                        name.removeprefix("capture."): status.camera
                        for name, status in told.items()
                        if status is not None and status.camera is not None
                    }
            stop.wait(0.02)
        return {}

    def _warm_up(self, cameras: dict[str, CameraInfo]) -> None:
        config = self._assignment.config.capture
        thermal = cameras.get("thermal", config.thermal)
        visible = cameras.get("visible", config.visible)
        self._guide = (visible.height, visible.width)
        self._prepare((thermal.height, thermal.width))

    def _prepare(self, sensor: tuple[int, ...]) -> None:
        """Compiles for a sensor size; reported as starting, since it can outlast a heartbeat."""
        height, width = self._last_canvas = self._predictor.canvas((sensor[0], sensor[1]))
        self._link.report(
            ProcessState.STARTING,
            f"preparing {self._predictor.model} for {sensor[1]}x{sensor[0]} to {width}x{height}",
            force=True,
        )
        self._predictor.warm_up((sensor[0], sensor[1]), self._guide)
        self._sensor = sensor

    def _timeout_ms(self) -> float:
        deadline = self._fusion.pairing.deadline_ns()
        if deadline is None:
            return _TICK_MS
        return min(_TICK_MS, max(0.0, (deadline - now_ns()) / NS_PER_MS) + 0.5)

    def _take(self) -> None:
        for stream, subscriber in self._in.items():
            while (message := subscriber.receive()) is not None:
                self._fusion.add(stream, message, now_ns())
            if subscriber.malformed:
                self._fusion.drops[f"{stream}/malformed"] = subscriber.malformed
        while (message := self._command.receive()) is not None:
            if isinstance(message, Command) and message.name == "influence":
                self._influence_until_ns = message.until_ns
        session = self._link.session()
        if session is not None:
            self._note_deaths(session)

    def _note_deaths(self, session: SessionStatus) -> None:
        for stream in STREAMS:
            process = session.processes.get(f"capture.{stream}")
            alive = process is None or process.alive
            if self._alive[stream] and not alive:
                self._fusion.health[stream].lost()
            self._alive[stream] = alive

    def _judge(self, now: int) -> None:
        change = self._fusion.judge(now)
        if change is not None:
            log.info("mode %s -> %s: %s", change.previous, change.current, change.reason)
            self._link.publish(change)
            self._report("", force=True)

    def _make(self, work: FramePair | Frame) -> None:
        pair = work if isinstance(work, FramePair) else None
        thermal = pair.thermal if pair else None
        visible = work.visible if isinstance(work, FramePair) else work
        pivot = work.thermal if isinstance(work, FramePair) else work
        started = now_ns()
        try:
            if thermal is not None and thermal.pixels.shape != self._sensor:
                self._prepare(thermal.pixels.shape)
            prediction = self._predictor.predict(
                None if thermal is None else thermal.pixels,
                None if visible is None else visible.pixels,
                self._last_canvas,
            )
        except ValueError as error:
            self._fusion.drops[f"{pivot.stream}/refused"] += 1
            log.warning("frame %d of %s refused: %s", pivot.sequence, pivot.stream, error)
            return
        mode = Mode.VISIBLE_ONLY
        if thermal is not None:
            mode = Mode.THERMAL_ONLY if visible is None else Mode.GUIDED
        now = now_ns()
        self._predict_ms = (now - started) / NS_PER_MS
        stages = {"pair": pair.waited_ms if pair else 0.0, **prediction.stage_ms}
        self._out.send(
            SuperResolvedFrame(
                sequence=self._sequence,
                timestamp_ns=pivot.timestamp_ns,
                published_ns=now,
                mode=mode,
                pixel_format=_format_of(prediction),
                pixels=prediction.pixels,
                thermal=_source(thermal),
                visible=_source(visible),
                radiometry=thermal.radiometry if thermal else None,
                skew_ms=pair.skew_ms if pair else None,
                stage_ms=stages,
                consistency=_consistency(prediction, thermal),
            )
        )
        self._sequence += 1
        self._state = ProcessState.RUNNING
        if thermal is not None and visible is not None:
            self._show_influence(thermal, visible, prediction)

    def _show_influence(self, thermal: Frame, visible: Frame, guided: "Prediction") -> None:
        """Publishes guided minus thermal-only, where there is time for it before the next frame."""
        now = now_ns()
        if now >= self._influence_until_ns or now < self._influence_next_ns:
            return
        spare_ms = (thermal.timestamp_ns - now + self._fusion.health["thermal"].period_ns) / 1e6
        if spare_ms < self._predict_ms:
            return
        self._influence_next_ns = now + self._influence_every_ns
        alone = self._predictor.predict(thermal.pixels, None, self._last_canvas)
        added = guided.pixels.astype(np.int32) - alone.pixels + _INFLUENCE_ZERO
        self._influence.send(
            Frame(
                stream="influence",
                sequence=visible.sequence,
                timestamp_ns=thermal.timestamp_ns,
                pixel_format=PixelFormat.MONO16,
                pixels=np.clip(added, 0, 65535).astype(np.uint16),
                radiometry=thermal.radiometry,
                metadata={"zero": _INFLUENCE_ZERO},
            )
        )

    def _report(self, detail: str, *, force: bool = False) -> None:
        now = now_ns()
        fusion = self._fusion
        ages = {stream: health.age_ms(now) for stream, health in fusion.health.items()}
        self._link.report(
            self._state,
            detail,
            force=force,
            dropped={cause: count for cause, count in fusion.drops.items() if count},
            streams=fusion.states(now),
            ages_ms={stream: age for stream, age in ages.items() if age is not None},
            mode=fusion.modes.mode,
            model=self._predictor.model,
            engine=self._predictor.engine,
            precision=self._predictor.precision,
            last_sequence=self._sequence - 1,
        )


def main(assignment: Assignment, stop: threading.Event) -> None:
    """Runs the worker; see the module's text.

    Raises:
        ModelError: the model or its engine cannot be loaded.
        TransportError: an endpoint is taken.
    """
    link = ProcessLink(assignment)
    try:
        settings = assignment.config.inference
        link.report(ProcessState.STARTING, f"loading {settings.model}")
        from models.predictor import PredictorSettings, build_predictor

        canvas = (settings.canvas_height, settings.canvas_width)
        predictor = build_predictor(
            PredictorSettings(
                model=settings.model,
                engine=settings.engine,
                precision=settings.precision,
                threads=settings.threads,
                canvas=canvas if all(canvas) else None,
                consistency=settings.consistency,
            )
        )
        log.info("%s on %s %s", predictor.model, predictor.engine, predictor.precision)
        Worker(assignment, predictor, link).run(stop)
    finally:
        link.close()


def _format_of(prediction: "Prediction") -> PixelFormat:
    return PixelFormat.MONO8 if prediction.pixels.dtype == np.uint8 else PixelFormat.MONO16


def _source(frame: Frame | None) -> Source | None:
    return None if frame is None else Source(frame.sequence, frame.timestamp_ns)


def _consistency(prediction: "Prediction", thermal: Frame | None) -> Consistency | None:
    if prediction.residual_counts is None or thermal is None:
        return None
    radiometry = thermal.radiometry
    max_mk = None if radiometry is None else prediction.residual_counts * radiometry.gain_k * 1000
    return Consistency(prediction.residual_counts, max_mk)
