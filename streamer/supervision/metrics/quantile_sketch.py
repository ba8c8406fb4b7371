"""Percentiles of a run of any length in bounded memory."""

import math
from collections import Counter
from collections.abc import Iterable
from itertools import accumulate

_ERROR = 0.005  # relative, of any value
_RATIO = (1 + _ERROR) / (1 - _ERROR)  # of a bin's upper edge to its lower
_LOG_RATIO = math.log(_RATIO)
_SMALLEST_MS = 1e-3
_LARGEST_MS = 1e9
_FIRST, _LAST = (math.floor(math.log(ms) / _LOG_RATIO) for ms in (_SMALLEST_MS, _LARGEST_MS))


class QuantileSketch:
    """Counts milliseconds in bins whose width grows with their value.

    Percentiles are within 0.5 % of those of all values, for values from a microsecond to eleven
    days; what lies below or above counts as the nearest of these. The least, the largest and the
    number of values are exact. There are at most 2,764 bins.

    Attributes:
        count: values so far.
        largest: of them; minus infinity without any.
    """

    def __init__(self) -> None:
        self.count = 0
        self.largest = -math.inf
        self._least = math.inf
        self._bins: Counter[int] = Counter()

    def add(self, ms: float) -> None:
        """Takes a value."""
        self.count += 1
        self.largest = max(self.largest, ms)
        self._least = min(self._least, ms)
        self._bins[_bin_of(ms)] += 1

    def extend(self, values_ms: Iterable[float]) -> None:
        """Takes several."""
        for ms in values_ms:
            self.add(ms)

    def percentile(self, percent: float) -> float:
        """The value below which so many percent lie, between two of them in proportion.

        Args:
            percent: 0 to 100.

        Raises:
            ValueError: there is no value.
        """
        if not self.count:
            raise ValueError("percentile of no values")
        rank = (self.count - 1) * percent / 100
        below, above = self._ranked(math.floor(rank)), self._ranked(math.ceil(rank))
        return below + (above - below) * (rank - math.floor(rank))

    def _ranked(self, rank: int) -> float:
        """About the value of this rank, from 0 for the least."""
        if rank <= 0:
            return self._least
        if rank >= self.count - 1:
            return self.largest
        indices = sorted(self._bins)
        counts = accumulate(self._bins[index] for index in indices)
        index = next(i for i, count in zip(indices, counts, strict=True) if count > rank)
        middle = 2 * _RATIO**index * _RATIO / (1 + _RATIO)  # as far from both edges, in proportion
        return min(max(middle, self._least), self.largest)


def _bin_of(ms: float) -> int:
    if not ms > _SMALLEST_MS:
        return _FIRST
    return math.floor(math.log(ms) / _LOG_RATIO) if ms < _LARGEST_MS else _LAST
