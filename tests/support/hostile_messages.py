"""Messages that lie: in their prefix, in a field, about their pixels, in their parts; by a seed."""

import struct
from collections.abc import Callable, Iterator
from random import Random
from typing import Any, NamedTuple

import msgspec

from streamer.messages import (
    FeatureRequest,
    Message,
    Mode,
    ModeChange,
    PlaybackAction,
    PlaybackCommand,
    PlayerState,
    Step,
    StepDone,
    encode,
)
from streamer.messages.codec import MAGIC, PREFIX, VERSION
from tests.support.recordings import result, session, thermal, visible

_U32 = 2**32 - 1
_ODD: tuple[Any, ...] = (
    *(None, True, -1, 0, 2**31, 2**63 - 1, -(2**63), 2**64 - 1, 0.5, 1e308),
    *(float("nan"), float("inf"), "", "\0", "x" * 70_000, b"\xff", [], [[]], {}, {"a": {}}),
    [0] * 5000,
)


class Hostile(NamedTuple):
    """What is sent, part by part, and whether any reader has to refuse it."""

    parts: list[bytes]
    refused: bool


def hostile_messages(seed: int) -> Iterator[Hostile]:
    """Endless ones, the same for a seed."""
    random = Random(seed)
    while True:
        yield random.choice(_LIES)(random)


def _good(random: Random) -> bytes:
    index = random.randrange(100)
    kinds: list[Callable[[], Message]] = [
        *(lambda: visible(index), lambda: thermal(index), lambda: result(index)),
        *(lambda: session(index), lambda: session(index).statuses["inference"]),
        lambda: ModeChange(index, Mode.GUIDED, Mode.HOLD, "so it was"),
        lambda: FeatureRequest("influence", index),
        lambda: PlaybackCommand(PlaybackAction.SEEK, index),
        lambda: Step(index, index, "thermal", ("visible",)),
        lambda: StepDone(index, index),
        lambda: PlayerState(0, index, 1.0, False, 0, 0, 100, part=(1, 2), shows={"thermal": 1}),
    ]
    return bytes(encode(random.choice(kinds)()))


def _taken_apart(data: bytes) -> tuple[dict[str, Any], bytes]:
    _, _, _, length, offset = PREFIX.unpack_from(data)
    return msgspec.msgpack.decode(data[PREFIX.size : PREFIX.size + length]), data[offset:]


def _put_together(header: bytes, payload: bytes) -> bytes:
    return PREFIX.pack(MAGIC, VERSION, 0, len(header), PREFIX.size + len(header)) + header + payload


def _packed(header: dict[str, Any], payload: bytes) -> bytes:
    return _put_together(msgspec.msgpack.encode(header), payload)


def _noise(random: Random) -> Hostile:
    return Hostile([random.randbytes(random.randrange(2000))], True)


def _prefix(random: Random) -> Hostile:
    """Another magic or version, or lengths that do not fit."""
    data = bytearray(_good(random))
    place, form, value = random.choice(
        [
            (0, "<I", random.randrange(_U32)),
            (4, "<H", random.choice((0, 2, 0xFFFF))),
            (8, "<I", random.choice((0, 1, len(data), len(data) * 2, _U32))),
            (12, "<I", random.choice((0, PREFIX.size, len(data) + 1, _U32))),
        ]
    )
    struct.pack_into(form, data, place, value)
    return Hostile([bytes(data)], True)


def _field(random: Random) -> Hostile:
    """One field, somewhere, holds something odd, is missing or is one too many."""
    header, payload = _taken_apart(_good(random))
    holder: Any = header
    while True:
        key = random.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
        if not isinstance(holder[key], dict | list) or not holder[key] or random.random() < 0.5:
            break
        holder = holder[key]
    how = random.random()
    if how < 0.15:
        del holder[key]
    elif how < 0.25 and isinstance(holder, dict):
        holder[random.choice(("", "pid", "__class__", "x" * 1000))] = random.choice(_ODD)
    else:
        holder[key] = random.choice(_ODD)
    return Hostile([_packed(header, payload)], False)


def _kind(random: Random) -> Hostile:
    """Of no kind that there is."""
    header, payload = _taken_apart(_good(random))
    header["type"] = random.choice(("", "reboot", 5, None, ["frame"]))
    return Hostile([_packed(header, payload)], True)


def _nested(random: Random) -> Hostile:
    """A header as deep as a well: lists in lists, or maps in maps."""
    deep = random.choice((b"\x91", b"\x81\xa1a")) * random.choice((10, 1000, 100_000))
    return Hostile([_put_together(deep + b"\xc0", b"")], True)


def _huge(random: Random) -> Hostile:
    """A header that promises more than is there: lists, maps and texts of 4 GB."""
    promise = random.choice((b"\xdd", b"\xdf", b"\xdb", b"\xc6", b"\xc9")) + b"\xff\xff\xff\xff"
    header = b"\x82\xa4type\xa5frame\xa8metadata" + promise
    return Hostile([_put_together(random.choice((header, promise)), b"")], True)


def _layout(random: Random) -> Hostile:
    """Pixels of another size or type than the header says."""
    picture = random.choice((visible, thermal, result))(1)
    header, payload = _taken_apart(bytes(encode(picture)))
    name, *shape = header["pixels"]
    shape[random.randrange(len(shape))] = random.choice((0, -1, 1, 16385, 2**31, 2**62, 7))
    wrong = [
        [name, *shape],
        [random.choice(("float64", "object", "uint32", "int8", "", "<u2")), *shape],
        [name],
        [name, *shape, 3, 3],
        [name, *map(str, shape)],
    ]
    header["pixels"] = random.choice(wrong)
    return Hostile([_packed(header, payload)], True)


def _payload(random: Random) -> Hostile:
    """Pixels cut short, or more than the header says."""
    picture = random.choice((visible, thermal, result))(1)
    header, payload = _taken_apart(bytes(encode(picture)))
    changed = random.choice((payload[:-1], payload[: len(payload) // 2], b"", payload + b"\0"))
    return Hostile([_packed(header, changed)], True)


def _parts(random: Random) -> Hostile:
    """More than one part, good ones among them."""
    parts = [_good(random) for _ in range(random.choice((2, 3)))]
    parts += [b""] * random.choice((0, 1, 200))
    random.shuffle(parts)
    return Hostile(parts, True)


_LIES = (
    *(_noise, _prefix, _field, _field, _field, _kind, _nested, _huge, _layout, _payload),
    _parts,
)
