"""Frames as a network sees them: counts and levels to 0..1, guides to planes. No torch.

Training, validation and the deployed call must agree in this to the last bit.
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from models.imaging.canvas import Canvas
from models.imaging.normalisation import AffineMap

WHITE = np.float32(255)
"""The level that a network sees as 1."""

LIMITS = (-0.25, 1.25)
"""What a network is shown of a 16-bit frame; a lone hot spot beyond it is added back after."""

_INTERPOLATIONS = {
    "nearest": cv2.INTER_NEAREST,
    "bilinear": cv2.INTER_LINEAR,
    "bicubic": cv2.INTER_CUBIC,
}


def upsampled(
    low: NDArray[Any], canvas: Canvas, interpolation: str = "bilinear"
) -> NDArray[np.float32]:
    """The low resolution at the canvas's size.

    Args:
        low: (h, w) in counts or levels.
        canvas: (H, W).
        interpolation: networks take bilinear; else nearest or bicubic.

    Returns:
        (H, W) in the unit of `low`.
    """
    counts = low.astype(np.float32, copy=False)
    how = _INTERPOLATIONS[interpolation]
    return np.asarray(cv2.resize(counts, canvas[::-1], interpolation=how), dtype=np.float32)


def base_of_levels(levels: NDArray[np.float32]) -> NDArray[np.float32]:
    """8-bit levels, any shape, as 0..1."""
    return levels / WHITE


def base_of_counts(counts: NDArray[np.float32], scaling: AffineMap) -> NDArray[np.float32]:
    """Counts as about 0..1, (H, W), by the map of their frame."""
    # One pass: convertScaleAbs would lose the sign, numpy would take two.
    base = np.asarray(
        cv2.addWeighted(counts, 1 / scaling.span, counts, 0.0, -scaling.low / scaling.span),
        dtype=np.float32,
    )
    if scaling.span != WHITE:
        np.clip(base, *LIMITS, out=base)
    return base


def guide_planes(guides: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(B, H, W, 3) uint8 BGR as (B, 3, H, W) in 0..1; in memory the channels stay last."""
    return guides.transpose(0, 3, 1, 2).astype(np.float32) / WHITE
