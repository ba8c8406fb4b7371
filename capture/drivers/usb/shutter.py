"""Asks a camera to correct itself: system calls on its node, beside the stream that is read.

Layouts of what the kernel is given: `linux/uvcvideo.h` (uvc_xu_control_query) and
`linux/videodev2.h` (v4l2_control).
"""

import ctypes
import errno
import os
import struct
from pathlib import Path

from capture.camera import CameraError
from capture.discovery.modes import Ioctl
from capture.formats.shutter_control import ExtensionUnit, ShutterControl

_QUERY = (
    "@BBBHP"  # unit, selector, request, size, address; aligned as the kernel's own compiler does
)
_CONTROL = "=Ii"  # id, value
_WRITE_READ = 3
_CTRL_QUERY = _WRITE_READ << 30 | struct.calcsize(_QUERY) << 16 | ord("u") << 8 | 0x21
_S_CTRL = _WRITE_READ << 30 | struct.calcsize(_CONTROL) << 16 | ord("V") << 8 | 28
_SET_CUR, _GET_LEN = 0x01, 0x85
_ZOOM_ABSOLUTE = 0x009A0900 + 13
_MOST_BYTES = 64


def run_correction(node: Path, control: ShutterControl, ioctl: Ioctl | None = None) -> None:
    """Asks once; the camera answers by its telemetry, if by anything.

    Args:
        node: as `/dev/video0`; another handle may be reading from it.
        control: how this camera is asked.
        ioctl: the system call, as `fcntl.ioctl` has it.

    Raises:
        CameraError: it does not take it.
    """
    if ioctl is None:
        import fcntl  # of Unix alone

        ioctl = fcntl.ioctl
    try:
        handle = os.open(node, os.O_RDWR | os.O_NONBLOCK)
        try:
            if isinstance(control, ExtensionUnit):
                _write_unit(handle, control, ioctl)
            else:
                ioctl(handle, _S_CTRL, struct.pack(_CONTROL, _ZOOM_ABSOLUTE, control.value))
        finally:
            os.close(handle)
    except OSError as error:
        raise CameraError(
            f"{node} does not take the request for a shutter correction: {error.strerror or error}"
        ) from error


def _write_unit(handle: int, control: ExtensionUnit, ioctl: Ioctl) -> None:
    try:
        _query(handle, control, _SET_CUR, ctypes.create_string_buffer(1), ioctl)
    except OSError as error:
        if error.errno != errno.ENOBUFS:  # what a kernel says where the control has another length
            raise
        length = ctypes.create_string_buffer(2)
        _query(handle, control, _GET_LEN, length, ioctl)
        size = min(max(int.from_bytes(length.raw, "little"), 1), _MOST_BYTES)
        _query(handle, control, _SET_CUR, ctypes.create_string_buffer(size), ioctl)


def _query(
    handle: int,
    control: ExtensionUnit,
    request: int,
    data: "ctypes.Array[ctypes.c_char]",
    ioctl: Ioctl,
) -> None:
    asked = struct.pack(
        _QUERY, control.unit, control.selector, request, len(data), ctypes.addressof(data)
    )
    ioctl(handle, _CTRL_QUERY, asked)
