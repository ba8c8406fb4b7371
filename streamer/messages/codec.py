"""The one binary form of a message, for wire, file and tests.

A message is one part: a 16-byte prefix (magic, version, header length, payload offset), a msgpack
header, and raw pixels. `encode` and `decode` are pure functions; nothing received is trusted:
magic, version, lengths, header types, pixel format, shape and payload size are checked before an
array is made, and the array is a read-only view into the received buffer, never a copy.
"""

import math
import struct
from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from streamer.errors import CorefusionError
from streamer.messages.calibrations import CalibrationChange
from streamer.messages.commands import RunCommand
from streamer.messages.frames import Frame, SuperResolvedFrame
from streamer.messages.networks import NetworkChange
from streamer.messages.playback import PlaybackCommand, PlayerState, Step, StepDone
from streamer.messages.status import FeatureRequest, ModeChange, SessionStatus, Status

MAGIC = b"CRFM"


VERSION = 1


PREFIX = struct.Struct("<4sHHII")  # magic, version, reserved, header length, payload offset


PAYLOAD_ALIGNMENT = 64  # SIMD loads of the pixels start on a cache line


MAX_SIDE = 16384


class MessageError(CorefusionError):
    """Bytes that are no message of ours; says what was wanted and what came."""


Message = (
    Frame
    | SuperResolvedFrame
    | ModeChange
    | Status
    | SessionStatus
    | FeatureRequest
    | PlayerState
    | Step
    | StepDone
    | PlaybackCommand
    | RunCommand
    | CalibrationChange
    | NetworkChange
)


def encode(message: Message) -> memoryview:
    """Packs a message into one new buffer.

    Returns:
        A view of the bytes. It is never written again, so it may be sent without a copy.

    Raises:
        MessageError: a side of the pixels is longer than any reader takes.
    """
    pixels = getattr(message, "pixels", None)
    if pixels is not None and not all(0 < side <= MAX_SIDE for side in pixels.shape):
        raise MessageError(f"pixels of shape {pixels.shape}: sides of 1 to {MAX_SIDE} wanted")
    header = msgspec.msgpack.encode(message, enc_hook=_layout_of)
    offset = -(-(PREFIX.size + len(header)) // PAYLOAD_ALIGNMENT) * PAYLOAD_ALIGNMENT
    size = offset if pixels is None else offset + pixels.nbytes
    buffer = np.empty(size, np.uint8)  # not bytearray: zero-filling a 1080p frame costs 2 ms
    view = memoryview(buffer.data)
    PREFIX.pack_into(view, 0, MAGIC, VERSION, 0, len(header), offset)
    end = PREFIX.size + len(header)
    buffer[PREFIX.size : end] = np.frombuffer(header, np.uint8)
    buffer[end:offset] = 0
    if pixels is not None:
        buffer[offset:].view(pixels.dtype).reshape(pixels.shape)[...] = pixels
    return view


def decode(data: bytes | memoryview) -> Message:
    """Checks and unpacks one message.

    Raises:
        MessageError: these bytes are not a message of this version, or lie about their content.
    """
    view = memoryview(data).cast("B")
    if len(view) < PREFIX.size:
        raise MessageError(f"message of {len(view)} bytes: at least {PREFIX.size} wanted")
    magic, version, _, header_length, offset = PREFIX.unpack_from(view)
    if magic != MAGIC:
        raise MessageError(f"message starts with {magic!r}: {MAGIC!r} wanted")
    if version != VERSION:
        raise MessageError(f"message of version {version}: version {VERSION} wanted")
    if not PREFIX.size + header_length <= offset <= len(view):
        raise MessageError(f"header of {header_length} bytes does not fit into {len(view)}")
    header = view[PREFIX.size : PREFIX.size + header_length]
    view_pixels: Callable[[type, Any], Any] = partial(_pixels_from, view[offset:])
    try:
        message: Message = msgspec.msgpack.decode(header, type=Message, dec_hook=view_pixels)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise MessageError(f"message header: {error}") from error
    return message


def _layout_of(value: object) -> list[int | str]:
    if isinstance(value, np.ndarray):
        return [value.dtype.name, *value.shape]
    raise TypeError(f"{type(value).__name__} does not go into a message")


def _pixels_from(payload: memoryview, kind: type, layout: object) -> NDArray[Any]:
    match layout:
        case ["uint8" | "uint16" as name, int(height), int(width)]:
            shape: tuple[int, ...] = (height, width)
        case ["uint8" | "uint16" as name, int(height), int(width), 3]:
            shape = (height, width, 3)
        case _:
            raise ValueError(f"pixel layout {layout!r} is none of ours")
    if not all(0 < side <= MAX_SIDE for side in shape):
        raise ValueError(f"pixel shape {shape} is out of 1..{MAX_SIDE}")
    dtype = np.dtype(name)
    wanted = math.prod(shape) * dtype.itemsize
    if len(payload) != wanted:
        raise ValueError(f"{len(payload)} bytes of pixels for shape {shape}: {wanted} wanted")
    pixels = np.frombuffer(payload, dtype).reshape(shape)
    pixels.flags.writeable = False
    return pixels
