"""Devices at the border to OpenCV, with what OpenCV's V4L2 backend is known to do to its callers.

- Pictures come as BGR unless conversion was switched off, and setting a format or a size switches
  it on again.
- A read of a camera that was pulled out blocks (ten seconds by default) and then fails; the read
  after it may give the frame before once more and call that success (opencv#14044).
- A size that the camera has not is answered by another one, without an error.
- Another program can change the format under an open device.
"""

import threading
import time

import cv2
import numpy as np

from streamer.clock import now_ns

BLOCKS_S = 10.0


class FakeCamera:
    """What is plugged in: endless frames of one mode.

    Args:
        fourcc: of its frames.
        columns: of whole frames.
        frames: bytes of whole frames, given over and over.
        period_s: between two frames.

    Attributes:
        opened: how often.
        raw_command: the zoom that makes it send its frames; before, it sends grey. None: at once.
        busy: whether another program has it.
        stamps: whether the driver has timestamps of the host's monotonic clock.
        blocked: reads that found it pulled out.
    """

    def __init__(self, fourcc: str, columns: int, frames: list[bytes], period_s: float = 0.002):
        self.fourcc, self.columns, self.frames = fourcc, columns, frames
        self.period_s = period_s
        self.opened = 0
        self.raw_command = None
        self.raw = False
        self.busy = False
        self.stamps = True
        self.given = 0
        self.blocked = 0
        self._unplugged = threading.Event()
        self._let_go = threading.Event()

    @property
    def rows(self) -> int:
        return len(self.frames[0]) // (self.columns * 2)

    def unplug(self):
        """Pulls it out; whoever reads is blocked."""
        self._unplugged.set()

    def plug(self):
        """Plugs it in again; readers of before stay blocked, as those of a dead handle do."""
        self._unplugged = threading.Event()

    def let_go(self):
        """Ends what is blocked, as OpenCV does after ten seconds."""
        self._let_go.set()

    def reformat(self, columns: int, frames: list[bytes]):
        """Another program sets another format."""
        self.columns, self.frames = columns, frames


class FakeVideo:
    """A cv2.VideoCapture of a fake camera."""

    def __init__(self, camera: FakeCamera | None):
        self._camera = camera if camera is not None and not camera.busy else None
        self._convert = True
        self._stamp_ms = 0.0
        self._last = None
        self._failed = False
        self._wanted = (0, 0)
        if self._camera is not None:
            self._unplugged = self._camera._unplugged
            self._camera.opened += 1

    def isOpened(self):
        return self._camera is not None and not self._unplugged.is_set()

    def set(self, prop, value):
        if prop in (cv2.CAP_PROP_FOURCC, cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT):
            self._convert = True
        if prop == cv2.CAP_PROP_ZOOM and self._camera.raw_command is not None:
            self._camera.raw = value == self._camera.raw_command
        if prop == cv2.CAP_PROP_CONVERT_RGB:
            self._convert = bool(value)
        return True

    def get(self, prop):
        camera = self._camera
        match prop:
            case cv2.CAP_PROP_FOURCC:
                return float(int.from_bytes(camera.fourcc.encode(), "little"))
            case cv2.CAP_PROP_FRAME_WIDTH:
                return float(camera.columns)
            case cv2.CAP_PROP_FRAME_HEIGHT:
                return float(camera.rows)
            case cv2.CAP_PROP_FPS:
                return 25.0
            case cv2.CAP_PROP_POS_MSEC:
                return self._stamp_ms
        return 0.0

    def read(self):
        camera = self._camera
        if self._failed and self._last is not None:
            return True, self._last  # the frame before, once more, with its time
        if self._unplugged.wait(camera.period_s):
            camera.blocked += 1
            camera._let_go.wait(BLOCKS_S)
            self._failed = True
            return False, None
        data = camera.frames[camera.given % len(camera.frames)]
        camera.given += 1
        if camera.raw_command is not None and not camera.raw:
            data = bytes(128 for _ in data)
        self._stamp_ms = now_ns() / 1e6 if camera.stamps else 0.0
        self._last = self._converted(data)
        return True, self._last

    def release(self):
        self._camera = None

    def _converted(self, data):
        rows = len(data) // (self._camera.columns * 2)
        pairs = np.frombuffer(data, np.uint8).reshape(rows, self._camera.columns, 2)
        if self._camera.fourcc == "YUYV":
            return cv2.cvtColor(pairs, cv2.COLOR_YUV2BGR_YUYV) if self._convert else pairs.copy()
        words = pairs.view("<u2")[..., 0]
        if self._convert:
            return cv2.cvtColor((words >> 8).astype(np.uint8), cv2.COLOR_GRAY2BGR)
        return words.copy()


class FakeOpenCv:
    """Makes videos by path, as cv2.VideoCapture does."""

    def __init__(self):
        self.cameras: dict[str, FakeCamera] = {}

    def __call__(self, path, *_):
        return FakeVideo(self.cameras.get(str(path)))


def wait_until(condition, deadline_s=10.0):
    """Waits for a condition; fails after the deadline."""
    end = time.monotonic() + deadline_s
    while not condition():
        assert time.monotonic() < end, "it never came about"
        time.sleep(0.002)
