"""Pictures made of labelled tiles, and writing them."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from models.errors import ModelError

Tile = NDArray[np.uint8]

JPEG_QUALITY = 85


def tile(image: NDArray[Any], label: str, height: int) -> Tile:
    """One picture, its label on a strip at the top.

    Args:
        image: (H, W) or (H, W, 3) BGR, values in 0..255.
        label: "" for none.
        height: of the tile; a third more wide.

    Returns:
        (height, height * 4 / 3, 3) uint8.
    """
    size = (height * 4 // 3, height)
    small = np.asarray(cv2.resize(image.astype(np.uint8), size, interpolation=cv2.INTER_AREA))
    if small.ndim == 2:
        small = np.repeat(small[:, :, None], 3, axis=2)
    drawn = np.ascontiguousarray(small, dtype=np.uint8)
    if label:
        drawn[: height * 13 // 120] //= 3  # white on a darkened strip reads on any picture
        place = (height * 7 // 240, height * 3 // 40)
        scale = height / 480
        white = (255, 255, 255)
        cv2.putText(drawn, label, place, cv2.FONT_HERSHEY_SIMPLEX, scale, white, 1, cv2.LINE_AA)
    return drawn


def blank_tile(label: str, height: int) -> Tile:
    """A black tile."""
    return tile(np.zeros((1, 1)), label, height)


def write(path: Path, image: NDArray[Any]) -> None:
    """Write 0..255 in the format of the path's suffix, making folders on the way.

    Raises:
        ModelError: if OpenCV has no such format, or the file cannot be written.
    """
    quality = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
    try:
        _, data = cv2.imencode(path.suffix or ".png", image.astype(np.uint8), quality)
    except cv2.error as error:
        raise ModelError(f"{path}: OpenCV writes no such picture") from error
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.tobytes())
    except OSError as error:
        raise ModelError(f"{path}: {error.strerror or error}") from error
