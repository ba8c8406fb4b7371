"""FLIR radiometric JPEGs: temperatures and the visible picture inside, through the library flyr.

flyr is not installed by default: it is the extra `flir` of this package (EUPL 1.2, pure Python).
"""

import importlib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from streamer.pictures.errors import Cause, PictureError
from streamer.pictures.formats.orientation import jpeg_segments
from streamer.pictures.stored import Metadata, StoredPicture

_APP1, _SEGMENT = 0xE1, b"FLIR\0"
_HEAD = 8  # of a segment: FLIR, zero, version, number, last number
_MAGIC = (b"FFF\0", b"AFF\0")
_DIRECTORY_AT, _ENTRY_BYTES, _RAW_RECORD = 24, 32, 1
_KEPT = ("emissivity", "object_distance", "reflected_apparent_temperature", "relative_humidity")
_CHROMA_CENTRE, _CHROMA_OFF = 128, 32


class FlirJpeg:
    """Stills of FLIR cameras, also of several models in one folder."""

    name = "FLIR radiometric JPEG"
    extra = "flir"
    library = "flyr (EUPL-1.2)"
    told = (
        "Temperatures of every pixel by the camera's own parameters, and the visible picture "
        "inside, cropped to the thermal one's field where the file states it."
    )

    def recognises(self, data: bytes) -> bool:
        """Whether there is a segment of FLIR's own; a maker's name alone says nothing."""
        return any(
            marker == _APP1 and content.startswith(_SEGMENT)
            for marker, content in jpeg_segments(data)
        )

    def read(self, path: Path, data: bytes) -> StoredPicture:
        """Kelvin, by Planck's law and the parameters in the file.

        Raises:
            PictureError: flyr is not installed, or it cannot read the file.
        """
        empty = _holds_no_record(data)
        try:
            flyr: Any = importlib.import_module("flyr")
        except ModuleNotFoundError as error:
            if empty:
                raise _no_record(path) from error
            raise PictureError(
                f"{path}: FLIR JPEGs need the library flyr: pip install 'corefusion-live[flir]'",
                Cause.NOT_READ,
            ) from error
        try:
            picture = flyr.unpack(str(path))
            kelvin = np.asarray(picture.kelvin, np.float64)
            optical = None if picture.optical is None else np.asarray(picture.optical)
        except Exception as error:  # whatever a parser of foreign files may meet
            if empty:
                raise _no_record(path) from error
            raise PictureError(f"{path}: flyr cannot read it: {error}") from error
        known: dict[str, Any] = dict(picture.metadata or {})
        metadata: Metadata = {"file": path.name}
        metadata |= {name: float(known[name]) for name in _KEPT if name in known}
        visible = None
        if optical is not None and optical.dtype == np.uint8 and min(optical.shape[:2]) > 0:
            visible = _in_common_field(_bgr(optical), kelvin, picture)
        return StoredPicture(kelvin, metadata=metadata, visible=visible, kelvin=True)


def made_by_flir(data: bytes) -> bool:
    """Whether EXIF names FLIR as the maker."""
    return any(
        marker == _APP1 and content.startswith(b"Exif") and b"FLIR" in content
        for marker, content in jpeg_segments(data)
    )


def _no_record(path: Path) -> PictureError:
    return PictureError(
        f"{path}: no radiometric record in its FLIR segment (saved without, or by another program)",
        Cause.NOT_RADIOMETRIC,
    )


def _holds_no_record(data: bytes) -> bool:
    """Whether FLIR's segment is whole and lists records, none of them raw thermal data."""
    parts = [
        content[_HEAD:]
        for marker, content in jpeg_segments(data)
        if marker == _APP1 and content.startswith(_SEGMENT)
    ]
    block = b"".join(parts)
    if not block.startswith(_MAGIC) or len(block) < 64:
        return False
    version = block[20:24]
    order: Any = "big" if version[3] or not any(version) else "little"
    start, count = (
        int.from_bytes(block[at : at + 4], order) for at in (_DIRECTORY_AT, _DIRECTORY_AT + 4)
    )
    entries = [
        block[start + number * _ENTRY_BYTES :][:_ENTRY_BYTES] for number in range(min(count, 1000))
    ]
    kinds = [int.from_bytes(entry[:2], order) for entry in entries if len(entry) == _ENTRY_BYTES]
    return _RAW_RECORD not in kinds


def _bgr(optical: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Of RGB, grey, or the luma and chroma that some models store as if they were RGB."""
    if optical.ndim == 2:
        return np.asarray(cv2.cvtColor(optical, cv2.COLOR_GRAY2BGR), dtype=np.uint8)
    channels = np.ascontiguousarray(optical[..., :3])
    luma, *chroma = (channels[..., index].astype(np.float32) for index in range(3))
    if all(
        abs(float(each.mean()) - _CHROMA_CENTRE) < _CHROMA_OFF
        and float(each.std()) < float(luma.std()) / 2
        for each in chroma
    ):
        return np.asarray(cv2.cvtColor(channels, cv2.COLOR_YCrCb2BGR), dtype=np.uint8)
    return np.ascontiguousarray(channels[..., ::-1])


def _in_common_field(
    visible: NDArray[np.uint8], kelvin: NDArray[Any], picture: Any
) -> NDArray[np.uint8]:
    """The part of the visible picture that the thermal one shows, where the file states it."""
    field: Any = getattr(picture, "pip_info", None) or getattr(picture, "picture_in_picture", None)
    ratio = float(getattr(field, "real_to_ir", 0) or getattr(picture, "real_to_ir", 0) or 0)
    if not 1 <= ratio < 100:
        return visible
    rows, columns = visible.shape[:2]
    width = round(columns / ratio)
    height = round(width * kelvin.shape[0] / kelvin.shape[1])
    left = columns // 2 - width // 2 + int(getattr(field, "offset_x", 0) or 0)
    top = rows // 2 - height // 2 + int(getattr(field, "offset_y", 0) or 0)
    beyond = max(0, -left, -top, left + width - columns, top + height - rows)
    if beyond >= min(rows, columns):
        return visible
    if beyond:  # the thermal camera sees more than the visible one there
        visible = np.asarray(
            cv2.copyMakeBorder(visible, beyond, beyond, beyond, beyond, cv2.BORDER_REPLICATE),
            dtype=np.uint8,
        )
        left, top = left + beyond, top + beyond
    return np.ascontiguousarray(visible[top : top + height, left : left + width])
