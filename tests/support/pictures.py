"""Picture files as other people's cameras and programs write them, made on the spot."""

import struct
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[Any]


def write(path: Path, pixels: Pixels) -> Path:
    """A picture by its suffix, through OpenCV."""
    path.parent.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(path), pixels)
    return path


def ramp(dtype: type = np.uint16, height: int = 24, width: int = 32, low: int = 0) -> Pixels:
    """Counts that all differ as far as their type allows."""
    return (low + np.arange(height * width).reshape(height, width)).astype(dtype)


def flat(level: int, height: int = 48, width: int = 64) -> NDArray[np.uint8]:
    """A visible picture of one grey: its level says which one it is."""
    return np.full((height, width, 3), level, np.uint8)


def coloured(seed: int = 0, height: int = 24, width: int = 32) -> NDArray[np.uint8]:
    """Heat in false colours."""
    levels = np.random.default_rng(seed).integers(0, 255, (height, width), np.uint8)
    return np.asarray(cv2.applyColorMap(levels, cv2.COLORMAP_INFERNO), np.uint8)


def segment(marker: int, content: bytes) -> bytes:
    """One segment of a JPEG."""
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(content) + 2) + content


def jpeg(*segments: bytes, pixels: Pixels | None = None, behind: bytes = b"") -> bytes:
    """A JPEG with segments of a maker's in front of the picture, and bytes behind it."""
    done, data = cv2.imencode(".jpg", flat(90, 24, 32) if pixels is None else pixels)
    assert done
    return b"\xff\xd8" + b"".join(segments) + data.tobytes()[2:] + behind


def exif(orientation: int = 1, make: bytes = b"") -> bytes:
    """EXIF, big-endian, with an orientation and perhaps a maker; without the word in front."""
    entries = [struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0)]
    if make:
        entries.insert(0, struct.pack(">HHII", 0x010F, 2, len(make), 8 + 2 + 12 * 2 + 4))
    head = b"MM\0*" + struct.pack(">IH", 8, len(entries)) + b"".join(entries) + bytes(4)
    return head + make


def dated(
    text: str, *, fraction: str = "", offset: str = "", order: str = ">", original: bool = True
) -> bytes:
    """EXIF with when a picture was taken; without the word in front."""
    texts = [(0x9003, text), (0x9011, offset), (0x9291, fraction)]
    texts = [(tag, word.encode() + b"\0") for tag, word in texts if word]
    if not original:
        texts = [(0x0132, text.encode() + b"\0")]
    first = 8 if not original else 8 + 2 + 12 + 4
    values, entries = b"", b""
    after = first + 2 + 12 * len(texts) + 4
    for tag, word in texts:
        entries += struct.pack(f"{order}HHI", tag, 2, len(word))
        if len(word) <= 4:
            entries += word.ljust(4, b"\0")
        else:
            entries += struct.pack(f"{order}I", after + len(values))
            values += word
    head = (b"MM\0*" if order == ">" else b"II*\0") + struct.pack(f"{order}I", 8)
    if original:
        head += struct.pack(f"{order}HHHII", 1, 0x8769, 4, 1, first) + bytes(4)
    return head + struct.pack(f"{order}H", len(texts)) + entries + bytes(4) + values


def png_with(pixels: Pixels, kind: bytes, content: bytes) -> bytes:
    """A PNG with one more chunk behind its head."""
    import zlib

    done, data = cv2.imencode(".png", pixels)
    assert done
    encoded = data.tobytes()
    chunk = kind + content
    made = struct.pack(">I", len(content)) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return encoded[:33] + made + encoded[33:]


def palette_png(indices: NDArray[np.uint8], entries: NDArray[np.uint8]) -> bytes:
    """An indexed PNG, (H, W) of indices and (N, 3) of red, green, blue."""
    import zlib

    def chunk(kind: bytes, content: bytes) -> bytes:
        data = kind + content
        return struct.pack(">I", len(content)) + data + struct.pack(">I", zlib.crc32(data))

    height, width = indices.shape
    rows = b"".join(b"\0" + row.tobytes() for row in indices)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (
            chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            chunk(b"PLTE", entries.astype(np.uint8).tobytes()),
            chunk(b"IDAT", zlib.compress(rows)),
            chunk(b"IEND", b""),
        )
    )


def flir_jpeg(record: bool = True) -> bytes:
    """A JPEG with FLIR's segment, whose directory lists raw data or not."""
    entry = struct.pack(">HHIIII", 1 if record else 32, 1, 100, 1, 96, 0) + bytes(12)
    head = b"FFF\0" + bytes(16) + struct.pack(">III", 100, 64, 1) + bytes(32)
    return jpeg(segment(0xE1, b"FLIR\0\x01\0\0" + head[:64] + entry))


PLANCK = (21106.77, 1501.0, 1.0, -7340, 0.012545258)
"""R1, B, F, O and R2 of a FLIR camera."""


def fff_block(
    counts: NDArray[np.uint16],
    *,
    payload: bytes | None = None,
    order: str = "<",
    emissivity: float = 1.0,
    distance_m: float = 0.0,
    window: float = 1.0,
    camera: bool = True,
    taken: tuple[int, int] = (0, 0),
) -> bytes:
    """A block of a FLIR SEQ file: its directory, the raw counts, and how they become kelvin.

    `taken` is when, in seconds since 1970 and thousandths.
    """
    rows, columns = counts.shape
    raw = struct.pack(f"{order}HHH", 2, columns, rows).ljust(32, b"\0")
    raw += counts.astype(f"{order}u2").tobytes() if payload is None else payload
    info = bytearray(0x400)
    r1, b, f, o, r2 = PLANCK
    air = (0.006569, 0.01262, -0.002276, -0.00667, 1.9)
    struct.pack_into(f"{order}H", info, 0, 2)
    struct.pack_into(
        f"{order}6f", info, 0x20, emissivity, distance_m, 293.15, 288.15, 295.15, window
    )
    struct.pack_into(f"{order}f", info, 0x3C, 0.5)
    struct.pack_into(f"{order}3f", info, 0x58, r1, b, f)
    struct.pack_into(f"{order}5f", info, 0x70, *air)
    struct.pack_into(f"{order}if", info, 0x308, o, r2)
    struct.pack_into(f"{order}II", info, 0x384, *taken)
    records = [(1, raw), *([(32, bytes(info))] if camera else [])]
    at = 64 + 32 * len(records)
    head = b"FFF\0" + b"RTP".ljust(16, b"\0") + struct.pack(">III", 100, 64, len(records))
    entries = b""
    for kind, content in records:
        entries += struct.pack(">HHIIII", kind, 2, 100, 1, at, len(content)).ljust(32, b"\0")
        at += len(content)
    return head.ljust(64, b"\0") + entries + b"".join(content for _, content in records)
