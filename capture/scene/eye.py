"""Where the visible camera of the rig sits beside the thermal one, and what it shows of the yard.

The thermal camera sees the yard as it is painted. The visible one may have another lens, be turned
and moved on the bracket; then everybody who lines the two up can be measured against `Eye.place`.
"""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.scene import depth
from streamer.calibration.geometry import (
    Points,
    Size,
    ideal,
    pixel_grid,
    pixels_of,
    projected,
    seen,
    similarity,
)
from streamer.config.schema import BracketConfig

FIELD_OF_VIEW_DEG = 57.0
"""Horizontal, of the thermal camera: a Lepton 3.5's."""

FOCAL = 1 / math.tan(math.radians(FIELD_OF_VIEW_DEG / 2))
"""Of the thermal camera, in half widths."""

_PER_PIXEL = 1 / 320  # half widths of a picture 640 wide


class Eye:
    """The visible camera as the bracket's settings place it."""

    def __init__(self, settings: BracketConfig) -> None:
        self._settings = settings
        shift = (settings.shift_x_px * _PER_PIXEL, settings.shift_y_px * _PER_PIXEL)
        self._matrix = similarity(settings.scale, settings.rotation_deg, shift)
        self._lens = (settings.distortion, 0.0)
        self._maps: tuple[Size, Size, tuple[NDArray[np.float32], ...]] | None = None

    @property
    def in_place(self) -> bool:
        """Whether it sees exactly what the thermal camera sees."""
        plain = BracketConfig()
        return (
            all(
                getattr(self._settings, name) == getattr(plain, name)
                for name in ("scale", "rotation_deg", "shift_x_px", "shift_y_px", "distortion")
            )
            and not self._settings.baseline_m
        )

    def metres(self, relative: float | NDArray[np.float64]) -> NDArray[np.float64]:
        """Metres of what is so many distances of the nearest walker away."""
        flat = self._settings.depth == "flat"
        return np.asarray(np.ones_like(relative) if flat else relative) * self._settings.distance_m

    def parallax(self, metres: float | NDArray[np.float64]) -> NDArray[np.float64]:
        """How far to the right things are seen for being so near, thermal half widths."""
        return np.asarray(-FOCAL * self._settings.baseline_m / np.asarray(metres))

    def place(self, points: Points, metres: float | NDArray[np.float64]) -> Points:
        """Where a thermal picture's points (..., 2) are in the visible one; both half widths."""
        moved = np.array(points, np.float64)
        moved[..., 0] += self.parallax(metres)
        return seen(projected(self._matrix, moved), self._lens)

    def still_places(self, points: Points) -> Points:
        """`place` of points (..., 2) of what never moves, each at its own distance."""
        rows, columns = 480, 640
        at = np.clip(np.rint(pixels_of(points, (rows, columns))), 0, (columns - 1, rows - 1))
        far = depth.background(columns, rows)[at[..., 1].astype(int), at[..., 0].astype(int)]
        return self.place(points, self.metres(far))

    def background(self, light: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """What never moves, (H, W, 3), with its parallax."""
        rows, columns = light.shape[:2]
        shift = self.parallax(self.metres(depth.background(columns, rows))) * columns / 2
        x, y = np.meshgrid(np.arange(columns, dtype=np.float64), np.arange(rows, dtype=np.float64))
        from_x = x
        for _ in range(3):  # the depth is known where things are, not where they are seen
            at = np.clip(np.rint(from_x), 0, columns - 1).astype(int)
            from_x = x - shift[np.arange(rows)[:, None], at]
        maps = from_x.astype(np.float32), y.astype(np.float32)
        return _remapped(light, maps)

    def picture(self, light: NDArray[np.uint8], size: Size) -> NDArray[np.uint8]:
        """The yard, (h, w, 3) with its parallax, as this camera's lens shows it."""
        whole = light.shape[0], light.shape[1]
        if self._maps is None or self._maps[:2] != (whole, size):
            inverse = np.asarray(np.linalg.inv(self._matrix), np.float64)
            points = projected(inverse, ideal(pixel_grid(size), self._lens))
            places = np.asarray(pixels_of(points, whole), np.float32)
            maps = tuple(np.ascontiguousarray(places[..., axis]) for axis in (0, 1))
            self._maps = whole, size, maps
        return _remapped(light, self._maps[2])


def _remapped(light: NDArray[np.uint8], maps: tuple[NDArray[np.float32], ...]) -> NDArray[np.uint8]:
    found = cv2.remap(light, maps[0], maps[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    return np.asarray(found, np.uint8)
