"""PSNR and SSIM after conversion to integers, range 255: the paper's stated protocol.

`official` is the other one, of the paper's published training loop.

Numpy and OpenCV alone, so that evaluation runs where torch is not installed.
"""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[Any]

Score = tuple[float, float]
"""PSNR in dB, and SSIM."""

RANGE = 255.0
WINDOW = 11
SIGMA = 1.5


def to_levels(image: Image) -> NDArray[np.float64]:
    """Rounded to integers and clipped to 0..255, as float64 for the arithmetic that follows."""
    return np.clip(np.rint(image.astype(np.float64)), 0, RANGE)


def psnr_db(prediction: Image, truth: Image) -> float:
    """Peak signal-to-noise ratio of two grey pictures in levels; inf where they are equal."""
    _check(prediction, truth)
    return _decibels(float(np.mean((to_levels(prediction) - to_levels(truth)) ** 2)), RANGE)


def ssim(prediction: Image, truth: Image) -> float:
    """Structural similarity, 11x11 Gaussian window of sigma 1.5, over pixels it fits around.

    Same numbers as scikit-image with gaussian_weights and use_sample_covariance=False.

    Raises:
        ValueError: if the shapes differ or a side is shorter than the window.
    """
    _check(prediction, truth)
    return _similarity(to_levels(prediction), to_levels(truth), RANGE)


def score(prediction: Image, truth: Image) -> Score:
    """(PSNR in dB, SSIM) of two grey pictures in levels, rounded to integers: the protocol's."""
    _check(prediction, truth)
    x, y = to_levels(prediction), to_levels(truth)
    return _decibels(float(np.mean((x - y) ** 2)), RANGE), _similarity(x, y, RANGE)


def official(predictions: Sequence[Image], truths: Sequence[Image]) -> tuple[float, float]:
    """(PSNR in dB, SSIM) of one batch as the paper's training loop has them.

    Pictures in -1..1, range 2, one PSNR over the batch's mean error. Not comparable with the
    integer figures: the same pictures stand up to 0.85 dB lower.
    """
    errors, similarities = [], []
    for prediction, truth in zip(predictions, truths, strict=True):
        _check(prediction, truth)
        x, y = (image.astype(np.float64) / 127.5 - 1 for image in (prediction, truth))
        errors.append(float(np.mean((x - y) ** 2)))
        similarities.append(_similarity(x, y, 2.0))
    return _decibels(float(np.mean(errors)), 2.0), float(np.mean(similarities))


def unrounded(prediction: Image, truth: Image) -> Score:
    """(PSNR in dB, SSIM) of two pictures in levels as they are, range 255."""
    _check(prediction, truth)
    x, y = (image.astype(np.float64) for image in (prediction, truth))
    return _decibels(float(np.mean((x - y) ** 2)), RANGE), _similarity(x, y, RANGE)


def interval_95(values: Sequence[float], resamples: int = 2000) -> tuple[float, float] | None:
    """The bootstrap interval of a mean over images: 2.5th and 97.5th percentile of its resamples.

    Drawn from a fixed seed, so that equal values have equal intervals. It says how much the choice
    of images matters, not how much another training run would. None where a picture is perfect: its
    PSNR is infinite, and so is any mean with it.
    """
    if not values:
        raise ValueError("wanted values to take a mean of, got none")
    array = np.asarray(values, dtype=np.float64)
    if not np.isfinite(array).all():
        return None
    rng = np.random.default_rng(0)
    means = array[rng.integers(len(array), size=(resamples, len(array)))].mean(axis=1)
    low, high = np.percentile(means, (2.5, 97.5))
    return float(low), float(high)


def _decibels(error: float, peak: float) -> float:
    return float("inf") if error == 0 else float(10 * np.log10(peak**2 / error))


def _similarity(x: NDArray[np.float64], y: NDArray[np.float64], peak: float) -> float:
    if min(x.shape) < WINDOW:
        raise ValueError(f"SSIM needs at least {WINDOW} pixels a side, got {x.shape}")
    kernel = cv2.getGaussianKernel(WINDOW, SIGMA)
    margin = WINDOW // 2

    def smooth(image: NDArray[np.float64]) -> NDArray[np.float64]:
        blurred = cv2.sepFilter2D(image, cv2.CV_64F, kernel, kernel)
        return np.asarray(blurred[margin:-margin, margin:-margin], dtype=np.float64)

    mean_x, mean_y = smooth(x), smooth(y)
    product, squares = mean_x * mean_y, mean_x**2 + mean_y**2
    variances = smooth(x * x + y * y) - squares  # of both together
    covariance = smooth(x * y) - product
    c1, c2 = (0.01 * peak) ** 2, (0.03 * peak) ** 2
    numerator = (2 * product + c1) * (2 * covariance + c2)
    denominator = (squares + c1) * (variances + c2)
    return float(np.mean(numerator / denominator))


def _check(prediction: Image, truth: Image) -> None:
    if prediction.ndim != 2 or prediction.shape != truth.shape:
        raise ValueError(
            f"wanted two grey pictures of one size, got {prediction.shape} and {truth.shape}"
        )
