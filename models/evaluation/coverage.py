"""Whether foretold errors come true: how many pixels lie within the sigma that was foretold.

Pictures are whole numbers and sigmas are not. An error of n counts stands for all from n - 1/2 to
n + 1/2, and counts as far within as that stretch is; else a sigma of 0.9 would hold what one of 0.1
does.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

EDGES = 0.25 * 2 ** (np.arange(17) / 2)
"""Sigmas are sorted by them, 8-bit levels: 0.25 to 64 in steps of the root of two."""

LARGEST = 256
"""Errors from this many levels on count as this many."""


def within(errors: NDArray[Any], sigma: NDArray[Any] | float) -> NDArray[np.float64]:
    """What part of each error, a whole number, lies within sigma; 0..1, shapes broadcast."""
    size = np.abs(np.asarray(errors, dtype=np.float64))
    below = np.asarray(sigma, dtype=np.float64)
    return np.where(size < 0.5, np.minimum(2 * below, 1), np.clip(below - size + 0.5, 0, 1))


def on_canvas(cells: NDArray[np.float32], canvas: tuple[int, int]) -> NDArray[np.float32]:
    """(H, W): to each pixel the value of the cell it lies in."""
    rows, columns = (
        np.arange(side) * count // side for side, count in zip(canvas, cells.shape, strict=True)
    )
    return np.asarray(cells[rows[:, None], columns[None, :]])


@dataclass(slots=True)
class Coverage:
    """Counts over pictures.

    Attributes:
        pixels: how many.
        once, twice: the sums of what lay within one sigma and within two.
        errors: (bins, LARGEST + 1), pixels by their foretold sigma and error, in levels.
        foretold: the sum of the sigmas in each bin.
    """

    pixels: int = 0
    once: float = 0.0
    twice: float = 0.0
    errors: NDArray[np.int64] = field(
        default_factory=lambda: np.zeros((EDGES.size + 1, LARGEST + 1), dtype=np.int64)
    )
    foretold: NDArray[np.float64] = field(default_factory=lambda: np.zeros(EDGES.size + 1))

    def add(
        self, prediction: NDArray[Any], truth: NDArray[Any], cells: NDArray[np.float32], unit: float
    ) -> None:
        """Count a picture.

        Args:
            prediction: (H, W) counts.
            truth: (H, W) counts.
            cells: sigma in counts, on a coarse grid over the picture.
            unit: counts of an 8-bit level.
        """
        sigma = on_canvas(cells, (truth.shape[0], truth.shape[1]))
        errors = np.abs(prediction.astype(np.int64) - truth.astype(np.int64))
        self.pixels += errors.size
        self.once += float(within(errors, sigma).sum())
        self.twice += float(within(errors, 2 * sigma).sum())
        bins = np.searchsorted(EDGES, sigma / unit)
        levels = np.minimum(np.rint(errors / unit), LARGEST).astype(np.int64)
        index = bins * (LARGEST + 1) + levels
        counted = np.bincount(index.ravel(), minlength=self.errors.size)
        self.errors += counted.reshape(self.errors.shape)
        weights = (sigma / unit).ravel().astype(np.float64)
        self.foretold += np.bincount(bins.ravel(), weights, minlength=self.foretold.size)

    def report(self) -> dict[str, Any] | None:
        """The shares, and a row for each stretch of sigmas that has pixels; None without any."""
        if not self.pixels:
            return None
        rows = []
        for errors, foretold in zip(self.errors, self.foretold, strict=True):
            count = int(errors.sum())
            if count:
                sigma = float(foretold) / count
                rows.append(
                    {
                        "sigma": round(sigma, 4),
                        "seen": round(quantile(errors), 4),
                        "within_1_sigma": round(_share(errors, sigma), 4),
                        "pixels": count,
                    }
                )
        return {
            "within_1_sigma": round(self.once / self.pixels, 4),
            "within_2_sigma": round(self.twice / self.pixels, 4),
            "calibration": rows,
        }


def quantile(errors: NDArray[Any], share: float = 0.6827) -> float:
    """The sigma that `share` of pixels lie within.

    Args:
        errors: how many pixels (or what weight of them) are off by 0, 1, 2, ... levels.
        share: 0..1.
    """
    low, high = 1e-3, float(errors.size)
    for _ in range(40):
        middle = (low * high) ** 0.5
        low, high = (middle, high) if _share(errors, middle) < share else (low, middle)
    return float((low * high) ** 0.5)


def _share(errors: NDArray[Any], sigma: float) -> float:
    inside = within(np.arange(errors.size), sigma)
    held: float = (errors * inside).sum().item()
    return held / float(errors.sum())
