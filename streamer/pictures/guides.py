"""A stored picture as a visible one: 8 bits a colour, of whatever depth it was."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from streamer.pictures.errors import Cause, PictureError
from streamer.pictures.stored import StoredPicture

_DEPTHS = (10, 12, 14, 16)


class GuideDepth:
    """How many of 16 bits a source's pictures use: 10, 12, 14 or all.

    Cameras write 12 bits into 16 without saying so. The depth of a source only ever grows: its
    pictures keep their brightness among each other once its brightest was seen.
    """

    def __init__(self) -> None:
        self._bits = _DEPTHS[0]

    def levels(self, pixels: NDArray[np.uint16]) -> NDArray[np.uint8]:
        """The pictures' samples as 8 bits, their highest ones."""
        top = int(pixels.max())
        self._bits = max(self._bits, next(bits for bits in _DEPTHS if top < 1 << bits))
        return (pixels >> (self._bits - 8)).astype(np.uint8)


def visible_picture(
    stored: StoredPicture, name: str, depth: GuideDepth | None = None
) -> NDArray[np.uint8]:
    """(H, W, 3) uint8 BGR.

    Args:
        stored: as decoded; of a radiometric still the visible picture in it is meant.
        name: what an error names.
        depth: of the source that it is from; None looks at this picture alone.

    Raises:
        PictureError: it is no visible picture.
    """
    if stored.kelvin or stored.heat:
        if stored.visible is None:
            raise PictureError(
                f"{name} is a radiometric still without a visible picture in it", Cause.NO_VISIBLE
            )
        return stored.visible
    pixels: NDArray[Any] = stored.pixels
    if pixels.dtype == np.uint16:
        pixels = (depth or GuideDepth()).levels(pixels)
    elif pixels.dtype != np.uint8:
        raise PictureError(
            f"{name}: 8 or 16 bits a sample wanted of a visible picture, {pixels.dtype} came; "
            "is it the thermal one?",
            Cause.FORMAT,
        )
    if pixels.ndim == 2:
        return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR), dtype=np.uint8)
    return pixels
