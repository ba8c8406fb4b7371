"""How a low-resolution thermal frame comes from a high-resolution one.

Two worlds that must not be mixed: the benchmark's low resolution is a point sample (cubic without
antialiasing), a real microbolometer's is the average over its pixel's area.
"""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from models.errors import ModelError

Image = NDArray[Any]


def benchmark(image: Image, scale: int) -> Image:
    """The PBVS challenge's own low resolution, as near as it is known: within 0.34 levels.

    Gaussian of sigma 0.5, then cv2.INTER_CUBIC, rounded.

    Args:
        image: (H, W) uint8, uint16 or float32; H and W multiples of `scale`.
        scale: how many pixels of a side become one.

    Returns:
        (H / scale, W / scale) in the dtype of `image`.
    """
    return _rounded(point_samples(image, scale), image.dtype)


def point_samples(image: Image, scale: int) -> NDArray[np.float32]:
    """The samples of `benchmark` before they are rounded."""
    blurred = cv2.GaussianBlur(image.astype(np.float32), (0, 0), 0.5)
    small = cv2.resize(blurred, _size(image, scale), interpolation=cv2.INTER_CUBIC)
    return np.asarray(small, dtype=np.float32)


def sensor(image: Image, scale: int) -> Image:
    """An ideal microbolometer: each pixel is the average over its area. Shapes as `benchmark`."""
    small = cv2.resize(image.astype(np.float32), _size(image, scale), interpolation=cv2.INTER_AREA)
    return _rounded(small, image.dtype)


def sensor_noisy(image: Image, scale: int, rng: np.random.Generator) -> Image:
    """A cheap microbolometer: optics blur, area average, noise, column pattern, gain and offset.

    Strengths are drawn anew for every frame, as fractions of the 8-bit range (of the frame's own
    span where it is 16-bit). Shapes as `benchmark`.
    """
    optics_px = rng.uniform(0.15, 0.5) * scale
    blurred = cv2.GaussianBlur(image.astype(np.float32), (0, 0), optics_px)
    small = cv2.resize(blurred, _size(image, scale), interpolation=cv2.INTER_AREA)
    span = 255.0 if image.dtype != np.uint16 else float(np.ptp(image)) or 1.0
    rows, columns = small.shape
    netd = rng.uniform(0.001, 0.012) * span
    pattern = rng.uniform(0.0, 0.004) * span
    small = small * rng.uniform(0.99, 1.01) + rng.uniform(-0.004, 0.004) * span
    small = small + rng.standard_normal((rows, columns), dtype=np.float32) * netd
    small = small + rng.standard_normal((1, columns), dtype=np.float32) * pattern
    return _rounded(small, image.dtype)


def named(name: str, seed: int = 0) -> Callable[[Image, int], Image]:
    """The degradation of that name; `sensor-noisy` draws from `seed`, alike on every call.

    Raises:
        ModelError: if there is no such degradation.
    """
    if name == "benchmark":
        return benchmark
    if name == "sensor":
        return sensor
    if name == "sensor-noisy":
        return lambda image, scale: sensor_noisy(image, scale, np.random.default_rng(seed))
    raise ModelError(f"degradation: wanted benchmark, sensor or sensor-noisy, got {name!r}")


def _size(image: Image, scale: int) -> tuple[int, int]:
    rows, columns = image.shape
    if rows % scale or columns % scale:
        raise ValueError(f"{columns}x{rows} pixels do not divide by a scale of {scale}")
    return columns // scale, rows // scale


def _rounded(image: Image, dtype: np.dtype[Any]) -> Image:
    """Back to integer counts; float pictures count in 8-bit levels, so they are rounded as well."""
    levels = np.rint(image)
    if dtype.kind == "f":
        return np.clip(levels, 0, 255).astype(dtype)
    limits = np.iinfo(dtype)
    return np.clip(levels, limits.min, limits.max).astype(dtype)
