"""The visible picture's edges, to be laid over a thermal one: texture where heat shows none."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

EdgeLayer = NDArray[np.uint32]
"""(rows, columns), alpha, red, green, blue; the colours multiplied by alpha."""

_WIDEST = 640  # more columns than that cost time, and nobody sees them
_QUIET = 6  # grey levels of noise that are no edge
_GAIN = 7.0  # alpha per grey level at full strength


def edges_of(visible: NDArray[Any], strength: float) -> EdgeLayer:
    """Bright and dark lines where the visible picture has them, transparent elsewhere.

    A pixel is compared with its neighbourhood of 5x5: a scene's slow shading leaves nothing, so
    that the colours below still tell the temperature.

    Args:
        visible: (H, W, 3) BGR8, or (H, W) grey of 8 or 16 bits.
        strength: 0 to 1.
    """
    step = max(1, visible.shape[1] // _WIDEST)
    thin = visible[::step, ::step]
    if thin.ndim == 3:
        blue, green, red = (thin[..., channel].astype(np.int32) for channel in range(3))
        grey = (blue + 2 * green + red) >> 2
    else:
        grey = (thin >> 8 if thin.dtype == np.uint16 else thin).astype(np.int32)
    beyond = grey - _mean_around(grey)
    over = np.maximum(np.abs(beyond) - _QUIET, 0)
    alpha = np.minimum(over * (_GAIN * strength), 255 * min(1.0, strength)).astype(np.uint32)
    lines: EdgeLayer = np.where(beyond > 0, alpha * np.uint32(0x01010101), alpha << 24)
    return lines


def _mean_around(grey: NDArray[np.int32]) -> NDArray[np.int32]:
    """The mean of the 5x5 around each pixel; at the border what is there is repeated."""
    padded = np.pad(grey, 2, mode="edge")
    rows = padded[:-4] + padded[1:-3] + padded[2:-2] + padded[3:-1] + padded[4:]
    columns = rows[:, :-4] + rows[:, 1:-3] + rows[:, 2:-2] + rows[:, 3:-1] + rows[:, 4:]
    return np.asarray(columns // 25)
