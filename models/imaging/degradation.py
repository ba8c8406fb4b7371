"""How a low-resolution thermal frame comes from a high-resolution one.

Two worlds that must not be mixed: the benchmarks' low resolutions are point samples (interpolation
without antialiasing), a real microbolometer's is the average over its pixel's area.
"""

from collections.abc import Callable
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from models.errors import ModelError
from models.imaging.microbolometer import microbolometer

Image = NDArray[Any]


PointSampling = Literal["linear", "cubic", "blurred"]
"""What a point sample reads of its block: `linear` and `cubic` as OpenCV interpolates, without
antialiasing; `blurred` as release 0.1 took the benchmark's to be made, a Gaussian of sigma 0.5 and
cubic, which is 0.55 levels off. Networks and runs of then keep it."""

_INTERPOLATIONS = {"linear": cv2.INTER_LINEAR, "cubic": cv2.INTER_CUBIC, "blurred": cv2.INTER_CUBIC}


def benchmark(image: Image, scale: int) -> Image:
    """The low resolution of the PBVS challenge of 2023, track 2, bit for bit.

    cv2.resize by INTER_LINEAR on uint8. At an even scale that is the mean of the 2x2 pixels in the
    middle of each block, half a level rounded up; at an odd one the pixel in the middle.

    Args:
        image: (H, W) uint8, uint16 or float32 in 8-bit levels; H and W multiples of `scale`.
        scale: how many pixels of a side become one.

    Returns:
        (H / scale, W / scale) in the dtype of `image`.
    """
    return sampled(image, scale, "linear")


def challenge24(image: Image, scale: int) -> Image:
    """The low resolution of the challenges of 2024 and 2025, track 1: INTER_CUBIC on uint8.

    At an even scale four pixels a side, weighed -3/32, 19/32, 19/32 and -3/32; at an odd one the
    pixel in the middle. Arguments and shapes as `benchmark`.
    """
    return sampled(image, scale, "cubic")


def sampled(image: Image, scale: int, sampling: PointSampling) -> Image:
    """Point samples of a kind, rounded. Arguments and shapes as `benchmark`."""
    if image.dtype.kind == "f" or sampling == "blurred":
        rounding = np.rint if sampling == "blurred" else _half_up
        return _clipped(rounding(point_samples(image, scale, sampling)), image.dtype)
    how = _INTERPOLATIONS[sampling]
    return np.asarray(cv2.resize(image, _size(image, scale), interpolation=how))


def point_samples(image: Image, scale: int, sampling: PointSampling) -> NDArray[np.float32]:
    """The same samples before they are rounded."""
    picture = image.astype(np.float32)
    if sampling == "blurred":
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.5), dtype=np.float32)
    how = _INTERPOLATIONS[sampling]
    small = cv2.resize(picture, _size(image, scale), interpolation=how)
    return np.asarray(small, dtype=np.float32)


def sensor(image: Image, scale: int) -> Image:
    """An ideal microbolometer: each pixel is the average over its area. Shapes as `benchmark`."""
    small = cv2.resize(image.astype(np.float32), _size(image, scale), interpolation=cv2.INTER_AREA)
    return _rounded(small, image.dtype)


def sensor_noisy(image: Image, scale: int, bits: np.random.BitGenerator) -> Image:
    """A cheap microbolometer, its faults drawn for each frame anew. Shapes as `benchmark`."""
    _size(image, scale)
    return _rounded(microbolometer(image, scale, bits), image.dtype)


def plain_noise(image: Image, scale: int, rng: np.random.Generator) -> Image:
    """What runs of release 0.1 took for one: blur, noise, column pattern, gain and offset.

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
    if name == "challenge24":
        return challenge24
    if name == "sensor":
        return sensor
    if name == "sensor-noisy":
        return lambda image, scale: sensor_noisy(image, scale, np.random.PCG64(seed))
    raise ModelError(
        f"degradation: wanted benchmark, challenge24, sensor or sensor-noisy, got {name!r}"
    )


def _size(image: Image, scale: int) -> tuple[int, int]:
    rows, columns = image.shape
    if rows % scale or columns % scale:
        raise ValueError(f"{columns}x{rows} pixels do not divide by a scale of {scale}")
    return columns // scale, rows // scale


def _half_up(image: NDArray[Any]) -> NDArray[Any]:
    """Rounded as OpenCV rounds 8-bit samples: a half goes up."""
    return np.floor(image + 0.5)


def _rounded(image: Image, dtype: np.dtype[Any]) -> Image:
    """Back to integer counts; float pictures count in 8-bit levels, so they are rounded as well."""
    return _clipped(np.rint(image), dtype)


def _clipped(levels: Image, dtype: np.dtype[Any]) -> Image:
    if dtype.kind == "f":
        return np.clip(levels, 0, 255).astype(dtype)
    limits = np.iinfo(dtype)
    return np.clip(levels, limits.min, limits.max).astype(dtype)
