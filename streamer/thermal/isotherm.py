"""Isotherms: which counts are painted in one colour that no palette has."""

from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray


class Isotherm(msgspec.Struct, frozen=True):
    """What is hotter than one count, colder than another, or between them.

    With both: between them where `low` is below `high`, else what lies on either side.

    Attributes:
        low: the first count that is marked; None for no lower end.
        high: the last count that is marked; None for no upper end.
    """

    low: float | None = None
    high: float | None = None

    def marks(self, counts: NDArray[Any]) -> NDArray[np.bool_]:
        """Where counts of any shape are marked."""
        # a count, there and back through kelvin, is none exactly
        above = None if self.low is None else counts >= np.ceil(self.low - 1e-3)
        below = None if self.high is None else counts <= np.floor(self.high + 1e-3)
        if above is None or below is None:
            only = above if below is None else below
            return np.zeros(counts.shape, np.bool_) if only is None else only
        between: NDArray[np.bool_] = above & below if self.is_band else above | below
        return between

    @property
    def is_band(self) -> bool:
        """Whether both ends are there, and what lies between them is marked."""
        return self.low is not None and self.high is not None and self.low <= self.high
