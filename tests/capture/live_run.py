"""A capture process under test: the real loop in a thread, the test as supervisor and reader."""

import threading
from collections.abc import Callable

from capture.camera import Camera, CameraError, Capture
from capture.process import main
from streamer.clock import NS_PER_S, now_ns
from streamer.config.loading import load_config
from streamer.faults.injection import parse_injection
from streamer.messages import CameraInfo, Frame, PixelFormat, SessionStatus, Status
from streamer.runtime.process import ProcessSpec
from streamer.runtime.roles import CaptureRole
from streamer.runtime.socket_directory import SocketDirectory
from streamer.transport import Addresses, Endpoint, Policy, Publisher, Subscriber, wait_any

DEADLINE_S = 10.0


class LiveRun:
    """Runs `capture.<stream>` until the block ends; collects what it sends.

    Attributes:
        frames, truths, statuses: everything received, in order.
        arrivals_ns: when each frame came.
        error: what `main` raised.
    """

    def __init__(self, stream, *settings, inject=(), truth=False, readers=("reader",), join=True):
        self.stream = stream
        self.frames: list[Frame] = []
        self.truths: list[Frame] = []
        self.statuses: list[Status] = []
        self.arrivals_ns: list[int] = []
        self.error: Exception | None = None
        self.origin_ns: int | None = None
        self.first_result_ns: int | None = None
        self._directory = SocketDirectory()
        self._addresses = Addresses(base=str(self._directory.path))
        self._endpoint = Endpoint(stream)
        overrides = [
            "supervision.heartbeat_ms=50",
            "capture.visible.width=64",
            "capture.visible.height=48",
            "capture.thermal.width=80",
            "capture.thermal.height=60",
            *settings,
        ]
        self.spec = ProcessSpec(
            name=f"capture.{stream}",
            config=load_config(None, overrides),
            addresses=self._addresses,
            role=CaptureRole(
                stream=stream,
                injections=tuple(parse_injection(spec, 0.3) for spec in inject),
                publish_truth=truth,
            ),
            readers={self._endpoint: readers, Endpoint.TRUTH: ("truth",)},
        )
        self.stop = threading.Event()
        self._thread = threading.Thread(target=self._main)
        self._heartbeat = Subscriber(self._addresses, Endpoint.HEARTBEAT, Policy.EVERY, bind=True)
        self._session = Publisher(self._addresses, Endpoint.SESSION)
        self._truth = Subscriber(self._addresses, Endpoint.TRUTH, Policy.EVERY, reader="truth")
        self.reader: Subscriber | None = None
        if join:
            self.join()

    def join(self):
        """Subscribes to the frames."""
        self.reader = Subscriber(self._addresses, self._endpoint, Policy.EVERY, reader="reader")

    def begin(self, ago_s=0.0):
        """Sets time zero, and t = 0 of the faults with it."""
        self.origin_ns = self.first_result_ns = now_ns() - round(ago_s * NS_PER_S)

    def until(self, condition: Callable[[], object], seconds=DEADLINE_S):
        """Plays supervisor and reader until the condition holds."""
        deadline_ns = now_ns() + round(seconds * NS_PER_S)
        while not condition():
            assert now_ns() < deadline_ns, (self.statuses[-1:], len(self.frames), self.error)
            self._session.send(
                SessionStatus(
                    timestamp_ns=now_ns(),
                    origin_ns=self.origin_ns,
                    first_result_ns=self.first_result_ns,
                    processes={},
                    statuses={},
                    dropped={},
                )
            )
            sources = [self._heartbeat, self._truth, *([self.reader] if self.reader else [])]
            wait_any(sources, 5)
            while (status := self._heartbeat.receive()) is not None:
                self.statuses.append(status)
            while (truth := self._truth.receive()) is not None:
                self.truths.append(truth)
            while self.reader and (frame := self.reader.receive()) is not None:
                self.frames.append(frame)
                self.arrivals_ns.append(now_ns())

    def until_time(self, seconds):
        """Goes on until so many seconds after time zero."""
        self.until(lambda: now_ns() - self.origin_ns > seconds * NS_PER_S)

    def until_said(self, state, words=""):
        """Goes on until the process reports this; returns the report."""
        before = len(self.statuses)
        self.until(
            lambda: any(
                status.state is state and words in status.detail
                for status in self.statuses[max(0, before - 1) :]
            )
        )
        return next(
            status
            for status in reversed(self.statuses)
            if status.state is state and words in status.detail
        )

    def ended(self):
        return not self._thread.is_alive()

    def between(self, start_s, end_s):
        """Frames taken in this span after time zero."""
        return [
            frame
            for frame in self.frames
            if start_s <= (frame.timestamp_ns - self.origin_ns) / NS_PER_S < end_s
        ]

    def _main(self):
        try:
            main(self.spec, self.stop)
        except CameraError as error:
            self.error = error

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self._thread.join(timeout=5)
        sockets = [self._heartbeat, self._session, self._truth, self.reader]
        for socket in filter(None, sockets):
            socket.close()
        self._directory.remove()
        assert self.ended(), "the process does not stop"


class FakeDevice(Camera):
    """A device that plays a script: a picture to give, or an error to raise, at each step."""

    live = True

    def __init__(self, opens, reads):
        self._opens, self._reads = iter(opens), iter(reads)
        self._sequence = 0

    def open(self):
        if (error := next(self._opens, None)) is not None:
            raise error
        return CameraInfo(
            name="fake", width=8, height=6, pixel_format=PixelFormat.MONO16, rate_hz=50.0, live=True
        )

    def read(self):
        step = next(self._reads)
        if isinstance(step, Exception):
            raise step
        threading.Event().wait(0.02)
        self._sequence += 1
        return Capture(step, now_ns(), self._sequence)

    def close(self):
        pass
