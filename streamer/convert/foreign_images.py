"""Image messages of other programs' MCAP files: ROS 2 and Foxglove, plain and compressed.

Layouts: sensor_msgs/Image and CompressedImage in CDR, and foxglove.RawImage and CompressedImage in
protobuf or JSON (docs.foxglove.dev/docs/sdk/schemas). A picture is taken to the last bit, or
refused with its encoding named.
"""

import base64
import binascii
import struct
from typing import Any, NamedTuple

import cv2
import msgspec
import numpy as np
from foxglove_schemas_protobuf.CompressedImage_pb2 import CompressedImage
from foxglove_schemas_protobuf.RawImage_pb2 import RawImage
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from numpy.typing import NDArray

from streamer.clock import NS_PER_S
from streamer.image_header import MAX_PIXELS
from streamer.pictures.errors import Cause, PictureError
from streamer.pictures.stored import StoredPicture, is_coloured

_ROS = ("sensor_msgs/msg/Image", "sensor_msgs/msg/CompressedImage")
_FOXGLOVE = ("foxglove.RawImage", "foxglove.CompressedImage")
_RAW = (_ROS[0], _FOXGLOVE[0])
SCHEMAS = (*_ROS, *_FOXGLOVE)
"""The schemas that are read, by name."""

ENCODINGS: dict[str, tuple[str, int]] = {
    **dict.fromkeys(("mono8", "8UC1"), ("u1", 1)),
    **dict.fromkeys(("mono16", "16UC1"), ("u2", 1)),
    "16SC1": ("i2", 1),
    "32FC1": ("f4", 1),
    **dict.fromkeys(("bgr8", "8UC3", "rgb8"), ("u1", 3)),
    **dict.fromkeys(("bgra8", "rgba8", "8UC4"), ("u1", 4)),
}
"""Of plain images: the samples' type and how many a pixel has."""


class ForeignImage(NamedTuple):
    """One message: when its picture was taken, by its own word, and the message to decode.

    Attributes:
        stamp_ns: nanoseconds since 1970, or whatever its writer counts from; 0 where not said.
        width: of a plain image, pixels; 0 of a compressed one.
        height: the same.
        encoding: as `mono16`; of a compressed one its format.
        step: bytes a row.
        big_endian: of samples of several bytes.
        data: the pixels, or the compressed file.
        plain: whether it is not compressed.
    """

    stamp_ns: int
    width: int
    height: int
    encoding: str
    step: int
    big_endian: bool
    data: bytes
    plain: bool


def read_message(schema: str, encoding: str, data: bytes) -> ForeignImage:
    """Takes a message apart.

    Args:
        schema: its name, one of `SCHEMAS`.
        encoding: of messages: cdr, protobuf or json.
        data: the message.

    Raises:
        PictureError: it is damaged, or of another encoding.
    """
    plain = schema in _RAW
    try:
        if schema in _ROS and encoding == "cdr":
            return _of_cdr(data, plain)
        if schema in _FOXGLOVE and encoding == "protobuf":
            return _of_protobuf(data, plain)
        if schema in _FOXGLOVE and encoding == "json":
            return _of_json(data, plain)
    except (
        struct.error, ValueError, KeyError, TypeError, DecodeError, binascii.Error,
        msgspec.MsgspecError, RecursionError,
    ) as error:  # fmt: skip
        raise PictureError(f"{schema}: a damaged message: {error}") from error
    raise PictureError(f"{schema}: messages in {encoding or 'nothing'} are not read", Cause.FORMAT)


def picture_of(image: ForeignImage, name: str) -> StoredPicture:
    """The picture of a message, every bit of it.

    Args:
        image: as `read_message` gives it.
        name: what an error names.

    Raises:
        PictureError: its encoding is not read, or its bytes do not fit.
    """
    if not image.plain:
        found = cv2.imdecode(np.frombuffer(image.data, np.uint8), cv2.IMREAD_UNCHANGED)
        if found is None:
            raise PictureError(f"{name}: a {image.encoding or 'compressed'} that is damaged")
        return _stored(np.asarray(found), lossy=image.data.startswith(b"\xff\xd8"))
    if image.encoding not in ENCODINGS:
        known = ", ".join(ENCODINGS)
        raise PictureError(f"{name}: encoding {image.encoding!r}: {known} are read", Cause.FORMAT)
    kind, channels = ENCODINGS[image.encoding]
    dtype = np.dtype(kind).newbyteorder(">" if image.big_endian else "<")
    row = image.width * channels * dtype.itemsize
    if not 0 < image.width * image.height <= MAX_PIXELS or image.step < row:
        raise PictureError(
            f"{name}: {image.width}x{image.height} pixels in rows of {image.step} bytes"
        )
    if len(image.data) < image.step * (image.height - 1) + row:
        raise PictureError(f"{name}: {len(image.data)} bytes for {image.height} rows")
    rows = np.ndarray((image.height, row), np.uint8, image.data, strides=(image.step, 1))
    samples = np.ascontiguousarray(rows).view(dtype).astype(dtype.newbyteorder("="), copy=False)
    if channels == 1:
        return StoredPicture(samples)
    pixels = samples.reshape(image.height, image.width, channels)
    if image.encoding.startswith("rgb"):
        pixels = pixels[..., [2, 1, 0, 3][:channels]]
    return _stored(np.ascontiguousarray(pixels), lossy=False)


def _stored(pixels: NDArray[Any], *, lossy: bool) -> StoredPicture:
    if pixels.ndim == 2:
        return StoredPicture(pixels, lossy=lossy)
    opaque = np.ascontiguousarray(pixels[..., :3])
    coloured = "in colour" if is_coloured(opaque) else ""
    transparent = "with opacity" if pixels.shape[2] == 4 else ""
    return StoredPicture(opaque, coloured or transparent, lossy=lossy)


class _Cdr:
    """Reads the fields of a CDR message, each aligned to its size."""

    def __init__(self, data: bytes) -> None:
        if data[:1] != b"\0" or data[1:2] not in (b"\0", b"\1"):
            raise ValueError("no plain CDR")
        self._order = "<" if data[1:2] == b"\1" else ">"
        self._data, self._at = data, 4

    def number(self, kind: str) -> int:
        size = struct.calcsize(kind)
        self._at += -(self._at - 4) % size
        (value,) = struct.unpack_from(self._order + kind, self._data, self._at)
        self._at += size
        return int(value)

    def bytes(self) -> bytes:
        length = self.number("I")
        found = self._data[self._at : self._at + length]
        if len(found) != length:
            raise ValueError("it ends too early")
        self._at += length
        return found

    def text(self) -> str:
        return self.bytes().rstrip(b"\0").decode()


def _of_cdr(data: bytes, plain: bool) -> ForeignImage:
    cdr = _Cdr(data)
    stamp_ns = cdr.number("i") * NS_PER_S + cdr.number("I")
    cdr.text()  # frame_id
    if not plain:
        return ForeignImage(stamp_ns, 0, 0, cdr.text(), 0, False, cdr.bytes(), plain)
    height, width = cdr.number("I"), cdr.number("I")
    encoding, big_endian, step = cdr.text(), bool(cdr.number("B")), cdr.number("I")
    return ForeignImage(stamp_ns, width, height, encoding, step, big_endian, cdr.bytes(), plain)


def _of_protobuf(data: bytes, plain: bool) -> ForeignImage:
    if plain:
        raw = RawImage.FromString(data)
        stamp_ns = raw.timestamp.ToNanoseconds()
        return ForeignImage(
            stamp_ns, raw.width, raw.height, raw.encoding, raw.step, False, raw.data, plain
        )
    image = CompressedImage.FromString(data)
    stamp_ns = image.timestamp.ToNanoseconds()
    return ForeignImage(stamp_ns, 0, 0, image.format, 0, False, image.data, plain)


def _of_json(data: bytes, plain: bool) -> ForeignImage:
    fields: dict[str, Any] = msgspec.json.decode(data, type=dict[str, Any])
    stamp = fields.get("timestamp", {})
    stamp_ns = int(stamp.get("sec", 0)) * NS_PER_S + int(stamp.get("nsec", 0))
    pixels = base64.b64decode(fields["data"], validate=True)
    if not plain:
        return ForeignImage(stamp_ns, 0, 0, str(fields["format"]), 0, False, pixels, plain)
    width, height, step = (int(fields[key]) for key in ("width", "height", "step"))
    encoding = str(fields["encoding"])
    return ForeignImage(stamp_ns, width, height, encoding, step, False, pixels, plain)
