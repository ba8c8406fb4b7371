"""When a picture was taken, by EXIF."""

import struct
from datetime import UTC, datetime
from pathlib import Path

from streamer.pictures.formats.orientation import exif_blocks, exif_entries

_IFD, _DATE = 0x8769, 0x0132
_ORIGINAL, _FRACTION, _OFFSET = 0x9003, 0x9291, 0x9011
_ASCII, _LONG = 2, 4
_HEAD_BYTES = 2**17


def taken_at(data: bytes) -> str:
    """ISO 8601 with what is known of the fraction and of the offset from UTC; empty where unknown.

    Args:
        data: of a JPEG, PNG or WebP; its beginning will do.
    """
    for block in exif_blocks(data):
        try:
            words = _words(block)
        except (struct.error, ValueError):
            continue
        date = words.get(_ORIGINAL) or words.get(_DATE, "")
        try:
            moment = datetime.strptime(date, "%Y:%m:%d %H:%M:%S")
        except ValueError:
            continue
        fraction, offset = words.get(_FRACTION, ""), words.get(_OFFSET, "")
        text = moment.isoformat()
        if _ORIGINAL in words and fraction.isdigit():
            text += f".{fraction[:6]:0<6}"
        if _ORIGINAL in words and len(offset) == 6 and offset[0] in "+-":
            text += offset
        return text if _parsed(text) else moment.isoformat()
    return ""


def taken_ns(path: Path) -> int | None:
    """Nanoseconds since 1970; without an offset from UTC as if it were UTC. None where unknown.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        moment = _parsed(taken_at(file.read(_HEAD_BYTES)))
    if moment is None:
        return None
    since = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - datetime(
        1970, 1, 1, tzinfo=UTC
    )
    return (since.days * 86_400 + since.seconds) * 10**9 + since.microseconds * 1000


def _parsed(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _words(block: bytes) -> dict[int, str]:
    """The texts of both directories, by their tags."""
    found = {}
    order, entries = exif_entries(block)
    entries = dict(entries)
    if _IFD in entries and entries[_IFD][0] == _LONG:
        (at,) = struct.unpack_from(order + "I", block, entries[_IFD][2])
        entries |= exif_entries(block, at)[1]
    for tag in (_DATE, _ORIGINAL, _FRACTION, _OFFSET):
        kind, count, at = entries.get(tag, (0, 0, 0))
        if kind == _ASCII and count <= 64:
            if count > 4:
                (at,) = struct.unpack_from(order + "I", block, at)
            found[tag] = block[at : at + count].split(b"\0")[0].decode("ascii").strip()
    return found
