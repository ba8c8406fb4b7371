"""When the pictures of a source are due: at a steady rate, or as they say themselves."""

import math
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from streamer.clock import NS_PER_S


class PictureTimes:
    """Numbers of pictures to times after the first one; round after round, where it loops.

    Args:
        rate_hz: of pictures that do not say when they were taken.
        taken_ns: when each was, rising; empty where that is not known.

    Attributes:
        rate_hz: pictures a second: of stated times by the median of what lies between two.
    """

    def __init__(self, rate_hz: float, taken_ns: Sequence[int] = ()) -> None:
        self.rate_hz = rate_hz
        self._offsets_ns = tuple(taken - taken_ns[0] for taken in taken_ns)
        if len(taken_ns) > 1:
            period_ns = median(later - earlier for earlier, later in pairwise(taken_ns))
            self.rate_hz = NS_PER_S / period_ns
            self._round_ns = self._offsets_ns[-1] + round(period_ns)

    def due_ns(self, number: int) -> float:
        """How long after the first picture."""
        if len(self._offsets_ns) < 2:
            return number * NS_PER_S / self.rate_hz
        rounds, index = divmod(number, len(self._offsets_ns))
        return rounds * self._round_ns + self._offsets_ns[index]

    def first_from(self, passed_ns: int) -> int:
        """The number of the first picture that is due then, or later."""
        passed_ns = max(0, passed_ns)
        if len(self._offsets_ns) < 2:
            return math.ceil(passed_ns * self.rate_hz / NS_PER_S)
        rounds, rest_ns = divmod(passed_ns, self._round_ns)
        return rounds * len(self._offsets_ns) + bisect_left(self._offsets_ns, rest_ns)
