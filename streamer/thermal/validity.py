"""Which pixels of a thermal picture are readings: one mask for spans, extremes, triggers, results.

Cameras put other things into their pictures: rows of telemetry at the border, zeros and full scale
where a pixel is dead. A mask is found from one picture alone, so that a recording, its replay and
its export see the same.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]

BORDER_ROWS = 4
"""Telemetry has so many rows at the top or the bottom, at most (a Lepton's has three or four)."""

APART = 3000
"""Counts that telemetry and dead pixels lie beyond a picture's own range, or once more its span."""

_FULL = 65535
_SHORTEST = 3 * BORDER_ROWS
_MOSTLY = 0.5


def valid_pixels(counts: NDArray[Any]) -> Mask | None:
    """Which pixels are readings.

    Of 16-bit counts alone: 8-bit pictures of a camera's own contrast reach both of their ends.

    - 0 and 65535 are none where no other count is near them. An area of full scale is saturated,
      and stays: what is too hot to measure must not vanish.
    - Rows at the top and the bottom are none whose pixels mostly lie far out of the range of the
      rest.

    Args:
        counts: (H, W).

    Returns:
        (H, W), true where a pixel is a reading; None where all are, or none would be.
    """
    if counts.dtype != np.uint16 or counts.ndim != 2 or counts.size == 0:
        return None
    rows = counts.shape[0]
    core = counts[BORDER_ROWS : rows - BORDER_ROWS] if rows >= _SHORTEST else counts
    limits = _limits_of(core)
    if limits is None:
        return None
    low, high = limits
    if low <= int(counts.min()) and int(counts.max()) <= high:
        return None
    valid = np.ones(counts.shape, np.bool_)
    if low > 0:
        valid &= counts != 0
    if high < _FULL:
        valid &= ~_lone(counts == _FULL)
    if rows >= _SHORTEST:
        _mask_telemetry(counts, valid, low, high)
    return None if valid.all() or not valid.any() else valid


def count_invalid(counts: NDArray[Any]) -> int:
    """How many pixels are no reading."""
    valid = valid_pixels(counts)
    return 0 if valid is None else int(valid.size - np.count_nonzero(valid))


def _limits_of(core: NDArray[np.uint16]) -> tuple[int, int] | None:
    """The counts beyond which something lies apart from the picture; None where it has none."""
    low, high = int(core.min()), int(core.max())
    if low == 0 or high == _FULL:
        inside = core[(core != 0) & (core != _FULL)]
        if inside.size == 0:
            return None
        low, high = int(inside.min()), int(inside.max())
    apart = max(high - low, APART)
    return low - apart, high + apart


def _mask_telemetry(counts: NDArray[np.uint16], valid: Mask, low: int, high: int) -> None:
    """Takes rows out from the border inwards, until one belongs to the picture."""
    rows = counts.shape[0]
    for order in (range(BORDER_ROWS), range(rows - 1, rows - 1 - BORDER_ROWS, -1)):
        for row in order:
            line = counts[row]
            if np.count_nonzero((line < low) | (line > high)) <= _MOSTLY * line.size:
                break
            valid[row] = False


def _lone(at: Mask) -> Mask:
    """Without those that fill a square of 2x2, unless they fill whole rows or columns."""
    squares = at[:-1, :-1] & at[1:, :-1] & at[:-1, 1:] & at[1:, 1:]
    filled = np.zeros_like(at)
    for rows in (np.s_[:-1], np.s_[1:]):
        for columns in (np.s_[:-1], np.s_[1:]):
            filled[rows, columns] |= squares
    rows_filled, columns_filled = at.all(axis=1, keepdims=True), at.all(axis=0, keepdims=True)
    return at & (~filled | rows_filled | columns_filled)
