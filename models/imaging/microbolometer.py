"""A cheap microbolometer's low resolution: what `sensor-noisy` means, in figures.

Every frame is drawn anew: how soft the optics are, how noisy the sensor, how uneven. An 8-bit
picture that was gained automatically carries no temperature, so one is agreed on: LEVEL_MK
millikelvin a level, 12.75 K over the range, a room or a street. 16-bit frames have their own span
for that range.

The same seed gives the same frame on every machine and with every release of a library, bit for
bit: random numbers are raw words of the bit generator, sums are of whole numbers, and what is
rounded is rounded once. (Pictures in floating point, as training has them, need no such care.)
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

RECIPE = 2
"""Which figures these are; recipe 1 was that of release 0.1."""

LEVEL_MK = 50.0
"""What a level of an 8-bit picture stands for."""

OPTICS = (0.15, 0.5)
"""Blur of lens and focus, sigma of a Gaussian in sensor pixels: 0.90 to 0.29 of the contrast is
left at the finest pattern that the sensor's grid can show."""

NETD_MK = (20.0, 150.0)
"""Noise of each pixel in each frame, standard deviation; a good uncooled sensor to a poor one."""

COLUMNS_MK, ROWS_MK = (0.0, 50.0), (0.0, 25.0)
"""Fixed pattern of the read-out, an offset to each column and each row, standard deviation."""

SHADING_MK = (0.0, 50.0)
"""What the last shutter left of non-uniformity: offsets on a grid of SHADING_GRID, standard
deviation, bilinear between."""

SHADING_GRID = (4, 5)

GAIN, OFFSET_MK = (0.99, 1.01), (-50.0, 50.0)
"""Of the whole frame."""

BAD_PIXELS = (0.0, 0.0002)
"""The share of pixels that are stuck, as many hot ones (at the upper end of the range, 255 or the
16-bit frame's own) as dead ones (at the lower)."""

TAPS = 4096
"""The blur's weights are whole numbers of this sum."""

Image = NDArray[Any]


def microbolometer(image: Image, scale: int, bits: np.random.BitGenerator) -> NDArray[np.float64]:
    """A frame as such a sensor measures it, not yet rounded.

    Args:
        image: (H, W) uint8, uint16 or float32 in 8-bit levels; H and W multiples of `scale`.
        scale: how many pixels of a side become one.
        bits: drawn from; `numpy.random.PCG64(seed)` for a frame that anybody can make again.

    Returns:
        (H / scale, W / scale) in the unit of `image`.
    """
    low, high = (0.0, 255.0)
    if image.dtype == np.uint16:
        low, high = float(image.min()), float(max(image.max(), image.min() + 1))
    level = (high - low) / 255
    optics, netd, columns, rows, shading, gain, offset, bad = (
        _between(limits, bits)
        for limits in (
            *(OPTICS, NETD_MK, COLUMNS_MK, ROWS_MK, SHADING_MK),
            *(GAIN, OFFSET_MK, BAD_PIXELS),
        )
    )
    frame = _averaged(image, scale, optics)
    height, width = frame.shape
    offsets_mk = (
        offset
        + netd * _normal((height, width), bits)
        + columns * _normal((1, width), bits)
        + rows * _normal((height, 1), bits)
        + shading * _shading(height, width, bits)
    )
    frame = low + (frame - low) * gain + offsets_mk * (level / LEVEL_MK)
    words = _words(round(bad * frame.size), bits)
    hot = (words >> np.uint64(63)).astype(bool)
    frame.flat[words % np.uint64(frame.size)] = np.where(hot, high, low)
    return frame


def _averaged(image: Image, scale: int, sigma: float) -> NDArray[np.float64]:
    """Blurred by the optics (`sigma` in sensor pixels) and averaged over each pixel's area."""
    taps = _gaussian(sigma * scale)
    # Whole numbers below 2^53: exact in whatever order they are added.
    exact = image.dtype.kind != "f"
    picture: NDArray[np.floating] = image.astype(np.float64 if exact else np.float32)
    blurred = cv2.sepFilter2D(picture, -1, taps, taps, borderType=cv2.BORDER_REFLECT_101)
    rows, columns = image.shape[0] // scale, image.shape[1] // scale
    blocks = blurred.reshape(rows, scale, columns, scale)
    sums = blocks.sum(axis=3, dtype=np.float64).sum(axis=1)
    return np.asarray(sums / float((TAPS * scale) ** 2), dtype=np.float64)


def _gaussian(sigma: float) -> NDArray[np.float64]:
    """Weights in whole numbers that sum to TAPS, out to three sigmas."""
    reach = max(1, round(3 * sigma))
    place = np.arange(-reach, reach + 1)
    weights = np.exp(-(place**2) / (2 * sigma**2))
    taps = np.rint(TAPS * weights / weights.sum())
    taps[reach] += TAPS - taps.sum()
    return np.asarray(taps)


def _shading(height: int, width: int, bits: np.random.BitGenerator) -> NDArray[np.float64]:
    """(height, width), smooth, of standard deviation 1 at the grid's points."""
    rows, columns = SHADING_GRID
    grid = _normal((rows, columns), bits)
    lines = _interpolated(grid, height)
    return _interpolated(lines.T, width).T


def _interpolated(points: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """`count` rows that lie evenly from the first row of `points` to the last."""
    place = np.arange(count) * ((len(points) - 1) / max(count - 1, 1))
    below = np.minimum(place.astype(int), len(points) - 2)
    part = (place - below)[:, None]
    return np.asarray(points[below] * (1 - part) + points[below + 1] * part)


def _between(limits: tuple[float, float], bits: np.random.BitGenerator) -> float:
    """A number drawn evenly from between two."""
    part = float(_words(1, bits)[0] >> np.uint64(11)) / 2**53
    return limits[0] + (limits[1] - limits[0]) * part


def _normal(shape: tuple[int, int], bits: np.random.BitGenerator) -> NDArray[np.float64]:
    """Nearly normal numbers of standard deviation 1: the sum of twelve even ones (within 6)."""
    words = _words(3 * shape[0] * shape[1], bits).reshape(-1, 3)
    parts = sum(
        ((words >> np.uint64(shift)) & np.uint64(0xFFFF)).sum(axis=1, dtype=np.int64)
        for shift in (0, 16, 32, 48)
    )
    # Twelve numbers of 0..65535: mean 6 * 65535, variance 65536^2 - 1.
    return np.reshape((parts - 6 * 65535) / 65536.0, shape)


def _words(count: int, bits: np.random.BitGenerator) -> NDArray[np.uint64]:
    return np.asarray(bits.random_raw(count), dtype=np.uint64)
