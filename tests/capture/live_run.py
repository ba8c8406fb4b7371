"""A capture process under test: the real loop in a thread, the test as supervisor and reader."""

import threading

from capture.camera import Camera, CameraError, Capture
from capture.process import main
from streamer.clock import NS_PER_S, now_ns
from streamer.config.loading import load_config
from streamer.faults.injection import parse_injection
from streamer.messages import CameraInfo, Frame, PixelFormat, SessionStatus
from streamer.runtime.process import ProcessSpec
from streamer.runtime.roles import CaptureRole
from streamer.runtime.socket_directory import SocketDirectory
from streamer.transport import Addresses, Endpoint, Policy, Subscriber, wait_any
from tests.support.fake_session import DEADLINE_S, FakeSession


class LiveRun(FakeSession):
    """Runs `capture.<stream>` until the block ends; collects what it sends.

    Attributes:
        frames, truths: everything received, in order.
        arrivals_ns: when each frame came.
        error: what `main` raised.
    """

    def __init__(self, stream, *settings, inject=(), truth=False, readers=("reader",), join=True):
        self._directory = SocketDirectory()
        self._addresses = Addresses(base=str(self._directory.path))
        super().__init__(self._addresses, ("session",))
        self.stream = stream
        self.frames: list[Frame] = []
        self.truths: list[Frame] = []
        self.arrivals_ns: list[int] = []
        self.error: Exception | None = None
        self.origin_ns: int | None = None
        self.first_result_ns: int | None = None
        self.corrections = 0
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
                injections=tuple(parse_injection(spec, 0.2) for spec in inject),
                publish_truth=truth,
            ),
            readers={self._endpoint: readers, Endpoint.TRUTH: ("truth",)},
        )
        self.stop = threading.Event()
        self._thread = threading.Thread(target=self._main)
        self._truth = self.kept(
            Subscriber(self._addresses, Endpoint.TRUTH, Policy.EVERY, reader="truth")
        )
        self.reader: Subscriber | None = None
        if join:
            self.join()

    def join(self):
        """Subscribes to the frames."""
        self.reader = self.kept(
            Subscriber(self._addresses, self._endpoint, Policy.EVERY, reader="reader")
        )

    def begin(self, ago_s=0.0):
        """Sets time zero, and t = 0 of the faults with it."""
        self.origin_ns = self.first_result_ns = now_ns() - round(ago_s * NS_PER_S)

    def step(self):
        """Publishes the session, and takes what has come."""
        self.out["session"].send(
            SessionStatus(
                timestamp_ns=now_ns(),
                origin_ns=self.origin_ns,
                first_result_ns=self.first_result_ns,
                processes={},
                statuses={},
                dropped={},
                corrections=self.corrections,
            )
        )
        wait_any([self.heartbeats, self._truth, *([self.reader] if self.reader else [])], 5)
        super().step()
        while (truth := self._truth.receive()) is not None:
            self.truths.append(truth)
        while self.reader and (frame := self.reader.receive()) is not None:
            self.frames.append(frame)
            self.arrivals_ns.append(now_ns())

    def until_time(self, seconds):
        """Goes on until so many seconds after time zero."""
        self.wait(lambda: now_ns() - self.origin_ns > seconds * NS_PER_S)

    def wait_for(self, state, words=""):
        """Goes on until the process reports this; returns the report."""
        before = len(self.statuses)
        self.wait(
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
        self._thread.join(DEADLINE_S)
        self.close()
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
