"""How far the pixels of a result may be off: a coarse plane that travels in its header.

Readers of before skip what they do not know of a header, so nothing else of the message changes.
"""

import math
from typing import Self

import msgspec
import numpy as np
from numpy.typing import NDArray

_CODES = 255


class Uncertainty(msgspec.Struct, frozen=True):
    """Foretold standard deviations, a byte a cell; about 68 % of pixels are off by no more.

    Cells lie evenly over the picture. Sigma is low_counts * (high_counts / low_counts) ** (code /
    255), so that a step is a share of it, 2 % where the largest is a hundred times the smallest.

    Attributes:
        rows: of cells.
        columns: of cells.
        low_counts: sigma of code 0, above 0.
        high_counts: sigma of code 255, no less.
        codes: row by row, a byte a cell.
    """

    rows: int
    columns: int
    low_counts: float
    high_counts: float
    codes: bytes

    def __post_init__(self) -> None:
        if min(self.rows, self.columns) < 1 or len(self.codes) != self.rows * self.columns:
            raise ValueError(
                f"{len(self.codes)} codes for {self.rows}x{self.columns} cells of uncertainty"
            )
        low, high = self.low_counts, self.high_counts
        if not 0 < low <= high < math.inf or high / low == math.inf:
            raise ValueError(
                f"uncertainty from {self.low_counts} to {self.high_counts} counts: wanted above 0, "
                "rising and finite"
            )

    @classmethod
    def of(cls, sigma_counts: NDArray[np.float32]) -> Self:
        """The plane of (rows, columns) sigmas, all above 0."""
        low, high = float(sigma_counts.min()), float(sigma_counts.max())
        steps = _CODES / math.log(high / low) if high > low else 0.0
        codes = np.rint(np.log(sigma_counts / np.float32(low)) * np.float32(steps))
        rows, columns = sigma_counts.shape
        return cls(rows, columns, low, high, codes.astype(np.uint8).tobytes())

    def sigma_counts(self) -> NDArray[np.float32]:
        """(rows, columns) in counts."""
        codes = np.frombuffer(self.codes, np.uint8).reshape(self.rows, self.columns)
        span = math.log(self.high_counts / self.low_counts)
        table = self.low_counts * np.exp(np.arange(_CODES + 1) * (span / _CODES))
        return np.asarray(table.astype(np.float32)[codes])

    def at(self, u: float, v: float) -> float:
        """Sigma in counts at a place given as shares of width and height (0..1)."""
        column = min(max(int(u * self.columns), 0), self.columns - 1)
        row = min(max(int(v * self.rows), 0), self.rows - 1)
        share = self.codes[row * self.columns + column] / _CODES
        return float(self.low_counts * (self.high_counts / self.low_counts) ** share)
