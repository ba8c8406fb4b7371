"""NumPy arrays as pictures: `.npy`, one picture or a stack of them."""

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy_format
from numpy.typing import NDArray

from streamer.image_header import MAX_FILE_BYTES, MAX_PIXELS

_HEADERS = {
    (1, 0): npy_format.read_array_header_1_0,
    (2, 0): npy_format.read_array_header_2_0,
}


def npy_shape(path: Path) -> tuple[int, ...]:
    """The shape that a file claims.

    Raises:
        ValueError: it is no array.
        OSError: it cannot be read.
    """
    return npy_header(path)[0]


def read_npy(path: Path, page: int) -> NDArray[Any]:
    """One picture of a file, (H, W) or (H, W, 3); colours are red, green, blue.

    Raises:
        ValueError: it is no array of numbers, cut off, too large, or of another shape.
        OSError: it cannot be read.
    """
    shape, fortran, dtype = npy_header(path)
    if dtype.kind not in "uif":
        raise ValueError(f"an array of numbers wanted, {dtype} came")
    if path.stat().st_size > MAX_FILE_BYTES:
        raise ValueError(f"a file of {MAX_FILE_BYTES // 2**20} MiB at most wanted")
    if not 2 <= len(shape) <= 4 or 0 in shape:
        raise ValueError(f"(H, W), (H, W, 3) or a stack of them wanted, {shape} came")
    if int(np.prod(shape[-2:])) > MAX_PIXELS:
        raise ValueError(f"{MAX_PIXELS // 10**6} megapixels at most wanted, {shape} came")
    if fortran:
        array = np.load(path, allow_pickle=False)
    else:  # only the page that is asked for
        array = np.load(path, allow_pickle=False, mmap_mode="r")
    colour = len(shape) in (3, 4) and shape[-1] in (3, 4)
    stacked = len(shape) - (3 if colour else 2)
    if stacked > 1 or (len(shape) == 4 and not colour):
        raise ValueError(f"(H, W), (H, W, 3) or a stack of them wanted, {shape} came")
    picture = np.array(array[page] if stacked else array)
    native = picture.astype(picture.dtype.newbyteorder("="), copy=False)
    return np.ascontiguousarray(native)


def npy_header(path: Path) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Shape, whether columns come first, and type.

    Raises:
        ValueError: it is no array.
        OSError: it cannot be read.
    """
    with path.open("rb") as opened:
        file = BytesIO(opened.read(2**16))
    version = npy_format.read_magic(file)
    if version not in _HEADERS:
        raise ValueError(f"an array file of version {version}")
    shape, fortran, dtype = _HEADERS[version](file)
    return tuple(shape), bool(fortran), dtype
