"""Pictures of a recording: pixels to Foxglove's RawImage or CompressedImage, and back.

Which codec (480x640 at 2 cores of an EPYC, one thread; milliseconds and KiB per frame):

| pixels                  | raw in zstd-1 | raw in zstd-3 | PNG, RLE      | JPEG 90    |
|-------------------------|---------------|---------------|---------------|------------|
| super-resolved, 16 bit  | 1.4 ms, 372   | 2.6 ms, 321   | 6.9 ms, 222   |            |
| super-resolved, 8 bit   | 0.6 ms, 111   | 0.8 ms, 101   | 3.1 ms, 61    |            |
| thermal 160x120, 16 bit | 0.04 ms, 29   | 0.14 ms, 27   | 0.46 ms, 19   |            |
| visible, BGR            | 1.4 ms, 728   | 3.2 ms, 703   | 11.5 ms, 451  | 0.6 ms, 73 |

So counts are PNG by default (30 to 40 % smaller than zstd-3 makes them) and the visible is JPEG;
`raw` is for machines whose disk is larger than their processor.
"""

import math
import struct
from typing import Any

import cv2
import numpy as np
from foxglove_schemas_protobuf.CompressedImage_pb2 import CompressedImage
from foxglove_schemas_protobuf.RawImage_pb2 import RawImage
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from numpy.typing import NDArray

from streamer.config.recording import Codec, Codecs
from streamer.messages import PixelFormat

RAW_IMAGE: str = RawImage.DESCRIPTOR.full_name
COMPRESSED_IMAGE: str = CompressedImage.DESCRIPTOR.full_name
_RAW_ENCODING = {
    PixelFormat.BGR8: "bgr8",
    PixelFormat.MONO8: "mono8",
    PixelFormat.MONO16: "mono16",
}
_PNG: tuple[int, ...] = (
    cv2.IMWRITE_PNG_COMPRESSION,
    1,
    cv2.IMWRITE_PNG_STRATEGY,
    cv2.IMWRITE_PNG_STRATEGY_RLE,
)
_PNG_HEAD = b"\x89PNG\r\n\x1a\n"
_PNG_SIZE = struct.Struct(">II")  # at byte 16
_JPEG_FRAME = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # markers whose segment tells the size


def to_image(
    pixels: NDArray[Any], pixel_format: PixelFormat, frame_id: str, stamp_ns: int, codecs: Codecs
) -> tuple[str, bytes]:
    """Stores pixels; returns the name of the schema and the serialised message.

    Args:
        pixels: (H, W, 3) or (H, W), as `pixel_format` says.
        pixel_format: what they are.
        frame_id: the stream.
        stamp_ns: capture time, nanoseconds since 1970.
        codecs: how to store them.
    """
    codec = codecs.of(frame_id)
    if codec is Codec.RAW:
        raw = RawImage(
            frame_id=frame_id,
            width=pixels.shape[1],
            height=pixels.shape[0],
            encoding=_RAW_ENCODING[pixel_format],
            step=pixels[0].nbytes,
            data=pixels.tobytes(),
        )
        raw.timestamp.FromNanoseconds(stamp_ns)
        return RAW_IMAGE, raw.SerializeToString()
    suffix, options = ".png", _PNG
    if codec is Codec.JPEG:
        suffix, options = ".jpg", (cv2.IMWRITE_JPEG_QUALITY, codecs.jpeg_quality)
    done, data = cv2.imencode(suffix, pixels, options)
    if not done:
        raise ValueError(f"{frame_id}: pixels of shape {pixels.shape} do not go into {suffix}")
    image = CompressedImage(frame_id=frame_id, format=codec.value, data=data.tobytes())
    image.timestamp.FromNanoseconds(stamp_ns)
    return COMPRESSED_IMAGE, image.SerializeToString()


def from_image(schema: str, data: bytes, layout: object) -> NDArray[Any]:
    """The stored pixels, read-only.

    Args:
        schema: the name of the schema.
        data: the serialised message.
        layout: what the header says: the name of the type, then the shape.

    Raises:
        ValueError: they are damaged, or not of this layout.
    """
    match layout:
        case ["uint8" | "uint16" as name, int(height), int(width)]:
            shape: tuple[int, ...] = (height, width)
        case ["uint8" | "uint16" as name, int(height), int(width), 3]:
            shape = (height, width, 3)
        case _:
            raise ValueError(f"pixel layout {layout!r} is none of ours")
    try:
        if schema == RAW_IMAGE:
            pixels = _raw_pixels(RawImage.FromString(data).data, name, shape)
        else:
            pixels = _decoded(CompressedImage.FromString(data).data, name, shape)
    except (DecodeError, cv2.error) as error:
        raise ValueError(str(error)) from error
    pixels.flags.writeable = False
    return pixels


def _raw_pixels(data: bytes, name: str, shape: tuple[int, ...]) -> NDArray[Any]:
    if len(data) != math.prod(shape) * np.dtype(name).itemsize:
        raise ValueError(f"{len(data)} bytes of pixels for shape {shape} of {name}")
    return np.frombuffer(data, name).reshape(shape)


def _decoded(data: bytes, name: str, shape: tuple[int, ...]) -> NDArray[Any]:
    if _size_of(data) != shape[:2]:  # before the decoder makes room for what it claims
        raise ValueError(f"a picture of {_size_of(data)} for shape {shape}")
    if data.startswith(_PNG_HEAD):
        _check_chunks(data)
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if picture is None or picture.shape != shape or picture.dtype.name != name:
        raise ValueError(f"a picture that is not {name} of shape {shape}")
    return np.asarray(picture)


def _check_chunks(data: bytes) -> None:
    """The decoder makes room for what a chunk of a PNG claims, up to 2 GB, before it reads it."""
    position = len(_PNG_HEAD)
    while position < len(data):
        length = int.from_bytes(data[position : position + 4])
        position += 12 + length  # with its length, kind and checksum
        if position > len(data):
            raise ValueError(f"a chunk of {length} bytes in a picture of {len(data)}")


def _size_of(data: bytes) -> tuple[int, int] | None:
    """(H, W) that a PNG or JPEG claims; None where it claims nothing."""
    if data.startswith(_PNG_HEAD) and len(data) >= 24:
        width, height = _PNG_SIZE.unpack_from(data, 16)
        return height, width
    position = 2
    while data.startswith(b"\xff\xd8") and position + 9 <= len(data):
        marker, length = data[position + 1], int.from_bytes(data[position + 2 : position + 4])
        if marker in _JPEG_FRAME:
            height, width = struct.unpack_from(">HH", data, position + 5)
            return height, width
        position += 2 + length
    return None
