"""Which driver a source string means."""

import re
from pathlib import Path

from capture.camera import Camera, CameraError
from capture.drivers.binned import Binned
from capture.drivers.image_folder import ImageFolder
from capture.drivers.plugin import PREFIX, plugin_camera
from capture.drivers.recording import RecordedStream
from capture.drivers.simulated import SimulatedThermal, SimulatedVisible
from capture.drivers.uvc import USB_ID, UvcCamera
from capture.drivers.video_file import VideoFile
from streamer.config.schema import Config
from streamer.paths import PathKind, kind_of

_DEVICE = re.compile(r"(/dev/video)?\d+")
_FORMS = (
    "sim, a device (/dev/video2, 2, vid:pid), a video file, a folder of images or "
    "python:MODULE:CLASS"
)


def open_driver(stream: str, config: Config) -> Camera:
    """Makes the camera of `capture.<stream>`; it is not opened yet.

    Args:
        stream: `visible` or `thermal`.
        config: the whole configuration.

    Raises:
        CameraError: no driver understands the source, or its file does not exist.
        PathError: its path cannot be looked at.
    """
    section = config.capture.thermal if stream == "thermal" else config.capture.visible
    camera = _driver(stream, section.source, config)
    times = config.capture.thermal.bin if stream == "thermal" else 1
    return Binned(camera, times) if times > 1 else camera


def _driver(stream: str, source: str, config: Config) -> Camera:
    section = config.capture.thermal if stream == "thermal" else config.capture.visible
    if source == "sim":
        simulated = SimulatedThermal if stream == "thermal" else SimulatedVisible
        return simulated(stream, section, config.capture.simulated)
    if _DEVICE.fullmatch(source) or USB_ID.fullmatch(source):
        return UvcCamera(source, stream, section, config.capture.read_timeout_s)
    if source.startswith(PREFIX):
        return plugin_camera(source, stream, section)
    path = Path(source).expanduser()
    kind = kind_of(path)
    if path.suffix.lower() in (".mcap", ".part") and kind is not PathKind.MISSING:
        return RecordedStream(path, stream, section)
    if kind is PathKind.FOLDER:
        return ImageFolder(path, stream, section)
    if kind is PathKind.FILE:
        return VideoFile(path, stream, section)
    looks_like_path = "/" in source or "\\" in source or bool(path.suffix)
    reason = "does not exist" if looks_like_path else "is no source"
    raise CameraError(f"{stream} source {source} {reason}: {_FORMS} wanted")
