"""What a video node offers, by the kernel's own list (VIDIOC_ENUM_FMT and kin).

Trying sizes one after another would open modes that a camera does not have, of which some thermal
cameras lose their synchronisation; listing them does not touch the stream, so that it also works
while another program uses the camera.
"""

import os
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

Ioctl = Callable[[int, int, Any], Any]

_WRITE_READ, _READ = 3, 2
_QUERYCAP = _READ << 30 | 104 << 16 | ord("V") << 8 | 0
_ENUM_FMT = _WRITE_READ << 30 | 64 << 16 | ord("V") << 8 | 2
_ENUM_FRAMESIZES = _WRITE_READ << 30 | 44 << 16 | ord("V") << 8 | 74
_ENUM_FRAMEINTERVALS = _WRITE_READ << 30 | 52 << 16 | ord("V") << 8 | 75

_CAPTURE = 1  # of V4L2_CAP_... and of V4L2_BUF_TYPE_...
_HAS_DEVICE_CAPS = 0x80000000
_DISCRETE = 1
_MOST = 256  # of any list: a driver that never ends one is broken


class Mode(NamedTuple):
    """One picture that a camera offers.

    Attributes:
        fourcc: as `YUYV`, `MJPG`, `Y16 `.
        width: pixels.
        height: pixels, rows of telemetry included.
        rates_hz: frames a second that it can have; empty where the driver does not list them.
    """

    fourcc: str
    width: int
    height: int
    rates_hz: tuple[float, ...] = ()

    def __str__(self) -> str:
        rates = "/".join(f"{rate:g}" for rate in self.rates_hz)
        return f"{self.fourcc.strip()} {self.width}x{self.height}" + (
            f" {rates} Hz" if rates else ""
        )


def list_modes(node: Path, ioctl: Ioctl | None = None) -> tuple[Mode, ...]:
    """What a node offers; nothing where it carries no pictures.

    Args:
        node: as `/dev/video0`.
        ioctl: the system call, as `fcntl.ioctl` has it.

    Raises:
        OSError: it may not be opened, or is no video node.
    """
    if ioctl is None:
        import fcntl  # of Unix alone

        ioctl = fcntl.ioctl
    handle = os.open(node, os.O_RDWR | os.O_NONBLOCK)
    try:
        capability = bytearray(104)
        ioctl(handle, _QUERYCAP, capability)
        all_caps, own_caps = struct.unpack_from("<II", capability, 84)
        if not (own_caps if all_caps & _HAS_DEVICE_CAPS else all_caps) & _CAPTURE:
            return ()
        return tuple(
            Mode(fourcc, *size, _rates(handle, fourcc, size, ioctl))
            for fourcc in _formats(handle, ioctl)
            for size in _sizes(handle, fourcc, ioctl)
        )
    finally:
        os.close(handle)


def _formats(handle: int, ioctl: Ioctl) -> list[str]:
    found = []
    for index in range(_MOST):
        entry = bytearray(struct.pack("<II", index, _CAPTURE).ljust(64, b"\0"))
        if not _next(handle, _ENUM_FMT, entry, ioctl):
            break
        found.append(entry[44:48].decode("ascii", errors="replace"))
    return found


def _sizes(handle: int, fourcc: str, ioctl: Ioctl) -> list[tuple[int, int]]:
    """Those that are listed one by one; of a range, its ends."""
    found = []
    for index in range(_MOST):
        entry = bytearray(struct.pack("<I4s", index, _code(fourcc)).ljust(44, b"\0"))
        if not _next(handle, _ENUM_FRAMESIZES, entry, ioctl):
            break
        kind = struct.unpack_from("<I", entry, 8)[0]
        if kind != _DISCRETE:
            low_w, high_w, _, low_h, high_h, _ = struct.unpack_from("<6I", entry, 12)
            return [(low_w, low_h), (high_w, high_h)]
        found.append(struct.unpack_from("<2I", entry, 12))
    return found


def _rates(handle: int, fourcc: str, size: tuple[int, int], ioctl: Ioctl) -> tuple[float, ...]:
    found = []
    for index in range(_MOST):
        entry = bytearray(struct.pack("<I4sII", index, _code(fourcc), *size).ljust(52, b"\0"))
        if not _next(handle, _ENUM_FRAMEINTERVALS, entry, ioctl):
            break
        kind, numerator, denominator = struct.unpack_from("<III", entry, 16)
        if kind != _DISCRETE or not numerator:
            break
        found.append(round(denominator / numerator, 2))
    return tuple(found)


def _next(handle: int, request: int, entry: bytearray, ioctl: Ioctl) -> bool:
    """Fills the next entry of a list; False at its end, which the kernel tells by an error."""
    try:
        ioctl(handle, request, entry)
    except OSError:
        return False
    return True


def _code(fourcc: str) -> bytes:
    return fourcc.encode("ascii", errors="replace")[:4]
