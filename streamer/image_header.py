"""What an image file claims to be, read before a decoder makes room for it."""

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
_JPEG_FRAME = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # markers whose segment tells the size
_TIFF_WIDTH, _TIFF_HEIGHT = 256, 257
_TIFF_TYPES = {3: "H", 4: "I", 16: "Q"}


def read_image_file(path: Path) -> bytes:
    """The content of an image file whose picture may be decoded.

    Raises:
        ValueError: it is no regular file, too large, or `image_size` refuses it.
        OSError: it cannot be read.
    """
    if not path.is_file():
        raise ValueError("a regular file wanted")
    if (size := path.stat().st_size) > MAX_FILE_BYTES:
        raise ValueError(
            f"a file of {MAX_FILE_BYTES // 2**20} MiB at most wanted, {size} bytes came"
        )
    data = path.read_bytes()
    image_size(data)
    return data


def image_size(data: bytes) -> tuple[int, int]:
    """(H, W) that a PNG, JPEG, BMP or TIFF claims.

    Raises:
        ValueError: it is none of these, cut off, larger than MAX_PIXELS, or a PNG with a chunk
            longer than itself (the decoder makes room for what it claims, up to 2 GB).
    """
    try:
        size = _claimed_size(data)
    except struct.error:
        size = None
    if size is None:
        raise ValueError("no PNG, JPEG, BMP or TIFF that is whole")
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
    order = _TIFF.get(data[:4])
    return None if order is None else _tiff_size(data, order, big=b"+" in data[:4])


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
