"""The visible camera's pictures as the screen takes them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from streamer.thermal.colouring import Colours


def colours_of_visible(pixels: NDArray[Any], wanted_width: int) -> Colours:
    """A visible picture, BGR8 or grey of 8 or 16 bits, thinned to about the width it is shown at.

    Args:
        pixels: (H, W, 3) or (H, W).
        wanted_width: in pixels of the screen.
    """
    step = max(1, pixels.shape[1] // max(1, wanted_width))
    thin = pixels[::step, ::step]
    if thin.dtype == np.uint16:
        thin = (thin >> 8).astype(np.uint8)
    packed = np.full(thin.shape[:2], 0xFF000000, np.uint32)
    channels = packed.view(np.uint8).reshape(*packed.shape, 4)  # B, G, R, A on little endian
    channels[..., :3] = thin if thin.ndim == 3 else thin[..., None]
    return packed
