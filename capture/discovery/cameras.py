"""One description a camera: what it is, whether it may be opened, and the lines that name it."""

import os
import stat
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from capture.discovery.devices import DEV, SYSFS, VideoDevice, links_to, list_devices
from capture.discovery.holders import holders
from capture.discovery.modes import Ioctl, Mode, list_modes
from capture.discovery.no_video import ADVICE, USB_DEVICES, cameras_without_video
from capture.formats import FORMATS, ThermalFormat, formats_of_usb

_GREY_COUNTS = ("Y16 ", "Y14 ", "Y12 ")
_USUAL = (640, 480)


class FoundCamera(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a camera without a picture of it.

    Attributes:
        name: as its driver has it.
        known: what it is, where its USB id is known.
        role: `thermal` or `visible`, as far as id and modes tell.
        usb_id: `vid:pid`; None for what is not USB.
        serial: its serial number, where it has one.
        path: its node; empty of one that is no video device.
        by_id: udev's name for this very camera, which stays when numbers change.
        by_path: udev's name for what is plugged in at this place.
        modes: what it offers, as `YUYV 256x384 25 Hz`; empty where it may not be asked.
        format: the layout of its frames; empty where it is found at the first frame.
        allowed: whether this user may open it.
        busy: programs that hold it.
        advice: what is to be done before it can be used; empty where nothing is.
        source: what names it best: udev's by-id, else the USB id, else the node.
        config: lines for a configuration file.
    """

    name: str
    known: str
    role: str
    usb_id: str | None
    serial: str | None
    path: str
    by_id: str | None
    by_path: str | None
    modes: tuple[str, ...]
    format: str
    allowed: bool
    busy: tuple[str, ...]
    advice: str
    source: str
    config: tuple[str, ...]


def find_cameras(
    sysfs: Path = SYSFS,
    dev: Path = DEV,
    proc: Path = Path("/proc"),
    ioctl: Ioctl | None = None,
    usb: Path = USB_DEVICES,
) -> list[FoundCamera]:
    """All cameras, in the order of their nodes; nodes that carry no pictures are left out.

    Thermal cameras that are no video devices come last.

    Args:
        sysfs: the folder of video nodes' descriptions.
        dev: the folder of nodes.
        proc: the folder of processes.
        ioctl: the system call, as `fcntl.ioctl` has it.
        usb: the folder of USB devices' descriptions.
    """
    devices = [device for device in list_devices(sysfs) if device.index == 0]
    cameras = [
        found
        for device in devices
        if (found := _described(device, devices, dev, proc, ioctl)) is not None
    ]
    return cameras + [_without_video(*each) for each in cameras_without_video(usb)]


def pair_of(cameras: Sequence[FoundCamera]) -> tuple[FoundCamera, FoundCamera] | None:
    """The visible and the thermal camera, where there are these two and both are free."""
    devices = [each for each in cameras if each.path]
    if len(devices) != 2 or any(each.advice for each in devices):
        return None
    by_role = {each.role: each for each in devices}
    return (by_role["visible"], by_role["thermal"]) if len(by_role) == 2 else None


def layout_of(modes: Sequence[Mode], usb_id: str | None) -> tuple[ThermalFormat, Mode] | None:
    """The layout that a camera's frames will have, and the mode that gives it.

    Args:
        modes: what the camera offers.
        usb_id: `vid:pid`; None where it is not known.
    """
    for layout in formats_of_usb(usb_id) or FORMATS.values():
        for size in layout.sizes:
            for mode in modes:
                if mode[1:3] == size and mode.fourcc in (layout.fourcc, *_GREY_COUNTS, "YUYV"):
                    return layout, mode
    return None


def _described(
    device: VideoDevice,
    devices: Sequence[VideoDevice],
    dev: Path,
    proc: Path,
    ioctl: Ioctl | None,
) -> FoundCamera | None:
    node = dev / f"video{device.number}"
    allowed = os.access(node, os.R_OK | os.W_OK)
    modes: tuple[Mode, ...] = ()
    if allowed:
        try:
            modes = list_modes(node, ioctl)
        except OSError:  # no V4L2 node: a stale entry, or a file in its place
            allowed = False
        else:
            if not modes:
                return None
    layouts = formats_of_usb(device.usb_id)
    known = layouts[0].usb[device.usb_id] if layouts and device.usb_id else ""
    found = layout_of(modes, device.usb_id)
    counts = [mode for mode in modes if mode.fourcc in _GREY_COUNTS]
    thermal = bool(layouts or found or counts)
    alone = sum(each.usb_id == device.usb_id for each in devices) == 1
    by_id = links_to(node, dev / "v4l" / "by-id")
    source = by_id or (device.usb_id if device.usb_id and alone else None) or device.path
    busy = tuple(holders(node, proc))
    return FoundCamera(
        name=device.name,
        known=known,
        role="thermal" if thermal else "visible",
        usb_id=device.usb_id,
        serial=device.serial,
        path=device.path,
        by_id=by_id,
        by_path=links_to(node, dev / "v4l" / "by-path"),
        modes=tuple(map(str, modes)),
        format=found[0].name if found else "",
        allowed=allowed,
        busy=busy,
        advice=_advice(node, device.path, allowed, busy),
        source=source,
        config=_lines(source, modes, counts, found, thermal=thermal),
    )


def _without_video(usb_id: str, known: str) -> FoundCamera:
    return FoundCamera(
        name=known,
        known=known,
        role="thermal",
        usb_id=usb_id,
        serial=None,
        path="",
        by_id=None,
        by_path=None,
        modes=(),
        format="",
        allowed=False,
        busy=(),
        advice=ADVICE,
        source="",
        config=(),
    )


def _lines(
    source: str,
    modes: Sequence[Mode],
    counts: Sequence[Mode],
    found: tuple[ThermalFormat, Mode] | None,
    *,
    thermal: bool,
) -> tuple[str, ...]:
    lines = ["capture:", f"  {'thermal' if thermal else 'visible'}:", f"    source: {source}"]
    if found is not None:
        layout, mode = found
        width, height = layout.picture_size((mode.width, mode.height))
        lines.append(f"    format: {layout.name}")
    elif thermal and counts:
        mode = counts[0]
        width, height = mode.width, mode.height
    elif modes:
        mode = min(
            modes, key=lambda each: abs(each.width - _USUAL[0]) + abs(each.height - _USUAL[1])
        )
        width, height = mode.width, mode.height
    else:
        return tuple(lines)
    lines += [f"    width: {width}", f"    height: {height}"]
    if mode.rates_hz:
        lines.append(f"    rate_hz: {min(max(mode.rates_hz), 30.0):g}")
    return tuple(lines)


def _advice(node: Path, path: str, allowed: bool, busy: Sequence[str]) -> str:
    if busy:
        return f"{', '.join(busy)} holds it: close that first"
    if allowed:
        return ""
    try:
        group = group_of(node.stat())
    except OSError:
        return (
            f"{path} is not there, though the system lists it; in a container: docker run --device "
            f"{path} ...; else plug it in again"
        )
    return f"this user may not open it: sudo usermod -aG {group} $USER, then log out and in again"


def group_of(status: os.stat_result) -> str:
    """The group that may open a node; `video` where its number has no name."""
    if status.st_mode & stat.S_IRGRP and status.st_gid != 0:
        with suppress(ImportError, KeyError):
            import grp  # of Unix alone

            return grp.getgrgid(status.st_gid).gr_name
    return "video"
