"""Median and percentiles of arrays, exactly numpy's; numpy's own load all of numpy.ma first.

That takes 20 ms of a process that asks for a single one, in the first second of every run.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.floating[Any] | np.integer[Any]]


def median(values: Values) -> float:
    """The middle of at least one value, of any shape and none of them NaN; as np.median."""
    lower, upper = (values.size - 1) // 2, values.size // 2
    return float(np.partition(values, [lower, upper], axis=None)[lower : upper + 1].mean())


def percentile(values: Values, share: float) -> float:
    """Between the two values nearest to a share of 0 to 100 of them; as np.percentile.

    Args:
        values: at least one, of any shape and none of them NaN.
        share: percent of the values that lie below.
    """
    position = (values.size - 1) * (share / 100)
    lower = int(position)
    upper = min(lower + 1, values.size - 1)
    ordered = np.partition(values, [lower, upper], axis=None)
    beyond = position - lower
    below, above, step = (
        float(each) for each in (ordered[lower], ordered[upper], ordered[upper] - ordered[lower])
    )
    return below + step * beyond if beyond < 0.5 else above - step * (1 - beyond)
