"""Frames that hold a picture and the heat it was made from, one above the other.

InfiRay's USB cameras and their kin send such: as high as both, in words of 16 bits. The half that
is a picture is YUYV, luma and chroma byte by byte; it is grey, so that each word's high byte is the
chroma of grey, 128. As counts those would read as hundreds of degrees.

Cameras know the layouts of certain models (`capture.formats`) and what their counts mean; this is
for all others, whatever their size.
"""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from streamer.pictures.counts import ThermalPicture

WORDS = "picture and heat stand above each other in it: the heat is taken"

_GREY_CHROMA = 128
_NEARLY_ALL, _HARDLY_ANY = 0.999, 0.01


def heat_half(counts: NDArray[Any]) -> NDArray[np.uint16] | None:
    """The half that is heat; None where a frame holds no two pictures.

    Args:
        counts: (H, W), upright. Both halves are wider than high.

    Returns:
        (H / 2, W), a copy.
    """
    rows, columns = counts.shape
    if counts.dtype != np.uint16 or rows % 2 or not rows // 2 < columns < rows:
        return None
    halves = counts[: rows // 2], counts[rows // 2 :]
    grey = [float(((half >> 8) == _GREY_CHROMA).mean()) for half in halves]
    for picture, heat in ((0, 1), (1, 0)):
        if grey[picture] >= _NEARLY_ALL and grey[heat] <= _HARDLY_ANY:
            return halves[heat].copy()
    return None


def heat_alone(picture: ThermalPicture) -> ThermalPicture:
    """A thermal picture without the one that stands above or below it, which its words tell."""
    heat = heat_half(picture.counts)
    return picture if heat is None else replace(picture, counts=heat, words=WORDS)
