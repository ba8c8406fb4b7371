"""Where everything went from one picture to the next: dense optical flow, both ways.

Dense inverse search (Kroeger et al., ECCV 2016) in OpenCV's `DISOpticalFlow`, on grey pictures at
half the canvas: measured on moved pairs, the flow of the visible picture serves as well as the true
one.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from models.imaging.canvas import Canvas

Grey = NDArray[np.uint8]
Field = NDArray[np.float32]

HALF = 2
"""Canvas pixels of a side that are one of a grey picture."""


@dataclass(frozen=True, slots=True)
class Motion:
    """How the pixels of two consecutive pictures correspond, at half the canvas.

    Attributes:
        forward: (H/2, W/2, 2) float32 (x, y) pixels: where a pixel of the earlier picture is now,
            less where it was.
        backward: the same for a pixel of the present: where it was, less where it is.
    """

    forward: Field
    backward: Field


class MotionEstimator:
    """Two flows at once, each on a thread of its own, the same bits however many cores there are.

    OpenCV cuts one flow into as many stripes as it has threads, and the result depends on it.
    """

    def __init__(self) -> None:
        preset = cv2.DISOPTICAL_FLOW_PRESET_FAST
        self._ways = [cv2.DISOpticalFlow.create(preset) for _ in range(2)]
        self._threads = ThreadPoolExecutor(2, "optical flow")

    def between(self, earlier: Grey, present: Grey) -> Motion:
        """The motion from one grey picture, (H/2, W/2) uint8, to another."""
        threads = cv2.getNumThreads()
        cv2.setNumThreads(1)
        try:
            forward, backward = self._ways
            there = self._threads.submit(_flow, forward, earlier, present)
            back = self._threads.submit(_flow, backward, present, earlier)
            return Motion(there.result(), back.result())
        finally:
            cv2.setNumThreads(threads)


def grey_of_guide(guide: NDArray[np.uint8], canvas: Canvas) -> Grey:
    """A guide, (H, W, 3) BGR at the canvas or a little larger, as its motion is looked for."""
    rows, columns = canvas
    grey = cv2.cvtColor(guide[:rows, :columns], cv2.COLOR_BGR2GRAY)
    size = (columns // HALF, rows // HALF)
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def grey_of_thermal(
    measured: NDArray[np.float32], canvas: Canvas, span: tuple[float, float]
) -> Grey:
    """A measurement, (h, w) counts, as its motion is looked for where there is no guide.

    Args:
        measured: the counts.
        canvas: (H, W) of the output.
        span: the counts that become black and white: the same for both of two pictures.
    """
    low, high = span
    scaled = (measured - np.float32(low)) * np.float32(255 / max(high - low, 1.0))
    size = (canvas[1] // HALF, canvas[0] // HALF)
    grown = cv2.resize(scaled, size, interpolation=cv2.INTER_CUBIC)
    return np.asarray(cv2.convertScaleAbs(np.maximum(grown, 0)), dtype=np.uint8)


def _flow(way: cv2.DISOpticalFlow, earlier: Grey, later: Grey) -> Field:
    return np.asarray(way.calc(earlier, later, None), dtype=np.float32)  # type: ignore[call-overload]


def looked_up(plane: NDArray[Any], at: NDArray[np.float32]) -> NDArray[np.float32]:
    """A plane's values between its pixels, at points (x, y).

    Args:
        plane: (H, W) or (H, W, 2) float32.
        at: (n, m, 2) float32, n and m below 32768.

    Returns:
        (n, m) or (n, m, 2) float32; beyond the border the border's.
    """
    found = cv2.remap(plane, at, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)  # type: ignore[call-overload]
    return np.asarray(found, dtype=np.float32)
