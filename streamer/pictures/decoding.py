"""One picture as its file stores it: upright, every bit of it, or an error that says why not."""

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from streamer.image_header import image_size, read_within_limit
from streamer.pictures.errors import Cause, PictureError
from streamer.pictures.formats import cptv, fff, pnm
from streamer.pictures.formats.findings import finding
from streamer.pictures.formats.npy import read_npy
from streamer.pictures.formats.opencv import silence_opencv
from streamer.pictures.formats.orientation import orientation_of, png_chunks, turned
from streamer.pictures.formats.pnm import read_text_pnm
from streamer.pictures.formats.taken import taken_at
from streamer.pictures.formats.tiff import read_tiff
from streamer.pictures.listing.sources import PictureRef
from streamer.pictures.radiometric import adapter_of
from streamer.pictures.radiometric.flir_sequence import read_sequence
from streamer.pictures.stored import StoredPicture, is_coloured

_PNG, _JPEG, _BMP = b"\x89PNG\r\n\x1a\n", b"\xff\xd8", b"BM"
_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_NPY = b"\x93NUMPY"
_PNG_PALETTE, _PNG_GREY = 3, 0
_UNPACKED = {1: 255, 2: 85, 4: 17}  # what OpenCV multiplies short PNG samples by


def read_stored(picture: PictureRef) -> StoredPicture:
    """Decodes a picture.

    Raises:
        PictureError: it is damaged, too large, of a layout that cannot be read exactly, or a
            radiometric still whose data cannot be read.
    """
    return read_stored_file(picture.path, picture.page)


def read_stored_file(path: Path, page: int = 0) -> StoredPicture:
    """Decodes a page of a file; as `read_stored`.

    Raises:
        PictureError: as `read_stored`.
    """
    stored = _decoded(path, page)
    if not stored.pixels.size or stored.pixels.ndim < 2:  # what a damaged header makes of one
        sides = "x".join(map(str, stored.pixels.shape))
        raise PictureError(f"{path} cannot be decoded: a picture of {sides} pixels")
    return stored


def _decoded(path: Path, page: int) -> StoredPicture:
    try:
        head = _head(path)
        if head.startswith(_TIFF):
            return read_tiff(path, page)
        if head.startswith(_NPY):
            return _of_array(read_npy(path, page))
        if head.startswith(cptv.MAGIC) and path.suffix.lower() == cptv.SUFFIX:
            return StoredPicture(cptv.read_cptv(path, page))
        if head.startswith(fff.MAGIC):
            return read_sequence(path, page)
        words = finding(path)
        if words:
            raise PictureError(f"{path}: {words}")
        data = read_within_limit(path)
        adapter = adapter_of(data)
        if adapter is None:
            image_size(data)  # before a decoder makes room for it
            if data.startswith(pnm.MAGIC):
                return _of_array(read_text_pnm(data))
    except OSError as error:
        raise PictureError(f"{path}: {error.strerror or error}") from error
    except ValueError as error:
        raise PictureError(f"{path} cannot be decoded: {error}", _cause(error)) from error
    if adapter is not None:
        return _radiometric(path, path.stat().st_mtime_ns)
    return _of_image(path, data)


@lru_cache(maxsize=2)  # its thermal picture and its visible one are asked for in turn
def _radiometric(path: Path, changed_ns: int) -> StoredPicture:
    data = path.read_bytes()
    adapter = adapter_of(data)
    assert adapter is not None
    return _dated(adapter.read(path, data), data)


def _dated(stored: StoredPicture, data: bytes) -> StoredPicture:
    """With when it was taken, where EXIF says."""
    taken = taken_at(data)
    return replace(stored, metadata={**stored.metadata, "taken": taken}) if taken else stored


def _cause(error: ValueError) -> Cause:
    return Cause.FORMAT if "exact" in str(error) else Cause.UNDECODABLE


def _head(path: Path) -> bytes:
    if not path.is_file():
        raise ValueError("a regular file wanted")
    with path.open("rb") as file:
        return file.read(16)


def _of_array(array: NDArray[Any]) -> StoredPicture:
    if array.ndim == 2:
        return StoredPicture(array)
    if array.dtype.kind != "u":
        raise ValueError(f"colours of whole numbers wanted, {array.dtype} came")
    pixels = np.ascontiguousarray(array[..., 2::-1])
    return StoredPicture(pixels, "in colour" if is_coloured(pixels) else "")


def _of_image(path: Path, data: bytes) -> StoredPicture:
    try:
        silence_opencv()
        # Unchanged is as stored: it is turned below, every kind of file alike.
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error:
        picture = None
    if picture is None:
        raise PictureError(f"{path} cannot be decoded: damaged, or of a kind that OpenCV has not")
    pixels: NDArray[Any] = np.asarray(picture)
    if pixels.ndim == 3 and pixels.shape[2] == 1:
        pixels = pixels[..., 0]
    rendering = _palette(data)
    if pixels.ndim == 3 and pixels.shape[2] == 4:
        if pixels[..., 3].min() < np.iinfo(pixels.dtype).max:
            rendering = rendering or "with opacity"
        pixels = np.ascontiguousarray(pixels[..., :3])
    if pixels.ndim == 3 and is_coloured(pixels):
        rendering = rendering or "in colour"
    if pixels.ndim == 2 and data.startswith(_PNG) and data[25] == _PNG_GREY:
        pixels = pixels // _UNPACKED.get(data[24], 1)
    lossy = data.startswith(_JPEG) or data[8:16] == b"WEBPVP8 "
    return _dated(StoredPicture(turned(pixels, orientation_of(data)), rendering, lossy=lossy), data)


def _palette(data: bytes) -> str:
    """What a file's palette makes of its samples; empty where it leaves them as they are."""
    entries = b""
    if data.startswith(_PNG) and data[25] == _PNG_PALETTE:
        entries = next((content for kind, content in png_chunks(data) if kind == b"PLTE"), b"")
        table = np.frombuffer(entries[: len(entries) // 3 * 3], np.uint8).reshape(-1, 3)
    elif data.startswith(_BMP) and len(data) > 54 and 0 < _bmp_bits(data) <= 8:
        start, end = 14 + int.from_bytes(data[14:18], "little"), data[10:14]
        entries = data[start : int.from_bytes(end, "little")]
        table = np.frombuffer(entries[: len(entries) // 4 * 4], np.uint8).reshape(-1, 4)[:, :3]
    if not entries or not len(table):
        return ""
    if (np.ptp(table, axis=1) > 0).any():
        return "with a palette"
    levels = table[:, 0].astype(int)
    if np.array_equal(levels, np.arange(len(levels))):
        return ""
    inverted = len(levels) > 1 and levels[0] > levels[-1]
    return f"with {'an inverted' if inverted else 'a'} grey palette"


def _bmp_bits(data: bytes) -> int:
    return int.from_bytes(data[28:30], "little")
