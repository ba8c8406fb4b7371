"""Where a scale is labelled."""

import math

import numpy as np


def ticks(low: float, high: float, most: int) -> list[float]:
    """Round numbers between two values: steps of 1, 2 or 5 times a power of ten, at most `most`."""
    if not high > low or most < 1:
        return []
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = power * next(factor for factor in (1, 2, 5, 10) if factor * power >= rough * (1 - 1e-9))
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [float(value) for value in np.arange(first, last + 1) * step]
