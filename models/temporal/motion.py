"""Where everything went from one picture to the next: dense optical flow, both ways.

Dense inverse search (Kroeger et al., ECCV 2016) in OpenCV's `DISOpticalFlow`, on grey pictures at
half the canvas: measured on moved pairs, the flow of the visible picture serves as well as the true
one.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from models.imaging.canvas import Canvas
from streamer.order_statistics import median

Grey = NDArray[np.uint8]
Field = NDArray[np.float32]

Plane = NDArray[np.float32]

STRAY_PX = 1.0
"""Canvas pixels by which there-and-back may miss its start before a pixel counts for a third."""

TORN_PX = 1.0
"""Canvas pixels by which neighbouring motions may differ before the place counts as an edge."""

_STEEP = 0.4  # pixels by which a flow may be off and the pictures still be alike
_EDGE = np.ones((3, 3), np.uint8)

HALF = 2
"""Canvas pixels of a side that are one of a grey picture."""


@dataclass(frozen=True, slots=True)
class Motion:
    """How the pixels of two consecutive pictures correspond, at half the canvas.

    Attributes:
        forward: (H/2, W/2, 2) float32 (x, y) pixels: where a pixel of the earlier picture is now,
            less where it was.
        backward: the same for a pixel of the present: where it was, less where it is.
        held: (H/2, W/2) float32, 0 to 1: how sure it is that a pixel of the present is the one it
            was: `held_of`.
    """

    forward: Field
    backward: Field
    held: Plane


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
            ways = there.result(), back.result()
        finally:
            cv2.setNumThreads(threads)
        return Motion(*ways, held_of(earlier, present, *ways))


def held_of(earlier: Grey, present: Grey, forward: Field, backward: Field) -> Plane:
    """How sure it is that pixels of the present are what they were: three things have to agree.

    There and back has to end where it began (what is covered or uncovered does not). The flow has
    to be smooth (a sensor pixel at the edge of what moves by itself averages over both). And the
    pictures have to look alike there, but for what they differ by everywhere.
    """
    rows, columns = present.shape
    size = (columns, rows)
    at = backward + grid(size)
    stray = looked_up(forward, at) + backward
    stray *= stray
    apart = (stray[..., 0] + stray[..., 1]) * np.float32(HALF**2 / STRAY_PX**2)
    apart += cv2.resize(_torn(backward), size, interpolation=cv2.INTER_LINEAR)
    before = cv2.remap(earlier, at, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)  # type: ignore[call-overload]
    differing = cv2.absdiff(before, present).astype(np.float32)
    unlike = np.asarray(cv2.blur(differing, (3, 3)), dtype=np.float32)
    # A flow that is off by a fraction of a pixel shows most where the picture is steep.
    # By numpy's root: that of cv2.magnitude depends on where in memory its inputs happen to lie.
    across, down = (cv2.Sobel(present, cv2.CV_32F, *way, scale=1 / 8) for way in ((1, 0), (0, 1)))
    slope = np.sqrt(across * across + down * down)
    usual = np.float32(median(unlike[::4, ::4]))
    steep = cv2.blur(slope, (3, 3))
    unlike -= steep * np.float32(_STEEP) + (usual + 1)
    np.maximum(unlike, 0, out=unlike)
    unlike /= usual + 2
    unlike *= unlike
    apart += unlike
    held = cv2.exp(np.negative(apart, out=apart))
    inside = cv2.inRange(at, (0.0, 0.0), (columns - 1.0, rows - 1.0))
    return np.asarray(cv2.copyTo(held, inside), dtype=np.float32)


def _torn(flow: Field) -> Plane:
    """Of a coarser grid: how far neighbours' motions differ, squared and weighted for `held_of`."""
    rows, columns = flow.shape[:2]
    coarse = cv2.resize(flow, (columns // 2, rows // 2), interpolation=cv2.INTER_AREA)
    torn = cv2.subtract(cv2.dilate(coarse, _EDGE), cv2.erode(coarse, _EDGE))
    torn = np.maximum(torn * np.float32(HALF) - np.float32(TORN_PX), 0)
    torn *= torn
    return np.asarray((torn[..., 0] + torn[..., 1]) * np.float32(4), dtype=np.float32)


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


@lru_cache(maxsize=8)
def grid(size: tuple[int, int]) -> NDArray[np.float32]:
    """(rows, columns, 2) of a (columns, rows): each pixel's own place (x, y); not to be changed."""
    x, y = np.arange(size[0], dtype=np.float32), np.arange(size[1], dtype=np.float32)
    places = np.stack(np.meshgrid(x, y), axis=-1)
    places.flags.writeable = False
    return places
