"""Finding cameras by what they are, not by the number they happened to get.

Linux lists video devices under /sys/class/video4linux; the USB device above each one tells vendor
and product. Nothing is opened: probing makes some thermal cameras lose their synchronisation.
"""

import re
from dataclasses import dataclass
from pathlib import Path

SYSFS = Path("/sys/class/video4linux")

_MAX_DEPTH = 6  # folders between a video node and its USB device


@dataclass(frozen=True)
class VideoDevice:
    """One video node. `usb_id` is `vid:pid` in lower-case hex, None for what is not USB."""

    number: int
    name: str
    usb_id: str | None
    index: int

    @property
    def path(self) -> str:
        """The node that is opened."""
        return f"/dev/video{self.number}"

    def __str__(self) -> str:
        return f"{self.path} {self.name}" + (f" ({self.usb_id})" if self.usb_id else "")


def list_devices(sysfs: Path = SYSFS) -> list[VideoDevice]:
    """All video nodes in the order of their numbers; none where the system has no such folder."""
    devices = []
    for entry in sysfs.glob("video*"):
        if found := re.fullmatch(r"video(\d+)", entry.name):
            devices.append(
                VideoDevice(
                    number=int(found[1]),
                    name=_text(entry / "name") or "unnamed",
                    usb_id=_usb_id(entry / "device"),
                    index=int(_text(entry / "index") or 0),
                )
            )
    return sorted(devices, key=lambda device: device.number)


def find_usb(usb_id: str, sysfs: Path = SYSFS) -> VideoDevice | None:
    """The capture node of a USB camera; a camera's further nodes carry metadata, not pictures."""
    same = [device for device in list_devices(sysfs) if device.usb_id == usb_id.lower()]
    return min(same, key=lambda device: (device.index, device.number), default=None)


def _usb_id(device: Path) -> str | None:
    try:
        folder = device.resolve(strict=True)
    except OSError:
        return None
    for candidate in [folder, *folder.parents][:_MAX_DEPTH]:
        vendor, product = _text(candidate / "idVendor"), _text(candidate / "idProduct")
        if vendor and product:
            return f"{vendor}:{product}".lower()
    return None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
