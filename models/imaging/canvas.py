"""The output's size: how it follows from the sensor's, and how pictures are brought to it."""

from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

Canvas = tuple[int, int]
"""(H, W) in pixels."""

Pixel = TypeVar("Pixel", np.uint8, np.float32)


def canvas_for(sensor_hw: Canvas) -> Canvas:
    """The integer multiple of the sensor whose width is nearest 640, x2 to x16."""
    rows, columns = sensor_hw
    # Of two that are equally near the larger: x3 for a sensor of 256 columns.
    scale = min(range(2, 17), key=lambda s: (abs(s * columns - 640), -s))
    return rows * scale, columns * scale


def fitted(guide: NDArray[np.uint8], canvas: Canvas) -> NDArray[np.uint8]:
    """The guide at the canvas's size; averaged where it shrinks, else it would alias."""
    if guide.shape[:2] == canvas:
        return guide
    shrinks = guide.shape[0] >= canvas[0] and guide.shape[1] >= canvas[1]
    how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(guide, canvas[::-1], interpolation=how), dtype=np.uint8)


def padded_size(canvas: Canvas, stride: int) -> Canvas:
    """The canvas, grown to multiples of the network's stride."""
    rows, columns = (-(-side // stride) * stride for side in canvas)
    return rows, columns


def padded(picture: NDArray[Pixel], stride: int) -> NDArray[Pixel]:
    """Border pixels repeated at the bottom and right up to multiples of the stride."""
    rows, columns = picture.shape[:2]
    bottom, right = -rows % stride, -columns % stride
    if bottom == 0 and right == 0:
        return np.ascontiguousarray(picture)
    return np.asarray(cv2.copyMakeBorder(picture, 0, bottom, 0, right, cv2.BORDER_REPLICATE))
