"""Whether something fits what the present frame measures around a place, give or take the noise."""

import cv2
import numpy as np
from numpy.typing import NDArray

from models.imaging.canvas import Canvas
from models.temporal.samples import Plane, Samples

NEIGHBOURS = np.ones((3, 3), np.uint8)


class Surroundings:
    """What the present frame measures around each sensor pixel.

    Attributes:
        measured: (h, w) counts.
        lowest: (h, w) of the 3x3 around.
        highest: the same.
    """

    def __init__(self, measured: Plane) -> None:
        border = cv2.BORDER_REPLICATE
        lowest = cv2.erode(measured, NEIGHBOURS, borderType=border)
        highest = cv2.dilate(measured, NEIGHBOURS, borderType=border)
        self.measured = measured
        self.lowest = np.asarray(lowest, dtype=np.float32)
        self.highest = np.asarray(highest, dtype=np.float32)

    def of(self, samples: Samples, canvas: Canvas) -> "SampleRanges":
        """What is measured around the place of each sample."""
        return SampleRanges(
            samples, samples.around(self.lowest, canvas), samples.around(self.highest, canvas)
        )


class SampleRanges:
    """What the present measures around samples: a value between is one that it may still have.

    Attributes:
        contrast: (frames, h, w) counts by which the present varies there.
    """

    def __init__(
        self, samples: Samples, lowest: NDArray[np.float32], highest: NDArray[np.float32]
    ) -> None:
        self.contrast = highest - lowest
        self._weights = samples.weights
        self._beyond = np.maximum(lowest - samples.values, samples.values - highest)

    def trust(self, noise_counts: float) -> NDArray[np.float32]:
        """(frames, h, w) 0 to 1: the weights of samples that fit, soon 0 beyond."""
        return self._weights * agreement(self._beyond, noise_counts, 0.1 * self.contrast)


def agreement(
    beyond: NDArray[np.float32], noise_counts: float, tolerance: NDArray[np.float32]
) -> NDArray[np.float32]:
    """1 where something lies within the noise and a tolerance, soon 0 beyond."""
    unit = np.float32(noise_counts + 0.5)  # half a count: rounding
    apart = np.maximum(beyond - tolerance - 3 * unit, 0) / unit
    return np.asarray(np.exp(-apart * apart), dtype=np.float32)
