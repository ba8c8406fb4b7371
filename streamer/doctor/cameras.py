"""The cameras that the system lists, and whether they may be opened. None is opened."""

import importlib
import os
import stat
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from streamer.doctor.page import Finding, Level

_DISCOVERY = "capture.discovery"  # by name, as in the process table: streamer does not know capture
_SECTION = "cameras"


def camera_findings() -> list[Finding]:
    """One line for each camera; a camera's further nodes carry no pictures and are left out."""
    if sys.platform != "linux":
        return [Finding(_SECTION, "devices", "they are looked for on Linux only", Level.INFO)]
    return device_findings(importlib.import_module(_DISCOVERY).list_devices())


def device_findings(devices: Sequence[Any], dev: Path = Path("/dev")) -> list[Finding]:
    """Lines for these devices.

    Args:
        devices: `capture.discovery.VideoDevice`s.
        dev: the folder of their nodes.
    """
    cameras = [device for device in devices if device.index == 0]
    if not cameras:
        value = "none is connected; corefusion live shows the simulated rig"
        return [Finding(_SECTION, "devices", value, Level.INFO)]
    return [_device_finding(device, dev / f"video{device.number}") for device in cameras]


def _device_finding(device: Any, node: Path) -> Finding:
    name = f"video{device.number}"
    known = device.name + (f" ({device.usb_id})" if device.usb_id else "")
    try:
        group = _group(node.stat())
    except OSError:
        value = f"{known}: {device.path} is not there, though the system lists it"
        remedy = f"in a container: docker run --device {device.path} ...; else plug it in again"
        return Finding(_SECTION, name, value, Level.WARNING, remedy)
    if os.access(node, os.R_OK | os.W_OK):
        return Finding(_SECTION, name, f"{known}, may be opened")
    value = f"{known}, may not be opened by this user"
    remedy = f"sudo usermod -aG {group} $USER, then log out and in again"
    return Finding(_SECTION, name, value, Level.WARNING, remedy)


def _group(status: os.stat_result) -> str:
    """The group that may open the node; `video` where its number has no name."""
    import grp

    if status.st_mode & stat.S_IRGRP and status.st_gid != 0:
        with suppress(KeyError):
            return grp.getgrgid(status.st_gid).gr_name
    return "video"
