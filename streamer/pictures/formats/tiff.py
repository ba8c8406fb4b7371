"""TIFF: pages of every depth and sign, with the calibration that ImageJ and our exports write."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import tifffile
from numpy.typing import NDArray

from streamer.image_header import MAX_FILE_BYTES, MAX_PIXELS
from streamer.messages import ZERO_CELSIUS_K, Radiometry
from streamer.pictures.formats.opencv import silence_opencv
from streamer.pictures.formats.orientation import turned
from streamer.pictures.stored import Metadata, StoredPicture, is_coloured

_ORIENTATION, _NO_DATA = 274, 42113
_WHITE_IS_ZERO, _PALETTE = 0, 3
_KEPT = ("sequence", "time", "note")
_STRAIGHT_LINE = 0  # ImageJ's number of that function


def tiff_pages(path: Path) -> int:
    """How many pictures a file holds; smaller copies of them are none.

    Raises:
        ValueError: it is damaged.
        OSError: it cannot be read.
    """
    with _opened(path) as file:
        return len(_frames(file))


def tiff_dtype(path: Path) -> np.dtype[Any]:
    """The type of the samples of its first page.

    Raises:
        ValueError: it is damaged.
        OSError: it cannot be read.
    """
    with _opened(path) as file:
        return np.dtype(file.pages.first.dtype)


def read_tiff(path: Path, page: int) -> StoredPicture:
    """One page, upright, every bit.

    Raises:
        ValueError: it is damaged, too large, or of a layout that cannot be read exactly.
        OSError: it cannot be read.
    """
    if path.stat().st_size > MAX_FILE_BYTES:
        raise ValueError(f"a file of {MAX_FILE_BYTES // 2**20} MiB at most wanted")
    with _opened(path) as file:
        frames = _frames(file)
        if page >= len(frames):
            raise ValueError(f"it has {len(frames)} pages, not {page + 1}")
        series, index = frames[page]
        return _picture(file, path, series, index)


@contextmanager
def _opened(path: Path) -> Iterator[tifffile.TiffFile]:
    """The open file; whatever a damaged one makes of its reader is a ValueError."""
    logging.getLogger("tifffile").setLevel(logging.CRITICAL)  # our errors name the file
    try:
        with tifffile.TiffFile(path) as file:
            yield file
    except (OSError, ValueError):
        raise
    except Exception as error:  # whatever a parser of foreign files may meet
        raise ValueError(f"a damaged TIFF: {error}") from error


def _frames(file: tifffile.TiffFile) -> list[tuple[int, int]]:
    """(series, index in it) of each picture."""
    frames = []
    for number, series in enumerate(file.series):
        if series.keyframe.is_reduced:
            continue
        count = int(np.prod(series.shape, dtype=np.int64)) // _samples(series.keyframe)
        if count > MAX_PIXELS:
            raise ValueError(f"{count} pictures in one file")
        frames += [(number, index) for index in range(count)]
    return frames


def _samples(page: Any) -> int:
    return max(1, int(np.prod(page.shape, dtype=np.int64)))


def _picture(file: tifffile.TiffFile, path: Path, number: int, index: int) -> StoredPicture:
    series = file.series[number]
    page = series.keyframe
    if page.imagewidth * page.imagelength > MAX_PIXELS:
        raise ValueError(
            f"{MAX_PIXELS // 10**6} megapixels at most wanted, "
            f"{page.imagewidth}x{page.imagelength} came"
        )
    pixels = _pixels(path, file, number, index)
    rendering = ""
    if page.photometric == _PALETTE:
        rendering = "with a palette"
    elif page.photometric == _WHITE_IS_ZERO:
        rendering = "with an inverted grey palette (white is zero)"
    if page.axes.startswith("S") and pixels.ndim == 3:  # one plane a colour
        pixels = np.moveaxis(pixels, 0, 2)
    if pixels.ndim == 3:
        rendering = rendering or ("with opacity" if page.extrasamples else "")
        channels = pixels.shape[2]
        if channels == 2:
            pixels = pixels[..., 0]
        elif channels in (3, 4):
            pixels = np.ascontiguousarray(pixels[..., 2::-1])
        else:
            raise ValueError(f"1, 3 or 4 channels wanted, {channels} came")
    if pixels.ndim == 3 and pixels.dtype.kind == "u" and is_coloured(pixels):
        rendering = "in colour"
    tag = page.tags.get(_ORIENTATION)
    pixels = turned(pixels, int(tag.value) if tag is not None else 1)
    no_data = page.tags.get(_NO_DATA)
    if no_data is not None and pixels.dtype.kind == "f":
        pixels = np.where(pixels == float(str(no_data.value)), np.nan, pixels)
    radiometry, metadata = _calibration(file)
    return StoredPicture(pixels, rendering, radiometry, metadata=metadata)


def _pixels(path: Path, file: tifffile.TiffFile, number: int, index: int) -> NDArray[Any]:
    series = file.series[number]
    page = series.keyframe
    bits = page.bitspersample
    if bits not in (8, 16, 32, 64):
        return _unpacked(file, series.pages[index] or page, bits)
    wanted = np.dtype(page.dtype).newbyteorder("=")
    own: Any = series.pages[index] if index < len(series.pages) else None
    try:
        if own is not None and len(series.pages) == len(_stack_of(series)):
            pixels = own.asarray()
        else:
            pixels = _stack(path, path.stat().st_mtime_ns, number)[index]
    except ValueError:  # a compression that tifffile leaves to a large library; OpenCV has LZW
        if own is None:
            raise
        pixels = _by_opencv(path, path.stat().st_mtime_ns, own.index)
    if pixels.dtype != wanted:
        raise ValueError(f"{wanted} stored, {pixels.dtype} decoded: not exact")
    return np.ascontiguousarray(pixels.astype(wanted, copy=False))


def _stack_of(series: Any) -> range:
    return range(int(np.prod(series.shape, dtype=np.int64)) // _samples(series.keyframe))


@lru_cache(maxsize=1)
def _stack(path: Path, changed_ns: int, number: int) -> NDArray[Any]:
    """(pages, H, W[, C]) of a stack that has one directory for all its pages."""
    with _opened(path) as file:
        series = file.series[number]
        stack = series.asarray()
        return stack.reshape(len(_stack_of(series)), *series.keyframe.shape)


def _by_opencv(path: Path, changed_ns: int, page: int) -> NDArray[Any]:
    done, pages = _decoded_by_opencv(path, changed_ns)
    if not done or page >= len(pages):
        raise ValueError("a compression that cannot be read here")
    picture = pages[page]
    return picture if picture.ndim == 2 else np.ascontiguousarray(picture[..., ::-1])


@lru_cache(maxsize=1)
def _decoded_by_opencv(path: Path, changed_ns: int) -> tuple[bool, tuple[NDArray[Any], ...]]:
    try:
        silence_opencv()  # of tags that it knows not
        data = np.frombuffer(path.read_bytes(), np.uint8)
        done, pages = cv2.imdecodemulti(data, cv2.IMREAD_UNCHANGED)
    except cv2.error:
        return False, ()
    return done, tuple(np.asarray(each) for each in pages)


def _unpacked(file: tifffile.TiffFile, page: Any, bits: Any) -> NDArray[np.uint16]:
    """(H, W) of samples of other than whole bytes: rows of bits, the highest first."""
    if not isinstance(bits, int) or bits > 16 or page.samplesperpixel != 1 or page.compression != 1:
        raise ValueError(f"{bits} bits a sample, packed or compressed: not read exactly")
    height, width = page.imagelength, page.imagewidth
    segments: Any = file.filehandle.read_segments(page.dataoffsets, page.databytecounts)
    data = b"".join(segment or b"" for segment, _ in segments)
    row = -(-width * bits // 8)
    if len(data) < row * height or page.is_tiled:
        raise ValueError(f"{bits} bits a sample: cut off, or in tiles")
    rows = np.frombuffer(data, np.uint8, row * height).reshape(height, row)
    each = np.unpackbits(rows, axis=1)[:, : width * bits].reshape(height, width, bits)
    weights = 1 << np.arange(bits - 1, -1, -1)
    samples: NDArray[np.uint16] = (each * weights).sum(axis=2).astype(np.uint16)
    return samples


def _calibration(file: tifffile.TiffFile) -> tuple[Radiometry | None, Metadata]:
    told = file.imagej_metadata
    if not told:
        return None, {}
    metadata: Metadata = {name: told[name] for name in _KEPT if name in told}
    if "gain_k" in told and "offset_k" in told:  # our own export, in full
        return _line(told["gain_k"], told["offset_k"]), metadata
    unit = str(told.get("vunit", "")).strip().strip("°").lower()
    if told.get("cf") != _STRAIGHT_LINE or "c0" not in told or "c1" not in told:
        return None, metadata
    if unit in ("c", "celsius", "degc", "deg c", "degrees celsius", "degree celsius", "\\u00b0c"):
        return _line(told["c1"], float(told["c0"]) + ZERO_CELSIUS_K), metadata
    if unit in ("k", "kelvin"):
        return _line(told["c1"], told["c0"]), metadata
    return None, metadata


def _line(gain_k: Any, offset_k: Any) -> Radiometry | None:
    line = Radiometry(float(gain_k), float(offset_k))
    return line if line.invertible else None
