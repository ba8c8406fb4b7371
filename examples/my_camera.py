"""A thermal camera of one's own: a class with `open`, `read` and `close`, in a module of any name.

    PYTHONPATH=examples corefusion live --visible none --thermal python:my_camera:MyCamera

A class that reads pixels out of a vendor's library has this very shape.
"""

import time

import numpy as np

from capture import Camera, CameraError, Capture
from streamer.clock import now_ns
from streamer.config.schema import CameraConfig
from streamer.messages import CameraInfo, PixelFormat, Radiometry


class MyCamera(Camera):
    """A warm spot that goes round in front of a wall of 20 degrees."""

    live = True  # a device: its frames do not wait, and it is opened again after a failure

    def __init__(self, stream: str, config: CameraConfig) -> None:
        self._period_s = 1 / config.rate_hz
        self._sequence = 0
        self._opened = False

    def open(self) -> CameraInfo:
        """Takes the device. Whatever goes wrong here is a CameraError that says what."""
        self._opened = True
        return CameraInfo(
            name="my camera",
            width=80,
            height=60,
            pixel_format=PixelFormat.MONO16,
            rate_hz=1 / self._period_s,
            live=True,
        )

    def read(self) -> Capture:
        """Waits for the next frame, and says when it was taken."""
        if not self._opened:
            raise CameraError("my camera: read before open")
        time.sleep(self._period_s)  # a real camera waits for its sensor here
        taken_ns = now_ns()
        self._sequence += 1  # counts what the sensor made: a gap tells that frames were missed
        angle = taken_ns / 1e9
        rows, columns = np.mgrid[0:60, 0:80]
        distance = np.hypot(rows - 30 - 15 * np.sin(angle), columns - 40 - 20 * np.cos(angle))
        kelvin = 293.15 + 15 * np.exp(-((distance / 8) ** 2))
        counts = np.round(100 * kelvin).astype(np.uint16)
        return Capture(counts, taken_ns, self._sequence, Radiometry(gain_k=0.01, offset_k=0.0))

    def close(self) -> None:
        """Gives the device back; may be called at any time, more than once."""
        self._opened = False
