"""A kernel's view of video devices made of files, and its list of modes: no device is needed."""

import ctypes
import errno
import os
import struct
from pathlib import Path

Modes = dict[str, dict[tuple[int, int], list[int]]]
"""fourcc -> (width, height) -> frames a second."""


class FakeKernel:
    """Folders as /sys/class/video4linux, /dev and /proc have them, below one folder.

    Attributes:
        sysfs, dev, proc, usb: those folders.
        asked: (node, request, what the kernel was given, bytes behind its pointer), of each request
            that is no list of modes.
        unit_bytes: length of the controls of extension units; another one is an error.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self.sysfs, self.dev, self.proc = root / "sysfs", root / "dev", root / "proc"
        self.usb = root / "usb"
        links = self.dev / "v4l"
        for folder in (self.sysfs, links / "by-id", links / "by-path", self.proc, self.usb):
            folder.mkdir(parents=True)
        self._modes: dict[str, Modes] = {}
        self.asked: list[tuple[str, int, bytes, bytes]] = []
        self.unit_bytes = 1

    def plug(
        self,
        number: int,
        name: str,
        usb_id: str | None = None,
        *,
        modes: Modes | None = None,
        port: str = "1-1",
        index: int = 0,
        serial: str = "",
        by_id: str = "",
        by_path: str = "",
    ) -> Path:
        """Connects a camera; returns its node."""
        entry = self.sysfs / f"video{number}"
        entry.mkdir()
        (entry / "name").write_text(f"{name}\n")
        (entry / "index").write_text(f"{index}\n")
        if usb_id is not None:
            usb = self._root / "devices" / f"{number}" / port
            interface = usb / f"{port}:1.{index}"
            interface.mkdir(parents=True)
            vendor, product = usb_id.split(":")
            (usb / "idVendor").write_text(f"{vendor}\n")
            (usb / "idProduct").write_text(f"{product}\n")
            if serial:
                (usb / "serial").write_text(f"{serial}\n")
            (entry / "device").symlink_to(interface)
        node = self.dev / f"video{number}"
        node.touch()
        for kind, link in (("by-id", by_id), ("by-path", by_path)):
            if link:
                (self.dev / "v4l" / kind / link).symlink_to(node)
        self._modes[str(node)] = {} if modes is None else modes
        return node

    def plug_without_video(self, port: str, usb_id: str) -> None:
        """Connects a USB device that is no camera to the kernel."""
        folder = self.usb / port
        folder.mkdir()
        for name, text in zip(("idVendor", "idProduct"), usb_id.split(":"), strict=True):
            (folder / name).write_text(f"{text}\n")

    def unplug(self, number: int) -> None:
        """Takes a camera away, its node and its links with it."""
        import shutil

        node = self.dev / f"video{number}"
        for link in (self.dev / "v4l").glob("by-*/*"):
            if link.resolve() == node.resolve():
                link.unlink()
        node.unlink()
        shutil.rmtree(self.sysfs / f"video{number}")
        shutil.rmtree(self._root / "devices" / f"{number}", ignore_errors=True)

    def hold(self, number: int, program: str, pid: int) -> None:
        """Lets another program have a camera's node open."""
        process = self.proc / f"{pid}"
        (process / "fd").mkdir(parents=True)
        (process / "comm").write_text(f"{program}\n")
        (process / "fd" / "3").symlink_to(self.dev / f"video{number}")

    def ioctl(self, handle: int, request: int, entry: bytearray | bytes) -> int:
        """Lists what a node offers, and takes controls; any other request is an error."""
        node = Path(f"/proc/self/fd/{handle}").resolve()
        if request >> 8 & 0xFF == ord("u") or request & 0xFF == 28:
            return self._control(str(node), request, bytes(entry))
        assert isinstance(entry, bytearray)
        modes = self._modes[str(node)]
        number = request & 0xFF
        if number == 0:
            struct.pack_into("<II", entry, 84, 0x80000001, 1 if modes else 0x00800000)
            return 0
        index = struct.unpack_from("<I", entry)[0]
        fourccs = list(modes)
        try:
            if number == 2:
                entry[44:48] = fourccs[index].encode()
            elif number == 74:
                size = list(modes[bytes(entry[4:8]).decode()])[index]
                struct.pack_into("<3I", entry, 8, 1, *size)
            elif number == 75:
                size = struct.unpack_from("<2I", entry, 8)
                rate = modes[bytes(entry[4:8]).decode()][size][index]
                struct.pack_into("<3I", entry, 16, 1, 1, rate)
            else:
                raise AssertionError(f"request {number} would touch the stream")
        except IndexError:
            raise OSError(22, "end of the list") from None
        return 0

    def _control(self, node: str, request: int, entry: bytes) -> int:
        behind = b""
        if request >> 8 & 0xFF == ord("u"):
            query, size = entry[2], int.from_bytes(entry[4:6], "little")
            address = int.from_bytes(entry[8:16], "little")
            if query == 0x85:  # GET_LEN
                ctypes.memmove(address, self.unit_bytes.to_bytes(2, "little"), 2)
            behind = ctypes.string_at(address, size)
            self.asked.append((node, request, entry, behind))
            if query == 0x01 and size != self.unit_bytes:
                raise OSError(errno.ENOBUFS, os.strerror(errno.ENOBUFS))
            return 0
        self.asked.append((node, request, entry, behind))
        return 0


WEBCAM: Modes = {"MJPG": {(1280, 720): [30], (640, 480): [30, 15]}, "YUYV": {(640, 480): [30]}}
TC001: Modes = {"YUYV": {(256, 192): [25], (256, 384): [25]}}
LEPTON: Modes = {"Y16 ": {(160, 120): [9], (160, 122): [9]}, "UYVY": {(160, 120): [9]}}
