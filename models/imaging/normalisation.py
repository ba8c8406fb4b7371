"""Counts to the network's range and back, by one affine map a frame that inverts exactly."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

MINIMUM_SPAN = 32.0
"""Counts of a 16-bit frame that fill the range at least: below it one would amplify noise."""

SAMPLES = 20_000
"""Pixels that the percentiles are taken of; more of a large sensor's would not move them."""


@dataclass(frozen=True, slots=True)
class AffineMap:
    """counts = low + span * x."""

    low: float
    span: float


def affine_map(thermal: NDArray[Any]) -> AffineMap:
    """The map of a frame: 8-bit counts by 255; 16-bit from their 1st and 99th percentile.

    The percentiles come to lie at 0.1 and 0.9, so that an ordinary scene stays within 0..1.
    """
    if thermal.dtype == np.uint8:
        return AffineMap(0.0, 255.0)
    step = max(1, int(np.sqrt(thermal.size / SAMPLES)))
    values = np.sort(thermal[::step, ::step], axis=None)
    low = float(values[int(0.01 * (values.size - 1))])
    high = float(values[int(np.ceil(0.99 * (values.size - 1)))])
    span = max((high - low) / 0.8, MINIMUM_SPAN)
    return AffineMap((low + high) / 2 - span / 2, span)
