"""A thread that reads a device, so that a read that never returns hangs nobody else.

OpenCV opens and reads a device in calls that cannot be ended from outside: ten seconds where a
camera was pulled out, for ever where a driver hangs. All of them are made in one thread; whoever
waits for a frame waits as long as it likes, and leaves the thread behind where it does not come
back.
"""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.camera import CameraError
from streamer.clock import NS_PER_MS, NS_PER_S, HostNs, now_ns, since

_HELD = 4  # frames that wait, as many as a driver's own buffers
_PLAUSIBLE_AGE_NS = 2 * NS_PER_S  # a kernel timestamp farther from now is of another clock
_JOIN_S = 0.2


class Video(Protocol):
    """What is used of cv2.VideoCapture."""

    def isOpened(self) -> bool: ...  # noqa: N802, D102 - OpenCV's name

    def get(self, prop: int, /) -> float: ...  # noqa: D102

    def set(self, prop: int, value: float, /) -> bool: ...  # noqa: D102

    def read(self) -> tuple[bool, Any]: ...  # noqa: D102

    def release(self) -> None: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class ReadFrame:
    """One frame as OpenCV gave it.

    Attributes:
        samples: of whatever shape.
        timestamp_ns: by the driver's clock where it is that of this host, else when it arrived.
        index: of this frame since the device was opened.
    """

    samples: NDArray[Any]
    timestamp_ns: HostNs
    index: int


class FrameReader:
    """Opens a device in a thread of its own, and reads it until it is closed or fails.

    Args:
        name: of the device, for people.
        opened: opens and sets up the device; called in the thread.

    Attributes:
        stale: reads that gave the frame before once more and called it success.
    """

    def __init__(self, name: str, opened: Callable[[], Video]) -> None:
        self._name = name
        self._opened = opened
        self._changed = threading.Condition()
        self._frames: deque[ReadFrame] = deque(maxlen=_HELD)
        self._error: CameraError | None = None
        self._stop = False
        self.stale = 0
        self._thread = threading.Thread(target=self._run, name=f"reader of {name}", daemon=True)
        self._thread.start()

    @property
    def ended(self) -> bool:
        """Whether the thread has given the device back."""
        return not self._thread.is_alive()

    def read(self, timeout_s: float) -> ReadFrame:
        """The oldest frame that waits, or the next one.

        Raises:
            CameraError: none came in time, or the device failed.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._frames or self._error, timeout_s)
            if self._frames:
                return self._frames.popleft()
            if self._error is not None:
                raise self._error
        raise CameraError(f"{self._name} gave no frame within {timeout_s:g} s")

    def close(self) -> None:
        """Asks the thread to give the device back, and waits a moment for it."""
        self._stop = True
        self._thread.join(_JOIN_S)

    def _run(self) -> None:
        video: Video | None = None
        try:
            video = self._opened()
            self._follow(video)
        except CameraError as error:
            self._fail(error)
        except cv2.error as error:
            reason = str(error).strip().splitlines()[-1]
            self._fail(CameraError(f"{self._name}: OpenCV cannot read it: {reason}"))
        finally:
            if video is not None:
                video.release()

    def _follow(self, video: Video) -> None:
        index, last_kernel_ns = 0, HostNs(-1)
        while not self._stop:
            done, picture = video.read()
            arrived_ns = now_ns()
            if not done:
                raise CameraError(f"{self._name} gave no frame: it was unplugged, or stopped")
            kernel_ns = HostNs(round(video.get(cv2.CAP_PROP_POS_MSEC) * NS_PER_MS))
            plausible = kernel_ns > 0 and 0 <= since(arrived_ns, kernel_ns) < _PLAUSIBLE_AGE_NS
            if plausible and since(kernel_ns, last_kernel_ns) <= 0:
                self.stale += 1
                continue
            if plausible:
                last_kernel_ns = kernel_ns
            frame = ReadFrame(np.asarray(picture), kernel_ns if plausible else arrived_ns, index)
            index += 1
            with self._changed:
                self._frames.append(frame)
                self._changed.notify()

    def _fail(self, error: CameraError) -> None:
        with self._changed:
            self._error = error
            self._changed.notify()
