"""The one capture loop: opens a camera, publishes its frames in time, brings it back when it fails.

Subscribes to: the session (time zero, time of the first result, requests for a correction).
Publishes: `Frame` on the endpoint `visible` or `thermal`; on `truth` the full-resolution pictures
behind binned or simulated thermal frames where the run wants them; heartbeats.
Ends: when told to stop, at the end of a recorded source, or when that source cannot be read.
"""

import logging
import threading
from contextlib import closing

import cv2
import msgspec

from capture.camera import Camera, CameraError, Capture, EndOfStream
from capture.pixel_formats import format_of
from capture.publisher import FramePublisher
from capture.registry import open_driver
from capture.timing import TimingMeter
from streamer.clock import NS_PER_S, HostNs, after, now_ns, since, sleep_until
from streamer.messages import CameraInfo, Correction, ProcessState
from streamer.pictures.formats.opencv import silence_opencv
from streamer.runtime.process import ProcessSpec, SupervisorLink
from streamer.runtime.roles import CaptureRole
from streamer.transport import wait_any

log = logging.getLogger(__name__)

_SLICE_S = 0.02  # longest nap: heartbeats, held-back frames and `stop` are looked at in between
_ENDED_S = 1.0  # an ended process goes on reporting this long, so that the supervisor receives it
_REJOIN_S = 1.0  # a restarted process waits at most this long for readers: the run goes on


def main(spec: ProcessSpec, stop: threading.Event) -> None:
    """Runs `capture.visible` or `capture.thermal` until `stop` is set or the source ends.

    Raises:
        CameraError: a recorded source cannot be opened or read, or the source is none.
    """
    cv2.setNumThreads(1)
    silence_opencv()
    role = spec.role_as(CaptureRole)
    with closing(SupervisorLink(spec)) as link:
        camera = open_driver(role.stream, spec.config)
        with closing(FramePublisher(spec, role, camera.live)) as outlet:
            reopen_every_s = spec.config.capture.reopen_every_s
            CaptureLoop(link, outlet, camera, role.stream, reopen_every_s, stop).run()


class CaptureLoop:
    """Carries one stream from its camera to its outlet."""

    def __init__(
        self,
        link: SupervisorLink,
        outlet: FramePublisher,
        camera: Camera,
        stream: str,
        reopen_every_s: float,
        stop: threading.Event,
    ) -> None:
        self._link = link
        self._outlet = outlet
        self._camera = camera
        self._stream = stream
        self._reopen_every_s = reopen_every_s
        self._stop = stop
        self._started_ns = now_ns()
        self._info: CameraInfo | None = None
        self._state, self._detail = ProcessState.STARTING, ""
        self._timing = TimingMeter()
        self._asked: int | None = None  # the newest request for a correction that was looked at
        self._correction: Correction | None = None

    def run(self) -> None:
        """Publishes until the end, whatever end that is; the camera is closed then.

        Raises:
            CameraError: a source that cannot come back failed.
        """
        self._set_state(ProcessState.STARTING, "opening the camera")
        with self._camera:
            while not self._stop.is_set():
                try:
                    self._info = self._camera.open()
                    self._timing.opened += 1
                    self._outlet.expect(self._info)
                    self._follow()
                except EndOfStream:
                    self._finish()
                    return
                except CameraError as error:
                    self._camera.close()
                    self._info = None
                    if not self._camera.live:
                        self._set_state(ProcessState.FAILED, str(error))
                        raise
                    if str(error) != self._detail:
                        log.warning("%s", error)
                    self._set_state(ProcessState.WAITING, str(error))
                    self._look_for_request()
                    self._wait_until(after(now_ns(), self._reopen_every_s * NS_PER_S))
            self._report(force=True)  # what was dropped since the last heartbeat counts too

    def _follow(self) -> None:
        """Publishes until told to stop, or until `read` raises."""
        if not self._camera.live:
            start = self._wait_for_start()
            if start is None:
                return
            self._camera.start(*start)
        detail = ""
        while not self._stop.is_set():
            capture = self._camera.read()
            self._timing.note(capture.timestamp_ns)
            if not self._wait_until(capture.timestamp_ns):
                return
            detail = self._noticed_change(capture) or detail
            self._look_for_request()
            session = self._link.session
            self._outlet.publish(capture, session.first_result_ns if session else None)
            self._set_state(ProcessState.RUNNING, detail)

    def _look_for_request(self) -> None:
        """Answers a request for a shutter correction; one of before this process is not its own."""
        self._link.poll()
        session = self._link.session
        if session is None or session.corrections == self._asked:
            return
        before, self._asked = self._asked, session.corrections
        if before is None or self._stream != "thermal":
            return
        problem = ""
        try:
            if self._info is None:
                raise CameraError("there is no camera to be corrected at the moment")
            self._camera.correct()
        except CameraError as error:
            problem = str(error)
            log.warning("no shutter correction: %s", problem)
        self._correction = Correction(session.corrections, problem)
        self._report(force=True)

    def _wait_for_start(self) -> tuple[HostNs, HostNs] | None:
        """Time zero and where to begin, once the run has begun; None when told to stop.

        A run begins after its processes are ready: one that is older than time zero plays every
        frame, however late the news reaches it; a younger one was started into a run, and goes on
        at the run's present position.
        """
        began_ns = now_ns()
        while not self._stop.is_set():
            complete = self._outlet.has_all_readers()
            if complete:
                self._set_state(ProcessState.READY, "")
            else:
                self._set_state(ProcessState.WAITING, "waiting for the readers")
            self._link.poll()
            session = self._link.session
            if session is not None and (origin_ns := session.origin_ns) is not None:
                joins_late = origin_ns < self._started_ns
                if complete or (joins_late and since(now_ns(), began_ns) > _REJOIN_S * NS_PER_S):
                    return origin_ns, now_ns() if joins_late else origin_ns
            wait_any([self._link.session_messages], _SLICE_S * 1000)  # which brings time zero
        return None

    def _finish(self) -> None:
        """Sends what is still held back, then says for a while that this was all."""
        while (held_ns := self._outlet.next_ns()) is not None and self._wait_until(held_ns):
            self._outlet.send_due()
        self._set_state(ProcessState.ENDED, "end of the source")
        self._wait_until(after(now_ns(), _ENDED_S * NS_PER_S))

    def _noticed_change(self, capture: Capture) -> str:
        """A sentence when the picture is no longer of the size it was."""
        height, width = capture.pixels.shape[:2]
        info = self._info
        if info is None or (info.width, info.height) == (width, height):
            return ""
        self._info = msgspec.structs.replace(
            info, width=width, height=height, pixel_format=format_of(capture.pixels)
        )
        return f"the picture changed from {info.width}x{info.height} to {width}x{height}"

    def _wait_until(self, moment_ns: HostNs) -> bool:
        """Waits for a moment, going on with reports and held-back frames; False when stopped."""
        while not self._stop.is_set():
            self._outlet.send_due()
            self._report()
            if now_ns() >= moment_ns:
                return True
            held_ns = self._outlet.next_ns()
            sleep_until(moment_ns if held_ns is None else min(moment_ns, held_ns), limit_s=_SLICE_S)
        return False

    def _set_state(self, state: ProcessState, detail: str) -> None:
        self._state, self._detail = state, detail
        self._report()

    def _report(self, *, force: bool = False) -> None:
        if not (force or self._link.is_due(self._state, self._detail)):
            return
        self._link.report(
            self._state,
            self._detail,
            force=force,
            camera=self._info,
            dropped=self._outlet.dropped,
            last_sequence=self._outlet.last_sequence,
            left_out=self._camera.losses.counts,
            correction=self._correction,
            timing=self._timing.timing(self._camera.duplicates + self._outlet.repeated),
        )
