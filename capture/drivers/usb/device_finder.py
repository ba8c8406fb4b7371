"""Which video node a source means, now and after the camera was unplugged."""

import os
import re
from pathlib import Path

from capture.camera import CameraError
from capture.discovery import VideoDevice, find_usb, list_devices
from capture.formats import formats_of_usb

USB_ID = re.compile(r"[0-9a-fA-F]{4}:[0-9a-fA-F]{4}")


class DeviceFinder:
    """Finds the node of one camera. Once told which camera it is, it takes no other.

    Args:
        source: a number, a node, `vid:pid` or a name of udev's.
        thermal: whether a thermal camera is meant.
        sysfs: the folder of video nodes' descriptions.
        dev: the folder of nodes.
    """

    def __init__(self, source: str, *, thermal: bool, sysfs: Path, dev: Path) -> None:
        self._source = source
        self._thermal = thermal
        self._sysfs = sysfs
        self._dev = dev
        self._known: VideoDevice | None = None

    def find(self) -> tuple[VideoDevice, Path]:
        """The camera, and its node at this moment.

        Raises:
            CameraError: it is not there, another one has its number, it is of the other kind, or
                this user may not open it.
        """
        device = self._known_device() if self._known is not None else self._named_device()
        if not self._thermal and (layouts := formats_of_usb(device.usb_id)) and device.usb_id:
            raise CameraError(
                f"visible source {self._source} is a thermal camera "
                f"({layouts[0].usb[device.usb_id]}): give it as --thermal"
            )
        node = self._dev / f"video{device.number}"
        if node.exists() and not os.access(node, os.R_OK | os.W_OK):
            raise CameraError(
                f"{node} may not be opened by this user (group video): corefusion cameras says "
                "what to do"
            )
        return device, node

    def remember(self, device: VideoDevice) -> None:
        """Takes note of which camera this is."""
        self._known = device

    def _known_device(self) -> VideoDevice:
        assert self._known is not None
        devices = list_devices(self._sysfs)
        same = self._known.same_among(devices)
        if same is None and self._known.usb_id is None and not devices:
            return self._known  # sysfs is not mounted: the number is all there is
        if same is None:
            raise CameraError(
                f"camera {self._source} ({self._known.name}) is unplugged; {_present(devices)}"
            )
        return same

    def _named_device(self) -> VideoDevice:
        devices = list_devices(self._sysfs)
        if USB_ID.fullmatch(self._source):
            device = find_usb(self._source, self._sysfs)
            if device is None:
                raise CameraError(f"no camera {self._source} is connected; {_present(devices)}")
            return device
        node = Path(self._source).resolve().name if "/" in self._source else self._source
        number = node.removeprefix("video")
        for device in devices:
            if str(device.number) == number:
                return device
        if number.isdigit() and (self._dev / f"video{number}").exists():
            return VideoDevice(int(number), f"/dev/video{number}", None, 0)  # sysfs is not mounted
        path = f"/dev/video{number}" if number.isdigit() else self._source
        raise CameraError(f"{path} is not there; {_present(devices)}")


def _present(devices: list[VideoDevice]) -> str:
    return "cameras here: " + (", ".join(map(str, devices)) if devices else "none")
