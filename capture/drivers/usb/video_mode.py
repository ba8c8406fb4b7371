"""What to ask a device for, and asking for it in the order that OpenCV needs."""

import logging
from dataclasses import dataclass
from pathlib import Path

import cv2

from capture.camera import CameraError
from capture.discovery.cameras import layout_of
from capture.discovery.modes import Ioctl, Mode, list_modes
from capture.drivers.usb.frame_reader import Video
from capture.formats import FORMATS, ThermalFormat, formats_of_usb
from streamer.config.schema import CameraConfig, ThermalCameraConfig

log = logging.getLogger(__name__)

_COUNTS = ("Y16 ", "Y14 ", "Y12 ")


@dataclass
class WantedMode:
    """What a device is asked for; `rate_hz` becomes what it answered.

    Attributes:
        fourcc: empty to leave it to the driver.
        width: pixels.
        height: pixels, rows of telemetry included.
        rate_hz: frames a second.
        raw: whether samples are wanted as they are, without a conversion to colours.
        command: a value of the zoom control that makes the camera send counts; None for none.
    """

    fourcc: str
    width: int
    height: int
    rate_hz: float
    raw: bool
    command: int | None = None


def wanted_mode(
    config: CameraConfig, usb_id: str | None, node: Path, ioctl: Ioctl | None = None
) -> WantedMode:
    """The mode for a camera, out of those that it lists; nothing is tried.

    Args:
        config: of the camera.
        usb_id: `vid:pid`; None where it is not known.
        node: its node.
        ioctl: the system call, as `fcntl.ioctl` has it.
    """
    set_size = (config.width, config.height)
    if not isinstance(config, ThermalCameraConfig):
        return WantedMode("", *set_size, config.rate_hz, raw=False)
    try:
        modes = list_modes(node, ioctl)
    except OSError:
        modes = ()
    layout = FORMATS.get(config.format)
    if layout is not None:
        fourcc, size = _of_layout(layout, modes, set_size)
        raw = layout.name != "agc8"
        return WantedMode(fourcc, *size, config.rate_hz, raw, layout.raw_command)
    found = layout_of(modes, usb_id)
    if found is not None:
        layout, (fourcc, width, height, _) = found
        return WantedMode(fourcc, width, height, config.rate_hz, True, layout.raw_command)
    known = formats_of_usb(usb_id)
    if known and not modes:
        layout = known[0]
        size = layout.sizes[0]
        return WantedMode(layout.fourcc, *size, config.rate_hz, True, layout.raw_command)
    counts = [mode for mode in modes if mode.fourcc in _COUNTS]
    if modes and not counts:
        return WantedMode("", *set_size, config.rate_hz, raw=False)
    fits = [mode for mode in counts if mode[1:3] == set_size] or counts
    fourcc, size = (fits[0].fourcc, fits[0][1:3]) if fits else (_COUNTS[0], set_size)
    return WantedMode(fourcc, *size, config.rate_hz, raw=True)


def set_up(video: Video, mode: WantedMode, name: str) -> None:
    """Asks an open device for a mode.

    The order matters: setting a format or a size turns the conversion to colours on again.

    Raises:
        CameraError: it gives no samples as they are, though these are wanted.
    """
    if mode.fourcc:
        video.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*mode.fourcc))
    video.set(cv2.CAP_PROP_FRAME_WIDTH, mode.width)
    video.set(cv2.CAP_PROP_FRAME_HEIGHT, mode.height)
    video.set(cv2.CAP_PROP_FPS, mode.rate_hz)
    video.set(cv2.CAP_PROP_BUFFERSIZE, 1)  # OpenCV hands out the oldest buffer
    given = int(video.get(cv2.CAP_PROP_FOURCC)).to_bytes(4, "little", signed=True)
    if mode.raw and given != mode.fourcc.encode():
        if mode.fourcc not in _COUNTS:
            raise CameraError(
                f"{name}: {mode.fourcc.strip()} {mode.width}x{mode.height} wanted, it gives "
                f"{given.decode('ascii', errors='replace').strip() or 'something else'}"
            )
        log.info("%s has no %s: its picture is taken as 8-bit grey", name, mode.fourcc.strip())
        mode.raw = False
    video.set(cv2.CAP_PROP_CONVERT_RGB, 0 if mode.raw else 1)
    if mode.command is not None:
        video.set(cv2.CAP_PROP_ZOOM, mode.command)
    width, height = (
        int(video.get(side)) for side in (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT)
    )
    if (width, height) != (mode.width, mode.height):
        log.info(
            "%s: %dx%d asked for, it gives %dx%d", name, mode.width, mode.height, width, height
        )
        mode.width, mode.height = width, height
    rate_hz = video.get(cv2.CAP_PROP_FPS)
    mode.rate_hz = rate_hz if 0 < rate_hz <= 1000 else 0.0


def _of_layout(
    layout: ThermalFormat, modes: tuple[Mode, ...], set_size: tuple[int, int]
) -> tuple[str, tuple[int, int]]:
    """The four letters and the size for a layout that was named."""
    wanted = (layout.fourcc, *_COUNTS, "YUYV")
    offered = [mode for mode in modes if mode.fourcc in wanted]
    for mode in offered:
        if mode[1:3] in layout.sizes or (not layout.sizes and mode[1:3] == set_size):
            return mode.fourcc, mode[1:3]
    if layout.sizes:
        return layout.fourcc, layout.sizes[0]
    return (offered[0].fourcc, offered[0][1:3]) if offered else (layout.fourcc, set_size)
