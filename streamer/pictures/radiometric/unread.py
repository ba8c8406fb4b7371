"""Formats that are recognised and not read: what they are, why not, and what to do."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from streamer.pictures.errors import Cause, PictureError
from streamer.pictures.formats.orientation import jpeg_segments
from streamer.pictures.stored import StoredPicture

_EXIF, _APP3 = 0xE1, 0xE3
_DJI_RAW_BYTES = 2 * 160 * 120  # of the smallest sensor
_UNI_T_BYTES = 320 * 240


@dataclass(frozen=True, slots=True)
class Unread:
    """An adapter that says why it reads nothing; its pictures are renderings, and no counts."""

    name: str
    told: str
    recognise: Callable[[bytes], bool]
    extra: str = ""
    library: str = ""

    def recognises(self, data: bytes) -> bool:
        """Whether a file's content is of this format."""
        return self.recognise(data)

    def read(self, path: Path, data: bytes) -> StoredPicture:
        """Refuses.

        Raises:
            PictureError: always.
        """
        raise PictureError(f"{path} is a {self.name}: {self.told}", Cause.NOT_READ)


def _dji(data: bytes) -> bool:
    maker = raw = 0
    for marker, content in jpeg_segments(data):
        maker |= marker == _EXIF and b"DJI" in content[:2048]
        raw += len(content) if marker == _APP3 else 0
    return bool(maker) and raw >= _DJI_RAW_BYTES


def _hikmicro(data: bytes) -> bool:
    """HIKMICRO's name in front, and the sensor's data behind the end of the picture."""
    end = data.rfind(b"\xff\xd9", 0, max(0, len(data) - _UNI_T_BYTES // 4))
    return data.startswith(b"\xff\xd8") and b"HIKMICRO" in data[:4096].upper() and end > 0


def _uni_t(data: bytes) -> bool:
    if not data.startswith(b"BM") or len(data) < 54:
        return False
    width, height, bits = (
        int.from_bytes(data[at:end], "little", signed=True)
        for at, end in ((18, 22), (22, 26), (28, 30))
    )
    end = int.from_bytes(data[10:14], "little") + (width * bits + 31) // 32 * 4 * abs(height)
    return width > 0 and len(data) - end >= _UNI_T_BYTES


DJI = Unread(
    "radiometric JPEG of DJI (R-JPEG)",
    "its temperatures need DJI's Thermal SDK, which may not be passed on; save them as TIFF of "
    "degrees with its tool (dji_irp, measurefmt float32) or DJI's program, and give those",
    _dji,
)
HIKMICRO = Unread(
    "radiometric JPEG of HIKMICRO",
    "its layout is not published; export the temperatures as CSV or TIFF with HIKMICRO Analyzer",
    _hikmicro,
)
UNI_T = Unread(
    "BMP with thermal data behind it, as UNI-T writes it",
    "what it holds is stretched in contrast, and no temperature can be had of it; take 16-bit "
    "pictures over USB instead",
    _uni_t,
)
