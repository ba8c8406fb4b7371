"""Stills whose raw counts can be read, and whose degrees cannot: the way to these is not published.

DJI's R-JPEGs hold the sensor's counts in segments APP3, as GDAL and ExifTool read them; HIKMICRO's
in a block HDRI behind the picture, as owners have published. Both are 16 bits, little-endian.
"""

import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from streamer.image_header import MAX_PIXELS
from streamer.pictures.errors import Cause, PictureError
from streamer.pictures.formats.orientation import jpeg_segments
from streamer.pictures.stored import StoredPicture

_EXIF, _APP3 = 0xE1, 0xE3
_DJI_SHAPES = ((512, 640), (1024, 1280), (256, 336), (120, 160))
_HDRI, _HDRI_BYTES = b"HDRI", 44
_HDRI_SIZE_AT = 12


class DjiJpeg:
    """R-JPEGs of DJI's drones."""

    name = "radiometric JPEG of DJI (R-JPEG)"
    extra = ""
    library = ""
    told = (
        "Raw counts of every pixel, without degrees: these need DJI's Thermal SDK, which may not "
        "be passed on. For degrees, save them as TIFF with its tool (dji_irp, measurefmt "
        "float32) or DJI's program, and give those."
    )

    def recognises(self, data: bytes) -> bool:
        """Whether DJI is named as the maker, and APP3 holds as much as the smallest sensor."""
        maker = raw = 0
        for marker, content in jpeg_segments(data):
            maker |= marker == _EXIF and b"DJI" in content[:2048]
            raw += len(content) if marker == _APP3 else 0
        return bool(maker) and raw >= 2 * min(rows * columns for rows, columns in _DJI_SHAPES)

    def read(self, path: Path, data: bytes) -> StoredPicture:
        """Raw counts.

        Raises:
            PictureError: they are of no known sensor.
        """
        raw = b"".join(content for marker, content in jpeg_segments(data) if marker == _APP3)
        for rows, columns in _DJI_SHAPES:
            if len(raw) == 2 * rows * columns:
                return _stored(path, raw, rows, columns)
        raise PictureError(
            f"{path} is a {self.name}, whose {len(raw)} bytes are of no sensor that is known: save "
            "it as TIFF of degrees with DJI's program, and give that",
            Cause.NOT_READ,
        )


class HikmicroJpeg:
    """Stills of HIKMICRO's cameras."""

    name = "radiometric JPEG of HIKMICRO"
    extra = ""
    library = ""
    told = (
        "Raw counts of every pixel, by the layout that owners have published, without degrees: the "
        "way to these is not. For degrees, export them as TIFF with HIKMICRO Analyzer."
    )

    def recognises(self, data: bytes) -> bool:
        """Whether a block of HIKMICRO's follows the picture, or its name stands in front."""
        if not data.startswith(b"\xff\xd8"):
            return False
        end = data.rfind(b"\xff\xd9", 0, max(0, len(data) - 160 * 120))
        named = b"HIKMICRO" in data[:4096].upper()
        return end > 0 and (named or data.startswith(_HDRI, end + 2))

    def read(self, path: Path, data: bytes) -> StoredPicture:
        """Raw counts.

        Raises:
            PictureError: they are not laid out as published.
        """
        at = data.rfind(_HDRI)
        if at >= 0 and at + _HDRI_BYTES <= len(data):
            columns, rows = struct.unpack_from("<II", data, at + _HDRI_SIZE_AT)
            raw = data[at + _HDRI_BYTES :][: 2 * rows * columns]
            if 0 < rows * columns <= MAX_PIXELS and len(raw) == 2 * rows * columns:
                return _stored(path, raw, rows, columns)
        raise PictureError(
            f"{path} is a {self.name}, and not laid out as published: export its temperatures as "
            "CSV or TIFF with HIKMICRO Analyzer",
            Cause.NOT_READ,
        )


def _stored(path: Path, raw: bytes, rows: int, columns: int) -> StoredPicture:
    counts: NDArray[np.uint16] = np.frombuffer(raw, "<u2").reshape(rows, columns).astype(np.uint16)
    return StoredPicture(counts, metadata={"file": path.name}, heat=True)
