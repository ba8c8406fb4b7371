"""The visible picture's edges, to be laid over a thermal one: texture where heat shows none."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

EdgeLayer = NDArray[np.uint32]
"""(rows, columns), alpha, red, green, blue; the colours multiplied by alpha."""

_WIDEST = 640  # more columns than that cost time, and nobody sees them
_QUIET = 6  # grey levels of noise that are no edge
_GAIN = 8  # alpha per grey level at full strength


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
        thin = thin[..., 1]  # green is nearly brightness, and a third of the work
    elif thin.dtype == np.uint16:
        thin = thin >> 8
    grey = thin.astype(np.int16)
    beyond = grey - _sum_around(grey) // 25
    alpha = np.maximum(np.abs(beyond) - _QUIET, 0)
    alpha *= np.int16(_GAIN * strength)
    np.minimum(alpha, np.int16(255 * min(1.0, strength)), out=alpha)
    lines = np.zeros((*grey.shape, 4), np.uint8)  # blue, green, red, alpha on little endian
    lines[..., 3] = alpha
    lines[..., :3] = np.where(beyond > 0, alpha, 0)[..., None]
    packed: EdgeLayer = lines.view(np.uint32)[..., 0]
    return packed


def _sum_around(grey: NDArray[np.int16]) -> NDArray[np.int16]:
    """The sum of the 5x5 around each pixel; at the border what is there is repeated."""
    padded = np.pad(grey, 2, mode="edge")
    rows = padded[:-4] + padded[1:-3] + padded[2:-2] + padded[3:-1] + padded[4:]
    around: NDArray[np.int16] = rows[:, :-4] + rows[:, 1:-3]
    for shifted in (rows[:, 2:-2], rows[:, 3:-1], rows[:, 4:]):
        around += shifted
    return around
