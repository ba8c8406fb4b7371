"""Counts as the 8-bit levels that scores are taken in."""

from collections.abc import Callable

import numpy as np

from models.imaging import metrics
from models.imaging.metrics import Image


def levels_of(truth: Image) -> Callable[[Image], Image]:
    """8-bit counts are levels already; 16-bit ones are measured within the truth's own span."""
    if truth.dtype == np.uint8:
        return lambda image: image
    low, level = float(truth.min()), counts_of_a_level(truth)
    return lambda image: (image.astype(np.float64) - low) / level


def counts_of_a_level(truth: Image) -> float:
    """Counts that are one 8-bit level of a picture: 1, or a 255th of the span of a 16-bit one."""
    return 1.0 if truth.dtype == np.uint8 else max(float(np.ptp(truth)), 1.0) / metrics.RANGE
