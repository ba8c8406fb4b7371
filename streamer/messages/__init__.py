"""The messages that processes exchange, and their one binary form for wire, file and tests.

A message is one part: a 16-byte prefix (magic, version, header length, payload offset), a msgpack
header, and raw pixels. `encode` and `decode` are pure functions; nothing received is trusted:
magic, version, lengths, header types, pixel format, shape and payload size are checked before an
array is made, and the array is a read-only view into the received buffer, never a copy.
"""

import math
import struct
from collections.abc import Callable
from enum import StrEnum
from functools import partial
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from streamer.errors import CorefusionError
from streamer.messages.playback import Answer, PlayerState, Step, Wish

MAGIC = b"CRFM"
VERSION = 1
_PREFIX = struct.Struct("<4sHHII")  # magic, version, reserved, header length, payload offset
_PAYLOAD_ALIGNMENT = 64  # SIMD loads of the pixels start on a cache line
_MAX_SIDE = 16384


class MessageError(CorefusionError):
    """Bytes that are no message of ours; says what was wanted and what came."""


class PixelFormat(StrEnum):
    """GenICam's words. BGR8 is (H, W, 3) uint8, MONO8 (H, W) uint8, MONO16 (H, W) uint16."""

    BGR8 = "BGR8"
    MONO8 = "MONO8"
    MONO16 = "MONO16"


_LAYOUT: dict[PixelFormat, tuple[str, int]] = {
    PixelFormat.BGR8: ("uint8", 3),
    PixelFormat.MONO8: ("uint8", 2),
    PixelFormat.MONO16: ("uint16", 2),
}


class Mode(StrEnum):
    """What the worker is making its output from."""

    GUIDED = "guided"
    THERMAL_ONLY = "thermal_only"
    HOLD = "hold"
    VISIBLE_ONLY = "visible_only"
    NO_SIGNAL = "no_signal"


class FrameFlag(StrEnum):
    """What a capture process knows about a frame besides its pixels."""

    FFC = "ffc"  # taken while the camera's shutter was closed, announced by the camera itself
    REPEATED = "repeated"  # bit-identical to the frame before: the sensor is frozen


class StreamState(StrEnum):
    """How a stream is doing, in the order it gets worse."""

    OK = "ok"
    LATE = "late"
    FFC = "ffc"
    STALE = "stale"
    LOST = "lost"


class ProcessState(StrEnum):
    """Where a process stands."""

    STARTING = "starting"
    WAITING = "waiting"  # for what `detail` says: a camera, its readers
    READY = "ready"  # everything is in place; the run may begin
    RUNNING = "running"
    ENDED = "ended"
    FAILED = "failed"


class Radiometry(msgspec.Struct, frozen=True):
    """Maps counts to temperature: kelvin = gain_k * counts + offset_k. Absent where unknown."""

    gain_k: float
    offset_k: float

    def celsius(self, counts: float) -> float:
        """The temperature of a (possibly fractional) count, in degrees Celsius."""
        return self.gain_k * counts + self.offset_k - 273.15


class Frame(msgspec.Struct, frozen=True, kw_only=True, tag="frame"):
    """One picture of a sensor, untouched: counts stay counts.

    `timestamp_ns` is the capture time on this host's monotonic clock; `sequence` counts what the
    sensor made, so a reader sees every gap. `pixels` follows `pixel_format`.
    """

    stream: str
    sequence: int
    timestamp_ns: int
    pixel_format: PixelFormat
    pixels: NDArray[Any]
    radiometry: Radiometry | None = None
    flags: tuple[FrameFlag, ...] = ()
    metadata: dict[str, str | int | float | bool] = {}

    def __post_init__(self) -> None:
        _check_pixels(self.pixel_format, self.pixels)


class Source(msgspec.Struct, frozen=True):
    """The frame that a result was made from."""

    sequence: int
    timestamp_ns: int


class Consistency(msgspec.Struct, frozen=True):
    """How far the network left the measurement before it was brought back (the trust figure)."""

    max_counts: float
    max_mk: float | None


class SuperResolvedFrame(msgspec.Struct, frozen=True, kw_only=True, tag="sr"):
    """The worker's result, in the thermal's own unit.

    In `visible_only` mode the pixels are a relative picture (uint16, 0..65535 for 0..1) without
    radiometry: not a measurement. `timestamp_ns` is the capture time of the pivot frame.
    """

    sequence: int
    timestamp_ns: int
    published_ns: int
    mode: Mode
    pixel_format: PixelFormat
    pixels: NDArray[Any]
    thermal: Source | None
    visible: Source | None
    radiometry: Radiometry | None = None
    skew_ms: float | None = None
    stage_ms: dict[str, float] = {}
    consistency: Consistency | None = None

    def __post_init__(self) -> None:
        _check_pixels(self.pixel_format, self.pixels)


class ModeChange(msgspec.Struct, frozen=True, tag="mode_change"):
    """The worker left one mode for another."""

    timestamp_ns: int
    previous: Mode
    current: Mode
    reason: str


class CameraInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What an opened camera gives. `frames` is the length of a recorded source, None if endless.

    `live` is False for sources whose frames can wait for their readers (files, simulation).
    """

    name: str
    width: int
    height: int
    pixel_format: PixelFormat
    rate_hz: float
    live: bool
    frames: int | None = None


class RecordingState(msgspec.Struct, frozen=True):
    """Where a recorder stands. `full` says that it ended because there is no room any more.

    `rates_hz` tells the pictures of each stream that came in the last second.
    """

    file: str
    size_mb: float
    disk_left_gb: float
    rates_hz: dict[str, float] = {}
    full: bool = False


class Status(msgspec.Struct, frozen=True, kw_only=True, tag="status"):
    """One process's heartbeat. `dropped` maps STREAM/CAUSE to a count since the process started."""

    process: str
    pid: int
    timestamp_ns: int
    state: ProcessState
    detail: str = ""
    dropped: dict[str, int] = {}
    streams: dict[str, StreamState] = {}
    ages_ms: dict[str, float] = {}
    camera: CameraInfo | None = None
    mode: Mode | None = None
    model: str | None = None
    engine: str | None = None
    precision: str | None = None
    model_sha256: str | None = None
    threads: int | None = None
    views: int = 1
    painted_age_ms: tuple[float, ...] = ()
    last_sequence: int | None = None
    recording: RecordingState | None = None


class ProcessHealth(msgspec.Struct, frozen=True):
    """The supervisor's view of one process."""

    state: ProcessState
    detail: str
    restarts: int
    alive: bool


class SessionStatus(msgspec.Struct, frozen=True, kw_only=True, tag="session"):
    """What everybody may know about the run, published by the supervisor several times a second.

    `origin_ns` is time zero of recorded and simulated sources (None: not started yet);
    `first_result_ns` is t = 0 of reports and injections. `results` counts what has reached the last
    consumer.
    """

    timestamp_ns: int
    origin_ns: int | None
    first_result_ns: int | None
    processes: dict[str, ProcessHealth]
    statuses: dict[str, Status]
    dropped: dict[str, int]
    results: int = 0


class Command(msgspec.Struct, frozen=True, tag="command"):
    """A wish that holds until `until_ns`; repeated while it lasts, so a restart forgets nothing."""

    name: str
    until_ns: int


Message = (
    Frame
    | SuperResolvedFrame
    | ModeChange
    | Status
    | SessionStatus
    | Command
    | PlayerState
    | Step
    | Answer
    | Wish
)


def encode(message: Message) -> memoryview:
    """Packs a message into one new buffer.

    Returns:
        A view of the bytes. It is never written again, so it may be sent without a copy.
    """
    header = msgspec.msgpack.encode(message, enc_hook=_layout_of)
    pixels = getattr(message, "pixels", None)
    offset = -(-(_PREFIX.size + len(header)) // _PAYLOAD_ALIGNMENT) * _PAYLOAD_ALIGNMENT
    size = offset if pixels is None else offset + pixels.nbytes
    buffer = np.empty(size, np.uint8)  # not bytearray: zero-filling a 1080p frame costs 2 ms
    view = memoryview(buffer.data)
    _PREFIX.pack_into(view, 0, MAGIC, VERSION, 0, len(header), offset)
    end = _PREFIX.size + len(header)
    buffer[_PREFIX.size : end] = np.frombuffer(header, np.uint8)
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
    if len(view) < _PREFIX.size:
        raise MessageError(f"message of {len(view)} bytes: at least {_PREFIX.size} wanted")
    magic, version, _, header_length, offset = _PREFIX.unpack_from(view)
    if magic != MAGIC:
        raise MessageError(f"message starts with {magic!r}: {MAGIC!r} wanted")
    if version != VERSION:
        raise MessageError(f"message of version {version}: version {VERSION} wanted")
    if not _PREFIX.size + header_length <= offset <= len(view):
        raise MessageError(f"header of {header_length} bytes does not fit into {len(view)}")
    header = view[_PREFIX.size : _PREFIX.size + header_length]
    view_pixels: Callable[[type, Any], Any] = partial(_pixels_from, view[offset:])
    try:
        message: Message = msgspec.msgpack.decode(header, type=Message, dec_hook=view_pixels)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
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
    if not all(0 < side <= _MAX_SIDE for side in shape):
        raise ValueError(f"pixel shape {shape} is out of 1..{_MAX_SIDE}")
    dtype = np.dtype(name)
    wanted = math.prod(shape) * dtype.itemsize
    if len(payload) != wanted:
        raise ValueError(f"{len(payload)} bytes of pixels for shape {shape}: {wanted} wanted")
    pixels = np.frombuffer(payload, dtype).reshape(shape)
    pixels.flags.writeable = False
    return pixels


def _check_pixels(pixel_format: PixelFormat, pixels: NDArray[Any]) -> None:
    name, ndim = _LAYOUT[pixel_format]
    if pixels.dtype.name != name or pixels.ndim != ndim:
        raise ValueError(
            f"pixels of {pixels.dtype.name} with shape {pixels.shape} are not {pixel_format}"
        )
