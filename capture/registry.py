"""Which driver a source string means.

A process reads one camera. Drivers of files are imported where one is chosen: what they need
(tifffile, mcap, protobuf) would be a third of the time in which a capture process starts.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from capture.camera import Camera, CameraError
from capture.drivers.binned import Binned
from capture.drivers.network import SCHEMES, NetworkCamera
from capture.drivers.plugin import PREFIX, plugin_camera
from capture.drivers.usb.device_finder import USB_ID
from capture.drivers.usb.uvc import UvcCamera
from streamer.config.schema import CameraConfig, Config
from streamer.paths import PathKind, kind_of
from streamer.pictures.formats.findings import NETWORK
from streamer.shareable import without_credentials

if TYPE_CHECKING:
    from capture.drivers.image_folder import Partner
    from streamer.pictures.listing.sources import PictureRef

_BY_UDEV = "/dev/v4l/"
_DEVICE = re.compile(r"(/dev/video)?\d+")
_FORMS = (
    "sim, a device (/dev/video2, 2, vid:pid, /dev/v4l/by-id/...), a video file, a folder of "
    "images, a file of bare frames or python:MODULE:CLASS"
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
    return _binned(_driver(stream, section.source, config), stream, config)


def still_driver(stream: str, config: Config, pictures: "Sequence[PictureRef]") -> Camera:
    """Makes a camera of radiometric stills: the thermal picture of each, or the visible one in it.

    Args:
        stream: `visible` or `thermal`.
        config: the whole configuration; its source is not looked at.
        pictures: the stills, at least one.
    """
    from capture.drivers.image_folder import ImageFolder

    section = config.capture.thermal if stream == "thermal" else config.capture.visible
    folder = ImageFolder(pictures[0].path, stream, section, pictures=pictures)
    return _binned(folder, stream, config)


def _binned(camera: Camera, stream: str, config: Config) -> Camera:
    times = config.capture.thermal.bin if stream == "thermal" else 1
    return Binned(camera, times) if times > 1 else camera


def _driver(stream: str, source: str, config: Config) -> Camera:
    section = config.capture.thermal if stream == "thermal" else config.capture.visible
    if source == "sim":
        from capture.drivers.simulated import SimulatedThermal, SimulatedVisible

        simulated = SimulatedThermal if stream == "thermal" else SimulatedVisible
        return simulated(stream, section, config.capture.simulated)
    if _is_device(source):
        return UvcCamera(source, stream, section, config.capture.read_timeout_s)
    if source.startswith(PREFIX):
        return plugin_camera(source, stream, section)
    if source.startswith(SCHEMES):
        if stream == "thermal":
            raise CameraError(
                f"thermal source {without_credentials(source)} is a network address: its stream is "
                "compressed, and no counts come of it; a network camera can be the visible one"
            )
        return NetworkCamera(source, section, config.capture.read_timeout_s)
    if source.startswith(NETWORK):
        raise CameraError(
            f"{stream} source {without_credentials(source)} is a network address of a kind that is "
            f"not read: {', '.join(SCHEMES)} are; {_FORMS} wanted"
        )
    return _of_path(source, stream, section, config)


def _of_path(source: str, stream: str, section: CameraConfig, config: Config) -> Camera:
    from capture.drivers.image_folder import ImageFolder
    from capture.drivers.raw_file import RAW_SUFFIXES, RawFile
    from capture.drivers.recording import RecordedStream
    from capture.drivers.video_file import VideoFile
    from streamer.pictures.stills import are_pictures

    path = Path(source).expanduser()
    kind = kind_of(path)
    if path.suffix.lower() in (".mcap", ".part") and kind is not PathKind.MISSING:
        return RecordedStream(path, stream, section)
    if kind is PathKind.OTHER:
        node = path.resolve()  # a link of one's own
        if _DEVICE.fullmatch(str(node)):
            return UvcCamera(str(node), stream, section, config.capture.read_timeout_s)
        raise CameraError(
            f"{stream} source {source} is a device, pipe or socket, and no camera: {_FORMS} wanted"
        )
    if kind is not PathKind.MISSING and are_pictures(path):
        return ImageFolder(path, stream, section, _partner(stream, config))
    if kind is PathKind.FILE and path.suffix.lower() in RAW_SUFFIXES:
        return RawFile(path, stream, section)
    if kind is PathKind.FILE:
        return VideoFile(path, stream, section)
    looks_like_path = "/" in source or "\\" in source or bool(path.suffix)
    reason = "does not exist" if looks_like_path else "is no source"
    raise CameraError(f"{stream} source {source} {reason}: {_FORMS} wanted")


def _is_device(source: str) -> bool:
    return bool(
        _DEVICE.fullmatch(source) or USB_ID.fullmatch(source) or source.startswith(_BY_UDEV)
    )


def _partner(stream: str, config: Config) -> "Partner | None":
    """The other camera, where it is made of pictures too."""
    from capture.drivers.image_folder import Partner
    from streamer.pictures.stills import are_pictures

    other = config.capture.visible if stream == "thermal" else config.capture.thermal
    path = Path(other.source).expanduser()
    if other.source in ("sim", "none"):
        return None
    if _is_device(other.source) or other.source.startswith((PREFIX, *NETWORK, *SCHEMES)):
        return None
    return Partner(path, other.rate_hz) if are_pictures(path) else None
