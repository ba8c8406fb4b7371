"""A thermal scene that a camera pans over, as counts, and points as a lens shows them."""

import math
from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.float32]

MIDDLE = 30_000.0
"""Its mean, in counts; it spans about a thousand each way."""

_MARGIN = 120
_STEP_PX = (0.7, 0.3)


def moving_scene(
    frames: int, height: int = 24, width: int = 32, *, moves: bool = True, noise: float = 5.0
) -> Iterator[Picture]:
    """(H, W) float32 counts: smooth structure of 300 counts, and noise; the same every time."""
    rng = np.random.default_rng(16)
    wide = rng.standard_normal((height + _MARGIN, width + _MARGIN)).astype(np.float32)
    wide = cv2.GaussianBlur(wide, (0, 0), 3)
    wide *= 300 / wide.std()
    for index in range(frames):
        x, y = (index * step % (_MARGIN - 4) if moves else 0.0 for step in _STEP_PX)
        shift = np.array([[1, 0, -x], [0, 1, -y]], np.float32)
        seen = cv2.warpAffine(wide, shift, (width, height))
        yield MIDDLE + seen + noise * rng.standard_normal((height, width)).astype(np.float32)


def seen_through(sigma_px: float, reach: int = 4) -> Picture:
    """A point as a lens shows it, 1 in its middle pixel: a Gaussian, averaged over pixels."""
    edges = np.arange(-reach - 0.5, reach + 1) / (sigma_px * math.sqrt(2))
    across = np.diff([math.erf(edge) for edge in edges])
    spot = np.outer(across, across)
    return np.asarray(spot / spot.max(), dtype=np.float32)


def as_counts(picture: Picture, dtype: type = np.uint16) -> NDArray[np.uint16]:
    """Rounded and clipped."""
    return np.clip(np.rint(picture), 0, np.iinfo(dtype).max).astype(dtype)
