"""How near a picture comes to what was in front of the camera, where that is known."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[Any]


def psnr_db(image: Pixels, thermal: Pixels, truth: Pixels) -> tuple[float, float]:
    """PSNR of a result, and of its thermal frame that was only made larger.

    The peak is 255 for 8 bit, the truth's own span for 16.

    Args:
        image: (H, W), the result.
        thermal: what it was made of, of any size.
        truth: of any size, in the same counts.
    """
    height, width = image.shape
    if truth.shape != (height, width):
        truth = cv2.resize(truth, (width, height), interpolation=cv2.INTER_AREA)
    plain = cv2.resize(thermal, (width, height), interpolation=cv2.INTER_LINEAR)
    peak = 255.0 if truth.dtype == np.uint8 else float(np.ptp(truth)) or 1.0
    return _psnr_db(image, truth, peak), _psnr_db(plain, truth, peak)


def _psnr_db(image: Pixels, truth: Pixels, peak: float) -> float:
    error = cv2.norm(image, truth, cv2.NORM_L2)
    mse = max(error * error / truth.size, 1e-12)
    return float(10 * np.log10(peak * peak / mse))
