"""What an image file claims to be, read before a decoder makes room for it."""

import re
import struct
from pathlib import Path

MAX_PIXELS = 100_000_000
"""Of a picture that is decoded: 300 MB in colour."""

MAX_FILE_BYTES = 2**29
"""Of an image file that is read."""

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8"
_BMP = b"BM"
_TIFF = {b"II*\0": "<", b"MM\0*": ">", b"II+\0": "<", b"MM\0+": ">"}  # with + it is a BigTIFF
_WEBP = re.compile(rb"RIFF....WEBP", re.DOTALL)
_PNM = re.compile(rb"P[1-6]" + 2 * rb"(?:\s|#[^\n]*\n)+(\d+)")  # comments may stand between
_JPEG_FRAME = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # markers whose segment tells the size
_LONGEST_PNM_HEAD = 2**12
_TIFF_WIDTH, _TIFF_HEIGHT = 256, 257
_TIFF_TYPES = {3: "H", 4: "I", 16: "Q"}


def read_image_file(path: Path) -> bytes:
    """The content of an image file whose picture may be decoded.

    Raises:
        ValueError: it is no regular file, too large, or `image_size` refuses it.
        OSError: it cannot be read.
    """
    data = read_within_limit(path)
    image_size(data)
    return data


def read_within_limit(path: Path) -> bytes:
    """The content of a file that may be an image.

    Raises:
        ValueError: it is no regular file, or too large.
        OSError: it cannot be read.
    """
    if not path.is_file():
        raise ValueError("a regular file wanted")
    if (size := path.stat().st_size) > MAX_FILE_BYTES:
        raise ValueError(
            f"a file of {MAX_FILE_BYTES // 2**20} MiB at most wanted, {size} bytes came"
        )
    return path.read_bytes()


def image_size(data: bytes) -> tuple[int, int]:
    """(H, W) that a PNG, JPEG, BMP, TIFF, PNM or WebP claims.

    Raises:
        ValueError: it is none of these, cut off, larger than MAX_PIXELS, or a PNG with a chunk
            longer than itself (the decoder makes room for what it claims, up to 2 GB).
    """
    try:
        size = _claimed_size(data)
    except struct.error:
        size = None
    if size is None:
        raise ValueError("no PNG, JPEG, BMP, TIFF, PNM or WebP that is whole")
    height, width = size
    if height * width > MAX_PIXELS:
        raise ValueError(f"{MAX_PIXELS // 10**6} megapixels at most wanted, {width}x{height} came")
    if data.startswith(_PNG):
        _check_chunks(data)
    return size


def _claimed_size(data: bytes) -> tuple[int, int] | None:
    if data.startswith(_PNG):
        width, height = struct.unpack_from(">II", data, 16)
        return height, width
    if data.startswith(_JPEG):
        return _jpeg_size(data)
    if data.startswith(_BMP):
        old = struct.unpack_from("<I", data, 14)[0] == 12
        width, height = struct.unpack_from("<HH" if old else "<ii", data, 18)
        return abs(height), abs(width)  # negative: from the top down
    if (pnm := _PNM.match(data[:_LONGEST_PNM_HEAD])) is not None:
        return int(pnm[2][:10]), int(pnm[1][:10])
    if _WEBP.match(data) is not None:
        return _webp_size(data)
    order = _TIFF.get(data[:4])
    return None if order is None else _tiff_size(data, order, big=b"+" in data[:4])


def _webp_size(data: bytes) -> tuple[int, int] | None:
    kind, content = data[12:16], data[20:30]
    if len(content) < 10:
        return None
    if kind == b"VP8X":
        width, height = (int.from_bytes(content[at : at + 3], "little") for at in (4, 7))
        return height + 1, width + 1
    if kind == b"VP8L":
        bits = int.from_bytes(content[1:5], "little")
        return (bits >> 14 & 0x3FFF) + 1, (bits & 0x3FFF) + 1
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", content, 6)
        return height & 0x3FFF, width & 0x3FFF
    return None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    position = 2
    while position < len(data):
        marker = data[position + 1] if position + 1 < len(data) else 0
        if marker == 0xFF:  # a fill byte
            position += 1
            continue
        (length,) = struct.unpack_from(">H", data, position + 2)
        if marker in _JPEG_FRAME:
            height, width = struct.unpack_from(">HH", data, position + 5)
            return height, width
        position += 2 + length
    return None


def _tiff_size(data: bytes, order: str, *, big: bool) -> tuple[int, int] | None:
    """Of the first picture in it, as it is the one that is decoded."""
    (directory,) = struct.unpack_from(order + ("Q" if big else "I"), data, 8 if big else 4)
    (entries,) = struct.unpack_from(order + ("Q" if big else "H"), data, min(directory, len(data)))
    start, step, value = (directory + 8, 20, 12) if big else (directory + 2, 12, 8)
    sides: dict[int, int] = {}
    for entry in range(start, min(start + entries * step, len(data)), step):
        tag, kind = struct.unpack_from(order + "HH", data, entry)
        if tag in (_TIFF_WIDTH, _TIFF_HEIGHT) and kind in _TIFF_TYPES:
            (side,) = struct.unpack_from(order + _TIFF_TYPES[kind], data, entry + value)
            sides[tag] = max(side, sides.get(tag, 0))  # whichever of two a decoder believes
    if len(sides) < 2:
        return None
    return sides[_TIFF_HEIGHT], sides[_TIFF_WIDTH]


def _check_chunks(data: bytes) -> None:
    position = len(_PNG)
    while position < len(data):
        length = int.from_bytes(data[position : position + 4])
        position += 12 + length  # with its length, kind and checksum
        if position > len(data):
            raise ValueError(f"a chunk of {length} bytes in a picture of {len(data)}")
