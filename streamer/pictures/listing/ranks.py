"""How much a file can hold of heat, told from its head: 8 bits are left out beside more."""

from enum import IntEnum
from pathlib import Path

from streamer.pictures.formats import cptv, fff
from streamer.pictures.formats.npy import npy_header
from streamer.pictures.formats.tiff import tiff_dtype
from streamer.pictures.radiometric import adapter_of

_HEAD_BYTES = 2**17  # the segments of a JPEG's makers stand in front
_PNG, _TIFF = b"\x89PNG\r\n\x1a\n", (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_EIGHT_BITS = (b"\xff\xd8", b"BM", b"RIFF")  # JPEG, BMP and WebP


class Rank(IntEnum):
    """Of a picture: 8-bit pictures beside 16-bit ones are previews of them, or another scale."""

    UNKNOWN = -1  # decoding it will say what is wrong with it
    PLAIN = 0  # 8 bits
    DEEP = 1  # 16 bits, or readings
    RADIOMETRIC = 2  # a maker's still with temperatures in it


def rank_of(path: Path) -> Rank:
    """The rank of a file."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
        if head.startswith(_PNG):
            return Rank.DEEP if head[24:25] == b"\x10" else Rank.PLAIN
        if head.startswith(_TIFF):
            return Rank.DEEP if tiff_dtype(path) != "uint8" else Rank.PLAIN
        if head.startswith((cptv.MAGIC, *fff.MAGIC)):
            return Rank.DEEP
        if head.startswith(b"\x93NUMPY"):
            return Rank.DEEP if npy_header(path)[2] != "uint8" else Rank.PLAIN
        if head[:2] in (b"P5", b"P6", b"P2", b"P3"):
            return _rank_of_pnm(head)
        if adapter_of(head) is not None:
            return Rank.RADIOMETRIC
    except (OSError, ValueError):
        return Rank.UNKNOWN
    return Rank.PLAIN if head.startswith(_EIGHT_BITS) else Rank.UNKNOWN


def _rank_of_pnm(head: bytes) -> Rank:
    lines = (line.partition(b"#")[0] for line in head[:4096].split(b"\n"))
    words = b" ".join(lines).split()
    deep = len(words) > 3 and words[3].isdigit() and int(words[3][:10]) > 255
    return Rank.DEEP if deep else Rank.PLAIN
