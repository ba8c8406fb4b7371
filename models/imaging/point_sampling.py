"""How point samples are taken of a picture, and of a base: kernels for every engine.

The benchmarks' degradations at x8 (`models.imaging.degradation.point_samples`) are separable and
read eight pixels a side at most, the very block a sample stands for: a convolution of stride 8 that
needs no padding. The base, up-sampled bilinearly, yields its samples a little smoothed;
`deconvolution_kernel` undoes that, so that the samples need no input of their own to a network. No
torch.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from models.imaging.degradation import PointSampling, point_samples

SCALE = 8

REACH = 2
"""Samples to each side that `deconvolution_kernel` reads; beyond the grid its edge is repeated."""

Kernel = NDArray[np.float32]


def sampling_of(samples: bool | str) -> PointSampling | None:
    """What a network's configuration says of its samples: `RealtimeConfig.samples`.

    Networks of release 0.1 say True and keep the kernels they were trained with.
    """
    if samples == "linear":
        return "linear"
    if samples == "cubic":
        return "cubic"
    return "blurred" if samples else None


def sampling_kernel(sampling: PointSampling) -> Kernel:
    """(1, 1, 8, 8): convolved at stride 8, takes a picture's samples."""
    taps = _taps(sampling)
    return np.outer(taps, taps)[None, None]


def phase_sampling_kernel(sampling: PointSampling) -> Kernel:
    """(1, 16, 2, 2): the same at stride 2, of a picture unshuffled to a quarter."""
    blocks = sampling_kernel(sampling).reshape(2, 4, 2, 4)
    return np.ascontiguousarray(blocks.transpose(1, 3, 0, 2).reshape(1, 16, 2, 2))


def deconvolution_kernel(sampling: PointSampling) -> Kernel:
    """(1, 1, 5, 5): from a base's samples, what those it was made of had beyond them."""
    smoothing = _smoothing(sampling)
    # 1 / (1 + x) = 1 - x + x^2 - ..., x being the smoothing less the identity: taps of 0.03.
    change = smoothing.copy()
    change[REACH] -= 1
    inverse = np.convolve(change, change)[REACH : REACH + 2 * REACH + 1] - change
    inverse[REACH] += 1
    kernel = np.outer(inverse, inverse)
    kernel[REACH, REACH] -= 1
    return kernel[None, None].astype(np.float32)


def _taps(sampling: PointSampling) -> Kernel:
    """(8,): what each pixel of a sample's own block adds to it, along one side."""
    blocks = 3
    lit = np.zeros((SCALE, blocks * SCALE, blocks * SCALE), dtype=np.float32)
    for place in range(SCALE):
        lit[place, :, SCALE + place] = 1
    return np.array(
        [point_samples(picture, SCALE, sampling)[1, 1] for picture in lit], dtype=np.float32
    )


def _smoothing(sampling: PointSampling) -> NDArray[np.float64]:
    """(5,): samples of a bilinear base, by the samples it was made of, along one side."""
    side = 2 * REACH + 1
    line = np.zeros((1, side), dtype=np.float32)
    line[0, REACH] = 1
    base = cv2.resize(line, (side * SCALE, SCALE), interpolation=cv2.INTER_LINEAR)
    return np.asarray(point_samples(base, SCALE, sampling)[0], dtype=np.float64)
