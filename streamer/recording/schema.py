"""What a recording holds: our messages under Foxglove's image schemas, and back.

A frame becomes two messages with the same times and sequence: `/STREAM/image`, which Foxglove and
ROS tools show, and `/STREAM/header`, the rest of our header as JSON. Mode changes and events are
lines of `/log`, the state of the session is `/session`; `/calibration` says how both cameras were
lined up and `/network` which network made the results, where that changed.
"""

from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
from foxglove_schemas_protobuf.CompressedImage_pb2 import CompressedImage
from foxglove_schemas_protobuf.RawImage_pb2 import RawImage
from mcap_protobuf.schema import build_file_descriptor_set
from numpy.typing import NDArray

from streamer.clock import NS_PER_S, StreamNs, live_stream
from streamer.config.recording import STREAMS, Codecs
from streamer.messages import (
    CalibrationChange,
    CameraInfo,
    Frame,
    Mode,
    ModeChange,
    NetworkChange,
    SessionStatus,
    SuperResolvedFrame,
    TimelineEvent,
)
from streamer.recording.errors import RecordingError
from streamer.recording.images import COMPRESSED_IMAGE, RAW_IMAGE, from_image, to_image

FORMAT: Final = 1
LOG_TOPIC: Final = "/log"
SESSION_TOPIC: Final = "/session"
CALIBRATION_TOPIC: Final = "/calibration"
NETWORK_TOPIC: Final = "/network"
INFO_NAME: Final = "corefusion"
_HEADER, _LOG, _SESSION = "corefusion.Header", "foxglove.Log", "corefusion.Session"
_CALIBRATION, _NETWORK = "corefusion.Calibration", "corefusion.Network"
TOPICS: Final[dict[str, tuple[str, ...]]] = {  # and the types that their messages may be of
    **{f"/{stream}/header": (_HEADER,) for stream in STREAMS},
    **{f"/{stream}/image": (COMPRESSED_IMAGE, RAW_IMAGE) for stream in STREAMS},
    LOG_TOPIC: (_LOG,),
    SESSION_TOPIC: (_SESSION,),
    CALIBRATION_TOPIC: (_CALIBRATION,),
    NETWORK_TOPIC: (_NETWORK,),
}
CHANGES: Final = ("calibration", "network")
"""The streams that say what holds from a moment on; each segment begins with their last."""
NETWORK_EVENT: Final = "network"
"""The kind of the event that tells people of another network."""
_LEVEL = {"info": 2, "warning": 3}  # foxglove.Log


class RecordingInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for a whole recording; stands at the head of each of its segments.

    Attributes:
        format: the version of all this.
        recording: what the segments of one recording share.
        segment: which one this is.
        wall_offset_ns: plus a monotonic time of a message it is nanoseconds since 1970, as was
            believed when the file was begun; `log_time` and `publish_time` go by it.
        software: what wrote it.
        host: empty; up to 0.1 the name of the machine.
        config: the resolved configuration as plain data, of paths the last names.
        cameras: what each camera gave, by stream.
        codecs: how pictures are stored.
        model: the network's name; with all that follows of the first one, until `/network` says
            otherwise.
        model_sha256: digest of its weights.
        engine: what computed it.
        precision: what it computed in.
        threads: CPU threads of the engine.
        views: mirrored views averaged.
        note: what a person should know of it.
        every_s: the interval of a time lapse, where frames left out are no gaps; 0 where every
            frame was recorded.
        left_out: pictures of the files it was made from that are not in it, by cause.
        calibration: how its visible pictures are brought to the thermal camera's view, as the file
            of `corefusion calibrate` has it, until `/calibration` says otherwise; None where they
            are taken for aligned.
        measuring: the tools and object parameters of the window, as plain data; empty for none.
    """

    format: int = FORMAT
    recording: str = ""
    segment: int = 0
    wall_offset_ns: int = 0
    software: str = ""
    host: str = ""
    config: dict[str, Any] = {}
    cameras: dict[str, CameraInfo] = {}
    codecs: Codecs = Codecs()
    model: str | None = None
    model_sha256: str | None = None
    engine: str | None = None
    precision: str | None = None
    threads: int | None = None
    views: int = 1
    note: str = ""
    every_s: float = 0.0
    left_out: dict[str, int] = {}
    calibration: dict[str, Any] | None = None
    measuring: dict[str, Any] = {}


Recordable = (
    Frame
    | SuperResolvedFrame
    | ModeChange
    | TimelineEvent
    | SessionStatus
    | CalibrationChange
    | NetworkChange
)


class _Line(msgspec.Struct):
    """A foxglove.Log that carries our own struct."""

    corefusion: ModeChange | TimelineEvent
    timestamp: dict[str, int] = {}
    level: int = 2
    message: str = ""
    name: str = ""
    file: str = ""
    line: int = 0


class Schema(NamedTuple):
    """The type of a channel, as MCAP wants it."""

    name: str
    schema_encoding: str
    data: bytes
    message_encoding: str


class Payload(NamedTuple):
    """One message of a channel."""

    topic: str
    schema: str
    data: bytes


class Head(msgspec.Struct, frozen=True):
    """What can be known of a picture without decoding it."""

    sequence: int
    timestamp_ns: StreamNs
    mode: Mode | None = None


class EncodedMessage(NamedTuple):
    """A message of ours as it stands in the file: a line, or a header and its image.

    `stream` is one of STREAMS, `log`, `session` or one of CHANGES. Times are monotonic. `head` is
    there where the message was encoded here; of one that was read, `peek_header` finds it.
    """

    stream: str
    sequence: int
    arrived_ns: StreamNs
    published_ns: StreamNs
    payloads: tuple[Payload, ...]
    head: Head | None = None


UNREADABLE: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What JSON from outside may end in: other types, no text, nested without end."""


def _protobuf(kind: Any) -> Schema:
    descriptors = build_file_descriptor_set(kind)
    return Schema(
        kind.DESCRIPTOR.full_name, "protobuf", descriptors.SerializeToString(), "protobuf"
    )


def _json(name: str, properties: dict[str, object]) -> Schema:
    schema = {"type": "object", "title": name, "properties": properties}
    return Schema(name, "jsonschema", msgspec.json.encode(schema), "json")


def schemas() -> dict[str, Schema]:
    """Every schema of a recording, by name."""
    integer, text = {"type": "integer"}, {"type": "string"}
    time = {"type": "object", "title": "time", "properties": {"sec": integer, "nsec": integer}}
    log: dict[str, object] = {"timestamp": time, "level": integer, "line": integer}
    log |= dict.fromkeys(("message", "name", "file"), text)
    known = (
        _protobuf(CompressedImage),
        _protobuf(RawImage),
        _json(_LOG, log),
        _json(_HEADER, {}),
        _json(_SESSION, {}),
        _json(_CALIBRATION, {}),
        _json(_NETWORK, {}),
    )
    return {schema.name: schema for schema in known}


def encode_message(
    message: Recordable, info: RecordingInfo, arrived_ns: StreamNs
) -> EncodedMessage:
    """A message as a recording holds it."""
    if isinstance(message, Frame | SuperResolvedFrame):
        stream = message.stream if isinstance(message, Frame) else "sr"
        published_ns = getattr(message, "published_ns", message.timestamp_ns)
        stamp_ns = message.timestamp_ns + info.wall_offset_ns
        schema, image = to_image(
            message.pixels, message.pixel_format, stream, stamp_ns, info.codecs
        )
        header = msgspec.json.encode(message, enc_hook=_layout_of)
        payloads = (
            Payload(f"/{stream}/header", _HEADER, header),
            Payload(f"/{stream}/image", schema, image),
        )
        mode = message.mode if isinstance(message, SuperResolvedFrame) else None
        head = Head(message.sequence, message.timestamp_ns, mode)
        return EncodedMessage(stream, message.sequence, arrived_ns, published_ns, payloads, head)
    if isinstance(message, SessionStatus):
        sent_ns = live_stream(message.timestamp_ns)
        data, stream, topic = msgspec.json.encode(message), "session", SESSION_TOPIC
        line = Payload(topic, _SESSION, data)
    elif isinstance(message, CalibrationChange):
        sent_ns, stream = message.timestamp_ns, "calibration"
        line = Payload(CALIBRATION_TOPIC, _CALIBRATION, msgspec.json.encode(message))
    elif isinstance(message, NetworkChange):
        sent_ns, stream = message.timestamp_ns, "network"
        line = Payload(NETWORK_TOPIC, _NETWORK, msgspec.json.encode(message))
    else:
        sent_ns, stream = message.timestamp_ns, "log"
        line = Payload(LOG_TOPIC, _LOG, _line_of(message, info.wall_offset_ns))
    return EncodedMessage(stream, 0, arrived_ns, sent_ns, (line,))


def decode_message(stored: EncodedMessage) -> Recordable:
    """The message that was stored.

    Raises:
        RecordingError: it is damaged, or none of ours.
    """
    content = stored.payloads[0].data

    def pixels_of(_: type, layout: object) -> NDArray[Any]:
        image = stored.payloads[1]
        return from_image(image.schema, image.data, layout)

    try:
        match stored.stream:
            case "log":
                return msgspec.json.decode(content, type=_Line).corefusion
            case "session":
                return msgspec.json.decode(content, type=SessionStatus)
            case "calibration":
                return msgspec.json.decode(content, type=CalibrationChange)
            case "network":
                return msgspec.json.decode(content, type=NetworkChange)
        kind: Any = Frame | SuperResolvedFrame
        message: Frame | SuperResolvedFrame
        message = msgspec.json.decode(content, type=kind, dec_hook=pixels_of)
        return message
    except UNREADABLE as error:
        raise _unreadable(stored, error) from error


def peek_header(stored: EncodedMessage) -> Head:
    """What the header of a stored picture says.

    Raises:
        RecordingError: it is damaged.
    """
    try:
        return msgspec.json.decode(stored.payloads[0].data, type=Head)
    except UNREADABLE as error:
        raise _unreadable(stored, error) from error


def info_to_map(info: RecordingInfo) -> dict[str, str]:
    """As an MCAP metadata record holds it: each field as JSON."""
    fields = msgspec.to_builtins(info)
    return {name: msgspec.json.encode(value).decode() for name, value in fields.items()}


def info_from_map(fields: dict[str, str]) -> RecordingInfo:
    """Reads what `info_to_map` wrote.

    Raises:
        RecordingError: it is of a later format, or none of ours.
    """
    try:
        tree = {name: msgspec.json.decode(value) for name, value in fields.items()}
        version = tree.get("format")
        if isinstance(version, int) and version > FORMAT:
            raise RecordingError(
                f"its format is {version}, this version reads formats up to {FORMAT}: update it"
            )
        return msgspec.convert(tree, RecordingInfo)
    except UNREADABLE as error:
        raise RecordingError(f"its description: {error}") from error


def _unreadable(stored: EncodedMessage, error: Exception) -> RecordingError:
    return RecordingError(f"{stored.stream} {stored.sequence} cannot be read: {error}")


def _line_of(message: ModeChange | TimelineEvent, wall_offset_ns: int) -> bytes:
    if isinstance(message, TimelineEvent):
        text, name, calm = message.text, message.kind, message.kind != "disk"
    else:
        text = f"{message.previous} -> {message.current}: {message.reason}"
        name, calm = "mode", message.current is Mode.GUIDED
    seconds, ns = divmod(message.timestamp_ns + wall_offset_ns, NS_PER_S)
    return msgspec.json.encode(
        _Line(
            corefusion=message,
            timestamp={"sec": seconds, "nsec": ns},
            level=_LEVEL["info" if calm else "warning"],
            message=text,
            name=name,
        )
    )


def _layout_of(value: object) -> list[int | str]:
    if isinstance(value, np.ndarray):
        return [value.dtype.name, *value.shape]
    raise TypeError(f"{type(value).__name__} does not go into a recording")
