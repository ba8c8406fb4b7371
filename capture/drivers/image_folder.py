"""A folder of images as a camera, in the order of their names, at a steady rate."""

import logging
import math
import re
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.camera import Camera, CameraError, Capture, EndOfStream
from capture.pixel_formats import as_thermal, as_visible, format_of, radiometry_of
from streamer.clock import NS_PER_S, HostNs, after, since
from streamer.config.schema import CameraConfig, ThermalCameraConfig
from streamer.image_header import read_image_file
from streamer.messages import CameraInfo
from streamer.paths import PathKind, kind_of

log = logging.getLogger(__name__)

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff")


class ImageFolder(Camera):
    """Every image of a folder, one a frame. The first must be good; bad ones later are passed over.

    An image that was passed over leaves a gap in `sequence`, and one line in the log.
    """

    def __init__(self, folder: Path, stream: str, config: CameraConfig) -> None:
        self._folder = folder
        self._convert = as_thermal if stream == "thermal" else as_visible
        self._rate_hz = config.rate_hz
        self._loop = config.loop
        self._radiometry = (
            radiometry_of(config.gain_k, config.offset_k)
            if isinstance(config, ThermalCameraConfig)
            else None
        )
        self._files: list[Path] = []
        self._like: NDArray[Any] | None = None
        self._origin_ns = HostNs(0)
        self._next = 0

    def open(self) -> CameraInfo:
        """Lists the folder and decodes its first image.

        Raises:
            CameraError: the folder is missing or without images, or the first one is unreadable.
            PathError: its path cannot be looked at.
        """
        if kind_of(self._folder) is not PathKind.FOLDER:
            raise CameraError(f"folder {self._folder} does not exist")
        try:
            self._files = sorted(
                (
                    path
                    for path in self._folder.iterdir()
                    if path.suffix.lower() in SUFFIXES and path.is_file()  # no pipe or device
                ),
                key=_natural_order,
            )
        except OSError as error:
            raise CameraError(f"folder {self._folder}: {error.strerror or error}") from error
        if not self._files:
            raise CameraError(f"folder {self._folder} holds no image ({', '.join(SUFFIXES)})")
        self._like = None
        self._next = 0
        self._like = self._decoded(self._files[0])
        height, width = self._like.shape[:2]
        return CameraInfo(
            name=self._folder.name,
            width=width,
            height=height,
            pixel_format=format_of(self._like),
            rate_hz=self._rate_hz,
            live=False,
            frames=None if self._loop else len(self._files),
        )

    def start(self, origin_ns: HostNs, now_ns: HostNs) -> None:
        """Sets time zero; images due before `now_ns` are passed over."""
        self._origin_ns = origin_ns
        self._next = max(0, math.ceil(since(now_ns, origin_ns) * self._rate_hz / NS_PER_S))

    def read(self) -> Capture:
        """The next good image with the time it is due.

        Raises:
            EndOfStream: after the last image, unless the folder is to loop.
            CameraError: read before `open`, or no image of the folder is readable any more.
        """
        if self._like is None:
            raise CameraError(f"folder {self._folder}: read before open")
        for _ in self._files:
            sequence = self._next
            if sequence >= len(self._files) and not self._loop:
                raise EndOfStream
            self._next += 1
            try:
                pixels = self._decoded(self._files[sequence % len(self._files)])
            except CameraError as error:
                log.warning("image %d passed over: %s", sequence, error)
                continue
            due_ns = after(self._origin_ns, sequence * NS_PER_S / self._rate_hz)
            return Capture(pixels, due_ns, sequence, self._radiometry)
        if self._next >= len(self._files) and not self._loop:
            raise EndOfStream
        raise CameraError(f"folder {self._folder}: no image is readable any more")

    def close(self) -> None:
        """Forgets the list of images."""
        self._files, self._like = [], None

    def _decoded(self, path: Path) -> NDArray[Any]:
        try:
            data = read_image_file(path)  # imread would print a warning of its own
            picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
        except OSError as error:
            raise CameraError(f"image {path}: {error.strerror}") from error
        except ValueError as error:
            raise CameraError(f"image {path} cannot be decoded: {error}") from error
        except cv2.error:
            picture = None
        if picture is None:
            raise CameraError(f"image {path} cannot be decoded")
        pixels = self._convert(np.asarray(picture), f"image {path}")
        like = self._like
        if like is not None and (pixels.shape, pixels.dtype) != (like.shape, like.dtype):
            raise CameraError(
                f"image {path}: {_kind(like)} wanted as in the first image, {_kind(pixels)} came"
            )
        return pixels


def _natural_order(path: Path) -> list[tuple[int, str]]:
    """frame2 before frame10."""
    parts = re.split(r"([0-9]+)", path.name.lower())
    return [(int(part), "") if part[0] in "0123456789" else (-1, part) for part in parts if part]


def _kind(pixels: NDArray[Any]) -> str:
    return f"{pixels.shape[1]}x{pixels.shape[0]} {format_of(pixels)}"
