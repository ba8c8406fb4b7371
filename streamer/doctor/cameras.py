"""The cameras that the system lists, and whether they may be opened. No picture is taken."""

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from streamer.doctor.page import Finding, Level

_DISCOVERY = "capture.discovery"  # by name, as in the process table: streamer does not know capture
_SECTION = "cameras"


def camera_findings() -> list[Finding]:
    """One line for each camera; a camera's further nodes carry no pictures and are left out."""
    if sys.platform != "linux":
        return [Finding(_SECTION, "devices", "they are looked for on Linux only", Level.INFO)]
    return device_findings(importlib.import_module(_DISCOVERY).find_cameras())


def device_findings(cameras: Sequence[Any]) -> list[Finding]:
    """Lines for these cameras, `capture.discovery.FoundCamera`s."""
    if not cameras:
        value = "none is connected; corefusion live shows the simulated rig"
        return [Finding(_SECTION, "devices", value, Level.INFO)]
    return [_camera_finding(camera) for camera in cameras]


def _camera_finding(camera: Any) -> Finding:
    name = Path(camera.path).name or camera.usb_id
    known = camera.name + (f" ({camera.usb_id})" if camera.usb_id else "")
    if camera.allowed and not camera.advice:
        return Finding(_SECTION, name, f"{known}, may be opened")
    state = "in use" if camera.busy else "may not be opened by this user"
    state = state if camera.path else "is no video device"
    return Finding(_SECTION, name, f"{known}, {state}", Level.WARNING, camera.advice)
