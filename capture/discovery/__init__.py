"""Which cameras there are, what they can, and who may open them. No picture is asked for.

devices   video nodes by what is behind them: USB ids, serial numbers, links of udev
modes     what a node offers, by the kernel's own list: never by trying
holders   which programs hold a node
cameras   all of it as one description a camera, and the lines of configuration for it
"""

from capture.discovery.cameras import FoundCamera, find_cameras, pair_of
from capture.discovery.devices import SYSFS, VideoDevice, find_usb, lasting_name, list_devices
from capture.discovery.holders import holders
from capture.discovery.modes import Mode, list_modes

__all__ = [
    "SYSFS",
    "FoundCamera",
    "Mode",
    "VideoDevice",
    "find_cameras",
    "find_usb",
    "holders",
    "lasting_name",
    "list_devices",
    "list_modes",
    "pair_of",
]
