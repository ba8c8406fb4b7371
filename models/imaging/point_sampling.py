"""What a low resolution of point samples says of a picture: as kernels, for every engine.

The benchmark's degradation at x8 (`models.imaging.degradation.point_samples`) is separable and
reads eight pixels a side, the very block its sample stands for: a convolution of stride 8 that
needs no padding. The base, up-sampled bilinearly, yields its samples a little smoothed;
`unsmoothed` tells by how much, so that the samples need no way of their own into a network. No
torch.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from models.imaging.degradation import point_samples

SCALE = 8

REACH = 2
"""Samples to each side that `unsmoothed` reads; the grid's edge stands for what lies beyond it."""

Kernel = NDArray[np.float32]


def sampled() -> Kernel:
    """(1, 1, 8, 8): a picture, by stride 8, to the samples that would be taken of it."""
    taps = _taps()
    return np.outer(taps, taps)[None, None]


def sampled_phases() -> Kernel:
    """(1, 16, 2, 2): the same, by stride 2, from a picture unshuffled to a quarter."""
    blocks = sampled().reshape(2, 4, 2, 4)
    return np.ascontiguousarray(blocks.transpose(1, 3, 0, 2).reshape(1, 16, 2, 2))


def unsmoothed() -> Kernel:
    """(1, 1, 5, 5): samples taken of a base to what the samples it was made of have beyond them."""
    smoothing = _smoothing()
    # 1 / (1 + x) = 1 - x + x^2 - ..., x being the smoothing less the identity: taps of 0.03.
    change = smoothing.copy()
    change[REACH] -= 1
    inverse = np.convolve(change, change)[REACH : REACH + 2 * REACH + 1] - change
    inverse[REACH] += 1
    kernel = np.outer(inverse, inverse)
    kernel[REACH, REACH] -= 1
    return kernel[None, None].astype(np.float32)


def _taps() -> Kernel:
    """(8,): what each pixel of a sample's own block adds to it, along one side."""
    blocks = 3
    lit = np.zeros((SCALE, blocks * SCALE, blocks * SCALE), dtype=np.float32)
    for place in range(SCALE):
        lit[place, :, SCALE + place] = 1
    return np.array([point_samples(picture, SCALE)[1, 1] for picture in lit], dtype=np.float32)


def _smoothing() -> NDArray[np.float64]:
    """(5,): samples of a bilinear base, by the samples it was made of, along one side."""
    side = 2 * REACH + 1
    line = np.zeros((1, side), dtype=np.float32)
    line[0, REACH] = 1
    base = cv2.resize(line, (side * SCALE, SCALE), interpolation=cv2.INTER_LINEAR)
    return np.asarray(point_samples(base, SCALE)[0], dtype=np.float64)
