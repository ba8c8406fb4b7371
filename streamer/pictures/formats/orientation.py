"""How a camera was held: the orientation that EXIF, PNG, WebP and TIFF state."""

import struct
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

_PNG, _JPEG, _RIFF = b"\x89PNG\r\n\x1a\n", b"\xff\xd8", b"RIFF"
_EXIF = b"Exif\0\0"
_TAG, _SHORT = 0x0112, 3
_ORDERS = {b"II*\0": "<", b"MM\0*": ">"}


def orientation_of(data: bytes) -> int:
    """1 to 8 as EXIF counts them; 1, upright, where the file says nothing sensible."""
    for block in exif_blocks(data):
        try:
            return _of_tiff(block)
        except (struct.error, ValueError):
            continue
    return 1


def turned(pixels: NDArray[Any], orientation: int) -> NDArray[Any]:
    """A stored picture, (H, W) or (H, W, C), as it is to be looked at."""
    match orientation:
        case 2:
            pixels = pixels[:, ::-1]
        case 3:
            pixels = pixels[::-1, ::-1]
        case 4:
            pixels = pixels[::-1]
        case 5:
            pixels = pixels.swapaxes(0, 1)
        case 6:
            pixels = pixels.swapaxes(0, 1)[:, ::-1]
        case 7:
            pixels = pixels.swapaxes(0, 1)[::-1, ::-1]
        case 8:
            pixels = pixels.swapaxes(0, 1)[::-1]
        case _:
            return pixels
    return np.ascontiguousarray(pixels)


def jpeg_segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(marker, content) of each segment before the picture itself."""
    position = 2
    while data.startswith(_JPEG) and position + 4 <= len(data) and data[position] == 0xFF:
        marker = data[position + 1]
        if marker == 0xFF:  # a fill byte
            position += 1
            continue
        length = int.from_bytes(data[position + 2 : position + 4])
        if marker == 0xDA or length < 2:
            return
        yield marker, data[position + 4 : position + 2 + length]
        position += 2 + length


def exif_blocks(data: bytes) -> Iterator[bytes]:
    """What a JPEG, PNG or WebP has of EXIF, from its byte order on."""
    if data.startswith(_JPEG):
        for marker, content in jpeg_segments(data):
            if marker == 0xE1 and content.startswith(_EXIF):
                yield content[len(_EXIF) :]
    elif data.startswith(_PNG):
        for kind, content in png_chunks(data):
            if kind == b"eXIf":
                yield content
    elif data.startswith(_RIFF):
        position = 12
        while position + 8 <= len(data):
            kind = data[position : position + 4]
            length = int.from_bytes(data[position + 4 : position + 8], "little")
            if kind == b"EXIF":
                yield data[position + 8 : position + 8 + length].removeprefix(_EXIF)
            position += 8 + length + length % 2


def png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(kind, content) of each chunk but the picture itself."""
    position = len(_PNG)
    while position + 8 <= len(data):
        length = int.from_bytes(data[position : position + 4])
        kind = data[position + 4 : position + 8]
        if kind != b"IDAT":
            yield kind, data[position + 8 : position + 8 + length]
        position += 12 + length


def exif_entries(
    block: bytes, at: int | None = None
) -> tuple[str, dict[int, tuple[int, int, int]]]:
    """The byte order of a block, and of a directory: tag -> type, count, where its value stands.

    Args:
        block: as `exif_blocks` gives it.
        at: where the directory is; the first one by default.

    Raises:
        struct.error: it is cut off.
        ValueError: it is no such block.
    """
    order = _ORDERS.get(block[:4])
    if order is None:
        raise ValueError("no EXIF")
    if at is None:
        (at,) = struct.unpack_from(order + "I", block, 4)
    (entries,) = struct.unpack_from(order + "H", block, at)
    found = {}
    for entry in range(at + 2, at + 2 + 12 * entries, 12):
        tag, kind, count = struct.unpack_from(order + "HHI", block, entry)
        found[tag] = kind, count, entry + 8
    return order, found


def _of_tiff(block: bytes) -> int:
    order, entries = exif_entries(block)
    kind, _, at = entries.get(_TAG, (0, 0, 0))
    if kind != _SHORT:
        return 1
    (value,) = struct.unpack_from(order + "H", block, at)
    return value if 1 <= value <= 8 else 1
