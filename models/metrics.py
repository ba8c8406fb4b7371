"""PSNR and SSIM after conversion to integers, range 255: the paper's stated protocol.

Numpy and OpenCV alone, so that evaluation runs where torch is not installed.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

RANGE = 255.0
WINDOW = 11
SIGMA = 1.5


def to_levels(image: NDArray[np.generic]) -> NDArray[np.float64]:
    """Rounded to integers and clipped to 0..255, as float64 for the arithmetic that follows."""
    return np.clip(np.rint(image.astype(np.float64)), 0, RANGE)


def psnr_db(prediction: NDArray[np.generic], truth: NDArray[np.generic]) -> float:
    """Peak signal-to-noise ratio of two grey pictures in levels; inf where they are equal."""
    _check(prediction, truth)
    error = float(np.mean((to_levels(prediction) - to_levels(truth)) ** 2))
    return float("inf") if error == 0 else float(10 * np.log10(RANGE**2 / error))


def ssim(prediction: NDArray[np.generic], truth: NDArray[np.generic]) -> float:
    """Structural similarity, 11x11 Gaussian window of sigma 1.5, over pixels it fits around.

    Same numbers as scikit-image with gaussian_weights and use_sample_covariance=False.

    Raises:
        ValueError: if the shapes differ or a side is shorter than the window.
    """
    _check(prediction, truth)
    if min(truth.shape) < WINDOW:
        raise ValueError(f"SSIM needs at least {WINDOW} pixels a side, got {truth.shape}")
    x, y = to_levels(prediction), to_levels(truth)
    kernel = cv2.getGaussianKernel(WINDOW, SIGMA)
    margin = WINDOW // 2

    def smooth(image: NDArray[np.float64]) -> NDArray[np.float64]:
        blurred = cv2.sepFilter2D(image, cv2.CV_64F, kernel, kernel)
        return np.asarray(blurred[margin:-margin, margin:-margin], dtype=np.float64)

    mean_x, mean_y = smooth(x), smooth(y)
    variance_x = smooth(x * x) - mean_x**2
    variance_y = smooth(y * y) - mean_y**2
    covariance = smooth(x * y) - mean_x * mean_y
    c1, c2 = (0.01 * RANGE) ** 2, (0.03 * RANGE) ** 2
    numerator = (2 * mean_x * mean_y + c1) * (2 * covariance + c2)
    denominator = (mean_x**2 + mean_y**2 + c1) * (variance_x + variance_y + c2)
    return float(np.mean(numerator / denominator))


def _check(prediction: NDArray[np.generic], truth: NDArray[np.generic]) -> None:
    if prediction.ndim != 2 or prediction.shape != truth.shape:
        raise ValueError(
            f"wanted two grey pictures of one size, got {prediction.shape} and {truth.shape}"
        )
