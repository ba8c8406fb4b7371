"""A film of several ways to make the same pictures, side by side, each with its name."""

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from models.errors import ModelError
from models.imaging.contact_sheet import tile
from models.imaging.metrics import Image

RATE_HZ = 10.0
"""Pictures a second: those of the camera that the paths are made for."""

SUFFIXES = (".mp4", ".m4v", ".mov", ".mkv", ".avi")

_HEIGHT = 480


class Film:
    """A video file, opened with its first pictures; it gets its name when it is whole.

    Args:
        path: the file; an older one of that name is replaced. None: nothing is filmed.

    Raises:
        ModelError: for a name that is none of a video.
    """

    def __init__(self, path: Path | None) -> None:
        if path is not None and path.suffix.lower() not in SUFFIXES:
            wanted = f"{', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}"
            came = path.suffix or "none"
            raise ModelError(f"{path}: a film takes the suffixes {wanted}; {came} came")
        self._path = path
        self._writer: cv2.VideoWriter | None = None

    def __enter__(self) -> Self:
        """It is completed at the end of the block, or left out where that fails."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Completes the film, or removes what there is of it."""
        if self._writer is None or self._path is None:
            return
        self._writer.release()
        if kind is None:
            _part(self._path).replace(self._path)
        else:
            _part(self._path).unlink(missing_ok=True)

    def add(self, pictures: Mapping[str, Image]) -> None:
        """Appends a moment.

        Args:
            pictures: by name, (H, W) in 8-bit levels, all of one moment.

        Raises:
            ModelError: the file cannot be written.
        """
        if self._path is None:
            return
        tiles = [
            tile(cv2.applyColorMap(_levels(picture), cv2.COLORMAP_INFERNO), name, _HEIGHT)
            for name, picture in pictures.items()
        ]
        moment = np.hstack(tiles)
        if self._writer is None:
            self._writer = _opened(self._path, (moment.shape[1], moment.shape[0]))
        self._writer.write(moment)


def _opened(path: Path, size: tuple[int, int]) -> cv2.VideoWriter:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ModelError(f"{path}: {error.strerror or error}") from error
    kind = cv2.VideoWriter.fourcc(*"mp4v")
    writer = cv2.VideoWriter(str(_part(path)), cv2.CAP_FFMPEG, kind, RATE_HZ, size)
    if not writer.isOpened():
        raise ModelError(f"{path}: the film cannot be written")
    return writer


def _part(path: Path) -> Path:
    return path.with_name(f"{path.stem}.part{path.suffix}")


def _levels(picture: Image) -> NDArray[np.uint8]:
    return np.clip(np.rint(picture), 0, 255).astype(np.uint8)
