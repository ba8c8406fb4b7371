"""How much a sensor's readings differ from frame to frame where nothing changes."""

import numpy as np
from numpy.typing import NDArray

from models.temporal.samples import Samples

QUANTISATION = float(1 / np.sqrt(12))
"""Standard deviation of rounding to whole counts: no reading is surer than that."""

_FLATTEST = 0.25  # the quarter of all samples with the least contrast around them
_FEWEST = 50  # of them, or nothing is learnt from a frame
_MEDIAN_TO_SIGMA = 1.4826
_FOLLOWS = 0.2  # share of a new frame in the estimate
_GROWS = 1.2  # at most, from frame to frame: what changes all at once is the scene


class NoiseEstimate:
    """The standard deviation of a sensor's temporal noise, followed slowly.

    Attributes:
        counts: the present estimate.
    """

    def __init__(self) -> None:
        self.counts = QUANTISATION
        self._known = False

    def learn(
        self, newest: Samples, now: NDArray[np.float32], contrast: NDArray[np.float32]
    ) -> None:
        """Takes in one more frame.

        Args:
            newest: the samples of the frame before.
            now: (1, h, w) counts the present frame measured at their places.
            contrast: (1, h, w) counts by which it varies around there.
        """
        sure = newest.weights > 0.5
        if np.count_nonzero(sure) < _FEWEST / _FLATTEST:
            return
        limit = np.quantile(contrast[sure], _FLATTEST)
        flat = sure & (contrast <= limit)
        apart = np.abs(newest.values[flat] - now[flat])
        # A value between pixels is a mean of up to four: the difference holds 1 to 2 variances.
        sigma = float(np.median(apart)) * _MEDIAN_TO_SIGMA / 1.5**0.5
        sigma = max(sigma, QUANTISATION)
        if self._known:
            sigma = min(sigma, self.counts * _GROWS)
            sigma = (1 - _FOLLOWS) * self.counts + _FOLLOWS * sigma
        self.counts, self._known = sigma, True
