"""CPTV, the Cacophony Project's thermal video: each frame a picture of raw counts.

Through its own library cptv, which is not installed by default: it is the extra `cptv` of this
package (Apache-2.0, pure Python). Counts are a Lepton's; the file does not say what they mean in
kelvin.
"""

import importlib
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from streamer.image_header import MAX_FILE_BYTES, MAX_PIXELS
from streamer.pictures.errors import Cause, PictureError

SUFFIX = ".cptv"
MAGIC = b"\x1f\x8b"  # it is compressed as a whole


def cptv_pages(path: Path) -> int:
    """How many pictures a file holds, that of its background left out.

    Raises:
        PictureError: cptv is not installed, or it cannot read the file.
    """
    return len(_frames(path, path.stat().st_mtime_ns))


def read_cptv(path: Path, page: int) -> NDArray[np.uint16]:
    """(H, W) of one picture.

    Raises:
        PictureError: cptv is not installed, or it cannot read the file.
    """
    frames = _frames(path, path.stat().st_mtime_ns)
    if page >= len(frames):
        raise PictureError(f"{path}: it has {len(frames)} pictures, not {page + 1}")
    return frames[page]


@lru_cache(maxsize=1)
def _frames(path: Path, changed_ns: int) -> tuple[NDArray[np.uint16], ...]:
    try:
        cptv: Any = importlib.import_module("cptv")
    except ModuleNotFoundError as error:
        raise PictureError(
            f"{path}: CPTV files need the library cptv: pip install 'corefusion-live[cptv]'",
            Cause.NOT_READ,
        ) from error
    if path.stat().st_size > MAX_FILE_BYTES // 16:  # it is held in memory, decompressed
        raise PictureError(f"{path}: a file of {MAX_FILE_BYTES // 2**24} MiB at most wanted")
    try:
        with path.open("rb") as file:
            reader = cptv.CPTVReader(file)
            if reader.x_resolution * reader.y_resolution > MAX_PIXELS // 100:
                raise ValueError(f"frames of {reader.x_resolution}x{reader.y_resolution}")
            frames = [
                np.ascontiguousarray(frame.pix, np.uint16)
                for frame in reader
                if not frame.background_frame
            ]
    except Exception as error:  # whatever a parser of foreign files may meet
        raise PictureError(f"{path}: cptv cannot read it: {error}") from error
    if not frames:
        raise PictureError(f"{path}: no picture in it")
    return tuple(frames)
