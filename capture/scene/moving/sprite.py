"""A moving thing painted beforehand, laid over a picture at any place between pixels."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.scene.canvas import Canvas, reduced

_OVERSAMPLE = 2  # sprites are kept finer than they are shown: bilinear placing then stays sharp
_INNER_BLUR = 0.022  # of the sprite's height: heat spreads inside a body, its outline is sharp


class Sprite:
    """One pose of one thing, in light and in heat, with a common outline.

    Args:
        canvas: the drawing; its coverage is the outline.
        width: columns it covers when shown, in pixels.
        height: rows.
        spread_heat: whether temperatures inside flow into each other.
    """

    def __init__(self, canvas: Canvas, width: float, height: float, spread_heat: bool) -> None:
        columns = max(2, round(width * _OVERSAMPLE))
        rows = max(2, round(height * _OVERSAMPLE))
        self._step = (columns / width, rows / height)
        alpha: NDArray[Any] = canvas.coverage.astype(np.float32) / 255
        heat: NDArray[Any] = canvas.kelvin * alpha
        if spread_heat:
            sigma = _INNER_BLUR * canvas.kelvin.shape[0]
            heat = cv2.GaussianBlur(heat, (0, 0), sigma)
            heat = heat / np.maximum(cv2.GaussianBlur(alpha, (0, 0), sigma), 1e-3) * alpha
        colour = canvas.colour * alpha[..., None]
        # A transparent rim, so that placing between pixels has something to fade into.
        rim = ((1, 1), (1, 1))
        self._alpha = np.pad(reduced(alpha, columns, rows), rim).astype(np.float32)
        self._heat = np.pad(reduced(heat, columns, rows), rim).astype(np.float32)
        premultiplied = np.pad(reduced(colour, columns, rows), (*rim, (0, 0)))
        self._light = np.clip(np.round(premultiplied), 0, 255).astype(np.uint8)
        self._cover = cv2.merge([np.round(self._alpha * 255).astype(np.uint8)] * 3)
        self._size = (columns / self._step[0], rows / self._step[1])

    def light(self, picture: NDArray[np.uint8], x: float, y: float, mirror: bool = False) -> None:
        """Lays the colours over `picture`, the top left corner at (x, y) pixels."""
        if (found := self._place(picture, x, y, mirror)) is not None:
            window, size, matrix = found
            region = picture[window]
            over = cv2.warpAffine(self._light, matrix, size, flags=_PLACING)
            cover = cv2.warpAffine(self._cover, matrix, size, flags=_PLACING)
            kept = cv2.multiply(region, cv2.bitwise_not(cover), scale=1 / 255)
            cv2.add(kept, over, dst=region)

    def heat(self, kelvin: NDArray[np.float32], x: float, y: float, mirror: bool = False) -> None:
        """Lays the temperatures over `kelvin`, the top left corner at (x, y) pixels."""
        if (found := self._place(kelvin, x, y, mirror)) is not None:
            window, size, matrix = found
            region = kelvin[window]
            over = cv2.warpAffine(self._heat, matrix, size, flags=_PLACING)
            cover = cv2.warpAffine(self._alpha, matrix, size, flags=_PLACING)
            region -= region * cover
            region += over

    def _place(
        self, picture: NDArray[np.uint8] | NDArray[np.float32], x: float, y: float, mirror: bool
    ) -> tuple[tuple[slice, slice], tuple[int, int], NDArray[np.float64]] | None:
        """The touched window and the map from its pixels to cells of the sprite."""
        height, width = picture.shape[:2]
        left, top = max(0, int(np.floor(x)) - 1), max(0, int(np.floor(y)) - 1)
        right = min(width, int(np.ceil(x + self._size[0])) + 1)
        bottom = min(height, int(np.ceil(y + self._size[1])) + 1)
        if left >= right or top >= bottom:
            return None
        sx, sy = self._step
        columns = self._alpha.shape[1]
        # cell = (pixel centre - corner) * step - 0.5, plus the rim of one cell
        shift_x, shift_y = (left + 0.5 - x) * sx + 0.5, (top + 0.5 - y) * sy + 0.5
        matrix = np.array([[sx, 0, shift_x], [0, sy, shift_y]])
        if mirror:
            matrix[0] = (-sx, 0, columns - 1 - shift_x)
        return (slice(top, bottom), slice(left, right)), (right - left, bottom - top), matrix


_PLACING = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
