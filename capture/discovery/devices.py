"""Finding cameras by what they are, not by the number they happened to get.

Linux lists video devices under /sys/class/video4linux; the USB device above each one tells vendor,
product, serial number and port. Nothing is opened: probing makes some thermal cameras lose their
synchronisation.
"""

import re
from dataclasses import dataclass
from pathlib import Path

SYSFS = Path("/sys/class/video4linux")
DEV = Path("/dev")

_MAX_DEPTH = 6  # folders between a video node and its USB device


@dataclass(frozen=True)
class VideoDevice:
    """One video node.

    Attributes:
        number: of its node; another one after each plugging in.
        name: as its driver has it.
        usb_id: `vid:pid` in lower-case hex; None for what is not USB.
        index: which node of its camera it is; further ones carry metadata, not pictures.
        serial: of the camera, where it has one.
        port: where it is plugged in, as the kernel names it (`1-2.4`); None for what is not USB.
    """

    number: int
    name: str
    usb_id: str | None
    index: int
    serial: str | None = None
    port: str | None = None

    @property
    def path(self) -> str:
        """The node that is opened."""
        return f"/dev/video{self.number}"

    def __str__(self) -> str:
        return f"{self.path} {self.name}" + (f" ({self.usb_id})" if self.usb_id else "")

    def is_same(self, other: "VideoDevice") -> bool:
        """Whether another node is that of the same camera: by serial number, else by port.

        A camera without a serial number that moved to another port is another one, for all that can
        be told; `same_among` takes it where no second one of its kind is there.
        """
        if (self.usb_id, self.index) != (other.usb_id, other.index) or self.name != other.name:
            return False
        if self.usb_id is None:
            return self.number == other.number  # a virtual device keeps its number
        if self.serial or other.serial:
            return self.serial == other.serial
        return self.port == other.port

    def same_among(self, devices: list["VideoDevice"]) -> "VideoDevice | None":
        """The node that this camera has now; None where it is not there."""
        same = [device for device in devices if self.is_same(device)]
        if same:
            return same[0]
        kin = [each for each in devices if (each.usb_id, each.index) == (self.usb_id, self.index)]
        moved = self.usb_id is not None and not self.serial and len(kin) == 1
        return kin[0] if moved and not kin[0].serial else None


def list_devices(sysfs: Path = SYSFS) -> list[VideoDevice]:
    """All video nodes in the order of their numbers; none where the system has no such folder."""
    devices = []
    for entry in sysfs.glob("video*"):
        if found := re.fullmatch(r"video(\d+)", entry.name):
            usb = _usb_folder(entry / "device")
            devices.append(
                VideoDevice(
                    number=int(found[1]),
                    name=_text(entry / "name") or "unnamed",
                    usb_id=_usb_id(usb),
                    index=int(_text(entry / "index") or 0),
                    serial=(_text(usb / "serial") or None) if usb else None,
                    port=usb.name if usb else None,
                )
            )
    return sorted(devices, key=lambda device: device.number)


def find_usb(usb_id: str, sysfs: Path = SYSFS) -> VideoDevice | None:
    """The capture node of a USB camera; a camera's further nodes carry metadata, not pictures."""
    same = [device for device in list_devices(sysfs) if device.usb_id == usb_id.lower()]
    return min(same, key=lambda device: (device.index, device.number), default=None)


def lasting_name(source: str, sysfs: Path = SYSFS, dev: Path = DEV) -> str:
    """What names the camera behind a number or node for longer than until it is plugged in anew.

    Udev's name by id, where no second camera of its kind would have the same; else that by place;
    else the USB id of the only one of its kind. Of all other sources, and of a camera that has none
    of these, the source itself.

    Args:
        source: as a configuration has it.
        sysfs: the folder of video nodes' descriptions.
        dev: the folder of nodes.
    """
    found = re.fullmatch(r"(?:/dev/video)?(\d+)", source)
    devices = list_devices(sysfs)
    device = next((each for each in devices if found and each.number == int(found[1])), None)
    if device is None:
        return source
    node = dev / f"video{device.number}"
    kin = [each for each in devices if (each.usb_id, each.index) == (device.usb_id, device.index)]
    alone = len([each for each in kin if each.serial == device.serial]) == 1
    by_id = links_to(node, dev / "v4l" / "by-id") if alone else None
    by_usb = device.usb_id if len(kin) == 1 and device.index == 0 else None
    return by_id or links_to(node, dev / "v4l" / "by-path") or by_usb or source


def links_to(node: Path, folder: Path) -> str | None:
    """The name that udev gave a node, as `/dev/v4l/by-id/usb-...`; None where it has none."""
    if not folder.is_dir():
        return None
    for link in sorted(folder.iterdir()):
        if link.resolve() == node.resolve():
            return str(link)
    return None


def _usb_id(usb: Path | None) -> str | None:
    return f"{_text(usb / 'idVendor')}:{_text(usb / 'idProduct')}".lower() if usb else None


def _usb_folder(device: Path) -> Path | None:
    try:
        folder = device.resolve(strict=True)
    except OSError:
        return None
    for candidate in [folder, *folder.parents][:_MAX_DEPTH]:
        if _text(candidate / "idVendor") and _text(candidate / "idProduct"):
            return candidate
    return None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
