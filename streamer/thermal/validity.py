"""Which pixels of a thermal picture are readings: one mask for spans, extremes, triggers, results.

Cameras put other things into their pictures: rows of telemetry at the border, zeros and full scale
where a pixel is dead. What one picture tells is found from it alone, so that a recording, its
replay and its export see the same; what takes time to find is handed in
(`streamer.pictures.readings.bad_pixels`).
"""

from collections.abc import Iterable
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


Places = tuple[tuple[int, int], ...]
"""(column, row) of pixels."""


def mask_of(places: Iterable[tuple[int, int]], shape: tuple[int, ...]) -> Mask | None:
    """(H, W), true at these places; None where there is none. Those outside are left aside."""
    mask = np.zeros(shape[:2], np.bool_)
    for column, row in places:
        if 0 <= row < shape[0] and 0 <= column < shape[1]:
            mask[row, column] = True
    return mask if mask.any() else None


def valid_pixels(counts: NDArray[Any], bad: Mask | None = None) -> Mask | None:
    """Which pixels are readings.

    Besides those that are known to be bad, of 16-bit counts alone: 8-bit pictures of a camera's own
    contrast reach both of their ends.

    - 0 and 65535 are none where no other count is near them. An area of full scale is saturated,
      and stays: what is too hot to measure must not vanish.
    - Rows at the top and the bottom are none whose pixels mostly lie far out of the range of the
      rest.

    Args:
        counts: (H, W).
        bad: (H, W), true where a pixel was found over time to be none; of another size it is not
            meant.

    Returns:
        (H, W), true where a pixel is a reading; None where all are, or none would be.
    """
    same = bad is not None and bad.shape == counts.shape
    return without(_valid_in_itself(counts), bad if same else None)


def without(valid: Mask | None, bad: Mask | None) -> Mask | None:
    """The mask of valid pixels without bad ones; one that would leave none is as it was."""
    if bad is None or (valid is not None and valid.shape != bad.shape):
        return valid
    both = ~bad if valid is None else valid & ~bad
    return both if both.any() else valid


def count_invalid(counts: NDArray[Any], bad: Mask | None = None) -> int:
    """How many pixels are no reading; arguments as of `valid_pixels`."""
    valid = valid_pixels(counts, bad)
    return 0 if valid is None else int(valid.size - np.count_nonzero(valid))


def _valid_in_itself(counts: NDArray[Any]) -> Mask | None:
    """What one picture tells, without knowing others."""
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
