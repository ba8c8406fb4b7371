"""A coarser thermal sensor made of a finer one."""

from dataclasses import replace
from typing import Any

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from capture.camera import Camera, CameraError, Capture
from streamer.clock import HostNs
from streamer.messages import CameraInfo
from streamer.pictures import Losses


class Binned(Camera):
    """Averages N x N pixels of another camera, as a sensor of that size would see the scene.

    The picture as it came becomes the truth. Where its size is no multiple of N, the rows and
    columns at the bottom and right are cut off both.
    """

    def __init__(self, camera: Camera, times: int) -> None:
        self._camera = camera
        self._times = times
        self.live = camera.live

    @property
    def losses(self) -> Losses:
        """Of the camera behind."""
        return self._camera.losses

    @property
    def duplicates(self) -> int:
        """Of the camera behind."""
        return self._camera.duplicates

    def open(self) -> CameraInfo:
        """Opens the camera behind.

        Raises:
            CameraError: it does not open, or its picture is smaller than one binned pixel.
        """
        info = self._camera.open()
        width, height = info.width // self._times, info.height // self._times
        if not width or not height:
            self._camera.close()
            raise CameraError(
                f"bin {self._times} of {info.name}: "
                f"its picture of {info.width}x{info.height} is smaller than one binned pixel"
            )
        name = f"{info.name} binned {self._times}x{self._times}"
        return msgspec.structs.replace(info, name=name, width=width, height=height)

    def start(self, origin_ns: HostNs, now_ns: HostNs) -> None:
        """Passes time zero on."""
        self._camera.start(origin_ns, now_ns)

    def read(self) -> Capture:
        """The next frame, averaged; `truth` is the picture it was averaged from.

        Raises:
            EndOfStream: the camera behind is at its end.
            CameraError: it gave nothing, or a picture smaller than one binned pixel.
        """
        full = self._camera.read()
        width, height = full.pixels.shape[1] // self._times, full.pixels.shape[0] // self._times
        if not width or not height:
            raise CameraError(
                f"a picture of {full.pixels.shape[1]}x{full.pixels.shape[0]} came, "
                f"at least {self._times}x{self._times} wanted for bin {self._times}"
            )
        truth = np.ascontiguousarray(full.pixels[: height * self._times, : width * self._times])
        pixels: NDArray[Any] = np.asarray(
            cv2.resize(truth, (width, height), interpolation=cv2.INTER_AREA)
        )
        return replace(full, pixels=pixels, truth=truth)

    def correct(self) -> None:
        """Asks the camera behind.

        Raises:
            CameraError: it has none, or does not take the request.
        """
        self._camera.correct()

    def close(self) -> None:
        """Closes the camera behind."""
        self._camera.close()
