"""The page messages.md: the bytes on the wire, the endpoints, and every message with its fields."""

import typing

import msgspec
import numpy as np

from streamer.clock import HostNs, StreamNs
from streamer.messages import MAGIC, VERSION, Frame, Message, PixelFormat, encode
from streamer.messages.codec import MAX_SIDE, PAYLOAD_ALIGNMENT, PREFIX
from streamer.transport import TOPICS, Endpoint, Policy, Topic
from tools.reference.markdown import code, fenced, page, prose, table
from tools.reference.source import described, mentioned
from tools.reference.structs import enum_part, struct_part, type_part

_PREFIX_FIELDS = (
    ("magic", "4 bytes", f"`{MAGIC.decode()}`"),
    ("version", "unsigned 16 bit", f"{VERSION}; any other is refused"),
    ("reserved", "unsigned 16 bit", "0"),
    ("header length", "unsigned 32 bit", "bytes of the header that follows"),
    ("payload offset", "unsigned 32 bit", "where the pixels begin, from the first byte on"),
)


_HEAD = """
What the processes of a run send each other, and what a program of one's own can follow:
`streamer.messages` and `streamer.transport` read and write all of it.
"""

_HEADER = f"""
Then the header: a msgpack map of the fields below, with `type` naming the kind of the message. A
field at its default may be left out; one that is not known is passed over. Pixels follow, from a
multiple of {PAYLOAD_ALIGNMENT} bytes on, row by row; the header's field `pixels` says how they lie:
`[type, height, width]`, or `[type, height, width, 3]` for blue, green, red. The type is `uint8` or
`uint16`, a side at most {MAX_SIDE}.
"""

_TIMES = f"""
Times are integers of nanoseconds. `{HostNs.__name__}` is the host's monotonic clock;
`{StreamNs.__name__}` is the time of the frames: live the same number, in a replay that of the
recording.
"""

_ADDRESSES = """
Over ipc (the default) an endpoint is a socket file of its name in the run's private directory; over
tcp (`--set transport.kind=tcp`) a port, counted from `transport.port`.
"""


def messages_page() -> str:
    """The page."""
    kinds: list[type[msgspec.Struct]] = list(typing.get_args(Message))
    return page(
        "Messages",
        prose(_HEAD),
        _bytes_part(),
        _endpoints_part(),
        "# Message kinds",
        *(struct_part(kind, f"{_tag(kind)}: {kind.__name__}") for kind in kinds),
        "# Types of fields",
        prose(_TIMES),
        *(type_part(kind) for kind in mentioned(list(kinds))),
    )


def _tag(kind: type[msgspec.Struct]) -> str:
    return code(str(kind.__struct_config__.tag))


def _bytes_part() -> str:
    example = encode(
        Frame(
            stream="thermal",
            sequence=7,
            timestamp_ns=StreamNs(1_000_000_000),
            pixel_format=PixelFormat.MONO16,
            pixels=np.array([[29315, 29316]], np.uint16),
        )
    )
    length = int.from_bytes(example[8:12], "little")
    header = msgspec.msgpack.decode(example[PREFIX.size : PREFIX.size + length])
    offset = int.from_bytes(example[12:16], "little")
    first = "One ZeroMQ part a message. All numbers are little endian. First comes a prefix of"
    return "\n\n".join(
        [
            "## Bytes",
            prose(f"{first} {PREFIX.size} bytes:"),
            table(["field", "size", "content"], _PREFIX_FIELDS),
            prose(_HEADER),
            "A thermal frame of two pixels begins so:",
            fenced(bytes(example[: PREFIX.size]).hex(" ")),
            f"Its header of {length} bytes, shown as JSON; its pixels begin at byte {offset}:",
            fenced(msgspec.json.format(msgspec.json.encode(header), indent=2).decode(), "json"),
        ]
    )


def _endpoints_part() -> str:
    rows = [
        [
            code(endpoint.value),
            f"+{topic.port}",
            "every process" if len(topic.publishers) > 2 else ", ".join(topic.publishers),
            "every process" if len(topic.readers) > 5 else _readers_of(topic),
            topic.about,
        ]
        for endpoint, topic in TOPICS.items()
    ]
    return "\n\n".join(
        [
            "## Endpoints",
            described(Endpoint),
            prose(_ADDRESSES),
            table(["endpoint", "port", "published by", "read by", "what it carries"], rows),
            enum_part(Policy, level=3),
        ]
    )


def _readers_of(topic: Topic) -> str:
    return ", ".join(
        f"{name} ({policy})" if policy is Policy.LATEST else name
        for name, policy in topic.readers.items()
    )
