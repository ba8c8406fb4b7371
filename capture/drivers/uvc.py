"""A USB video camera through OpenCV and Video4Linux: colour, or 16-bit thermal counts (Y16)."""

import logging
import os
import re
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.camera import Camera, CameraError, Capture
from capture.discovery import SYSFS, find_usb, list_devices
from capture.pixel_formats import as_thermal, as_visible, format_of, radiometry_of
from streamer.clock import NS_PER_MS, NS_PER_S, HostNs, now_ns, since
from streamer.config.schema import CameraConfig
from streamer.messages import CameraInfo

log = logging.getLogger(__name__)

USB_ID = re.compile(r"[0-9a-fA-F]{4}:[0-9a-fA-F]{4}")
_Y16 = cv2.VideoWriter.fourcc(*"Y16 ")
_PLAUSIBLE_AGE_NS = 2 * NS_PER_S  # a kernel timestamp farther from now is of another clock


class UvcCamera(Camera):
    """A device by number (`2`), node (`/dev/video2`) or USB identity (`1e4e:0100`).

    `sequence` starts at the number of periods since the host started, so that it grows over
    reopening and over a restart of the process, and the gap tells about how much was missed.
    """

    live = True

    def __init__(
        self,
        source: str,
        stream: str,
        config: CameraConfig,
        read_timeout_s: float,
        *,
        sysfs: Path = SYSFS,
        dev: Path = Path("/dev"),
    ) -> None:
        self._source = source
        self._thermal = stream == "thermal"
        self._config = config
        self._radiometry = radiometry_of(config)
        self._coloured = self._told = False
        self._read_timeout_s = read_timeout_s
        self._sysfs = sysfs
        self._dev = dev
        self._video: cv2.VideoCapture | None = None
        self._sequence = -1

    def open(self) -> CameraInfo:
        """Finds the device, asks for the configured format and reads a first frame.

        Raises:
            CameraError: it is not there, taken by somebody else, or gives no picture.
        """
        self.close()
        node = self._node()
        # OpenCV waits 10 s for a frame by default, longer than a hanging process may live.
        os.environ["OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT"] = str(max(1, round(self._read_timeout_s)))
        self._video = video = cv2.VideoCapture(str(node), cv2.CAP_V4L2)
        if not video.isOpened():
            self.close()
            raise CameraError(
                f"{node} cannot be opened: another program may hold it, or it may not be readable "
                "for this user (group video)"
            )
        if self._thermal:  # this order: a format set later turns conversion on again
            video.set(cv2.CAP_PROP_FOURCC, _Y16)
            video.set(cv2.CAP_PROP_CONVERT_RGB, 0)
            if int(video.get(cv2.CAP_PROP_FOURCC)) != _Y16:
                log.info("%s has no Y16: its picture is taken as 8-bit grey", node)
                video.set(cv2.CAP_PROP_CONVERT_RGB, 1)
        video.set(cv2.CAP_PROP_FRAME_WIDTH, self._config.width)
        video.set(cv2.CAP_PROP_FRAME_HEIGHT, self._config.height)
        video.set(cv2.CAP_PROP_FPS, self._config.rate_hz)
        video.set(cv2.CAP_PROP_BUFFERSIZE, 1)  # OpenCV hands out the oldest buffer
        try:
            pixels = self._picture(video)
        except CameraError:
            self.close()
            raise
        rate_hz = video.get(cv2.CAP_PROP_FPS)
        self._sequence = max(self._sequence, round(now_ns() * self._config.rate_hz / NS_PER_S))
        return CameraInfo(
            name=self._source,
            width=pixels.shape[1],
            height=pixels.shape[0],
            pixel_format=format_of(pixels),
            rate_hz=rate_hz if 0 < rate_hz <= 1000 else self._config.rate_hz,
            live=True,
        )

    def read(self) -> Capture:
        """Waits for the next frame.

        Raises:
            CameraError: none came in `read_timeout_s`, or what came is no picture.
        """
        if self._video is None:
            raise CameraError(f"camera {self._source}: read before open")
        picture = self._picture(self._video)
        arrived_ns = now_ns()
        kernel_ns = HostNs(round(self._video.get(cv2.CAP_PROP_POS_MSEC) * NS_PER_MS))
        plausible = 0 <= since(arrived_ns, kernel_ns) < _PLAUSIBLE_AGE_NS
        self._sequence += 1
        return Capture(
            pixels=picture,
            timestamp_ns=kernel_ns if plausible else arrived_ns,
            sequence=self._sequence,
            radiometry=self._radiometry,
        )

    def close(self) -> None:
        """Gives the device back."""
        if self._video is not None:
            self._video.release()
            self._video = None

    def _node(self) -> Path:
        if USB_ID.fullmatch(self._source):
            device = find_usb(self._source, self._sysfs)
            if device is None:
                raise CameraError(f"no camera {self._source} is connected; {self._present()}")
            return self._dev / Path(device.path).name
        number = self._source.removeprefix("/dev/video")
        node = self._dev / f"video{number}"
        if not node.exists():
            raise CameraError(f"/dev/video{number} is not there; {self._present()}")
        return node

    def _present(self) -> str:
        devices = list_devices(self._sysfs)
        return "cameras here: " + (", ".join(map(str, devices)) if devices else "none")

    def _picture(self, video: cv2.VideoCapture) -> NDArray[Any]:
        ok, picture = video.read()
        if not ok:
            raise CameraError(
                f"camera {self._source} gave no frame within {self._read_timeout_s:g} s"
            )
        raw: NDArray[Any] = np.asarray(picture)
        if self._thermal and raw.dtype == np.uint8 and raw.ndim == 3 and raw.shape[2] == 2:
            raw = raw.view(np.uint16)[..., 0]  # some builds hand Y16 over as two bytes a pixel
        name = f"camera {self._source}"
        if not self._thermal:
            return as_visible(raw, name).copy()
        thermal = as_thermal(raw, name, self._radiometry)
        if thermal.relative and not self._coloured:
            self._coloured = True
            log.warning(
                "%s gives pictures %s: no temperatures come of them", name, thermal.relative
            )
        if thermal.words and not self._told:
            self._told = True
            log.warning("%s: %s", name, thermal.words)
        return thermal.counts.copy()
