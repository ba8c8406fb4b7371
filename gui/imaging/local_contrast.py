"""Contrast spread place by place, by OpenCV's CLAHE."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from streamer.thermal.span import Span

_CLIP = 8.0
_TILES = (8, 6)


class LocalContrast:
    """Spreads contrast place by place; one colour stands for other temperatures elsewhere."""

    def __init__(self) -> None:
        import cv2  # a tenth of a second that no viewer pays at its start

        self._clahe = cv2.createCLAHE(clipLimit=_CLIP, tileGridSize=_TILES)

    def levels(self, pixels: NDArray[Any], span: Span) -> NDArray[np.uint8]:
        """(H, W) of 0 to 255, from (H, W) counts inside a span."""
        scale = 255 / span.width if span.width > 0 else 0.0
        inside = np.clip((pixels - np.float32(span.low)) * np.float32(scale), 0, 255)
        spread: NDArray[np.uint8] = self._clahe.apply(inside.astype(np.uint8))
        return spread
