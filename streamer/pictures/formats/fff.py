"""FLIR's FFF: blocks of records, one a picture; a SEQ or CSQ file is such blocks one after another.

By the layout that ExifTool, GDAL and flirpy have published. Raw counts lie in a block as they are,
as PNG (in most cameras' files with their bytes exchanged), or as JPEG-LS: that is CSQ, and takes
the library imagecodecs, the extra `csq` of this package (BSD).
"""

import importlib
from dataclasses import dataclass
from functools import lru_cache
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from streamer.image_header import MAX_PIXELS
from streamer.pictures.errors import Cause, PictureError

MAGIC = (b"FFF\0", b"AFF\0")
SUFFIXES = (".seq", ".csq", ".fff")

RAW_DATA, CAMERA_INFO = 1, 32
"""Types of records."""

Order = Literal["little", "big"]

_HEAD_BYTES, _ENTRY_BYTES, _GEOMETRY_BYTES = 64, 32, 32
_MAGIC_BYTES = 4
_VERSION_AT = 20
_MOST_ENTRIES = 1000
_PNG, _JPEG_LS = b"\x89PNG\r\n\x1a\n", (b"\xff\xd8\xff\xf7", b"\xff\xd8\xff\xe8")


@dataclass(frozen=True, slots=True)
class Block:
    """Where one picture's records lie.

    Attributes:
        records: (type, offset in the file, length) of each.
        end: where the next block, or the end of the file, is.
    """

    records: tuple[tuple[int, int, int], ...]
    end: int

    def record(self, kind: int) -> tuple[int, int] | None:
        """Offset and length of the first record of a type."""
        return next(((at, size) for each, at, size in self.records if each == kind and size), None)


def fff_blocks(path: Path) -> tuple[Block, ...]:
    """The pictures of a file, also one that is cut off.

    Raises:
        PictureError: it holds none.
        OSError: it cannot be read.
    """
    return _blocks(path, path.stat().st_mtime_ns)


def read_record(path: Path, block: Block, kind: int) -> bytes:
    """The content of a record; empty where the block has none.

    Raises:
        PictureError: the file is cut off before its end.
        OSError: it cannot be read.
    """
    found = block.record(kind)
    if found is None:
        return b""
    at, size = found
    if at + size > block.end:
        raise PictureError(f"{path}: cut off in its record of type {kind}")
    with path.open("rb") as file:
        file.seek(at)
        return file.read(size)


def order_of(record: bytes) -> Order:
    """The byte order of a record, by the 2 that it begins with."""
    return "big" if record[:1] == b"\0" else "little"


def raw_counts(path: Path, block: Block) -> NDArray[np.uint16]:
    """(H, W), every bit of the sensor's counts.

    Raises:
        PictureError: they are damaged, of another kind, or JPEG-LS without imagecodecs.
        OSError: the file cannot be read.
    """
    record = read_record(path, block, RAW_DATA)
    order = order_of(record)
    width, height = (int.from_bytes(record[at : at + 2], order) for at in (2, 4))
    data = record[_GEOMETRY_BYTES:]
    if not 0 < width * height <= MAX_PIXELS:
        raise PictureError(f"{path}: a raw picture of {width}x{height} pixels")
    if data.startswith(_PNG):
        counts = _of_png(path, data)
    elif data.startswith(_JPEG_LS):
        counts = _of_jpeg_ls(path, data)
    elif len(data) >= 2 * width * height:
        kind = np.dtype(np.uint16).newbyteorder(order)
        counts = np.frombuffer(data, kind, width * height).reshape(height, width)
    else:
        raise PictureError(
            f"{path}: {len(data)} bytes of raw data are no {width}x{height} counts of 16 bits",
            Cause.FORMAT,
        )
    if counts.shape != (height, width):
        raise PictureError(
            f"{path}: {counts.shape[1]}x{counts.shape[0]} counts, not {width}x{height}"
        )
    return np.ascontiguousarray(counts, np.uint16)


def _of_png(path: Path, data: bytes) -> NDArray[np.uint16]:
    decoded: Any = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if decoded is None or decoded.dtype != np.uint16 or decoded.ndim != 2:
        raise PictureError(f"{path}: its raw PNG is damaged, or not of 16 bits", Cause.FORMAT)
    return min(decoded.byteswap(), decoded, key=_roughness)  # exchanged, where both are as likely


def _roughness(counts: NDArray[np.uint16]) -> float:
    """With its bytes exchanged a picture of heat is noise."""
    return float(np.abs(np.diff(counts.astype(np.float32), axis=1)).mean()) if counts.size else 0.0


def _of_jpeg_ls(path: Path, data: bytes) -> NDArray[np.uint16]:
    try:
        imagecodecs: Any = importlib.import_module("imagecodecs")
    except ModuleNotFoundError as error:
        raise PictureError(
            f"{path}: its pictures are JPEG-LS, which needs the library imagecodecs: "
            "pip install 'corefusion-live[csq]'",
            Cause.NOT_READ,
        ) from error
    try:
        counts = np.asarray(imagecodecs.jpegls_decode(data))
    except Exception as error:  # whatever a decoder of foreign files may meet
        raise PictureError(f"{path}: imagecodecs cannot read it: {error}") from error
    if counts.dtype != np.uint16 or counts.ndim != 2:
        raise PictureError(f"{path}: its JPEG-LS is not of 16 bits", Cause.FORMAT)
    return counts


@lru_cache(maxsize=4)
def _blocks(path: Path, changed_ns: int) -> tuple[Block, ...]:
    found = []
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
        at: int | None = 0
        while at is not None:
            records = _records_at(data, at)
            end = max([at + _HEAD_BYTES, *(where + size for _, where, size in records)])
            after = _next_block(data, at + _HEAD_BYTES, end)
            if any(kind == RAW_DATA for kind, _, _ in records):
                found.append(Block(records, len(data) if after is None else after))
            at = after
    if not found:
        raise PictureError(f"{path}: no raw thermal record in it", Cause.NOT_RADIOMETRIC)
    return tuple(found)


def _records_at(data: mmap, at: int) -> tuple[tuple[int, int, int], ...]:
    """Type, offset and length of the records of a block."""
    head = data[at : at + _HEAD_BYTES]
    order: Order = "big" if head[_VERSION_AT + 3 :][:1] != b"\0" else "little"
    start, count = (int.from_bytes(head[where : where + 4], order) for where in (24, 28))
    start += at
    directory = data[start : start + min(count, _MOST_ENTRIES) * _ENTRY_BYTES]
    records = []
    for entry in range(0, len(directory) - _ENTRY_BYTES + 1, _ENTRY_BYTES):
        kind = int.from_bytes(directory[entry : entry + 2], order)
        offset, size = (
            int.from_bytes(directory[entry + where : entry + where + 4], order)
            for where in (12, 16)
        )
        if kind:
            records.append((kind, at + offset, size))
    return tuple(records)


def _next_block(data: mmap, at: int, end: int) -> int | None:
    """Where the next one begins.

    Within the present one (up to `end`) where that is cut off: there the four letters alone may be
    counts by chance, and the version tells.
    """
    while at < len(data):
        at = data.find(data[:_MAGIC_BYTES], at)
        if at < 0:
            return None
        version = data[at + _VERSION_AT : at + _VERSION_AT + 4]
        if at >= end or (any(version) and sorted(version)[:3] == [0, 0, 0]):
            return at
        at += 1
    return None
