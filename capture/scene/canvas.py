"""Painting one drawing as two pictures, so that edges coincide wherever physics says so.

Every shape is given a colour (what light shows), a temperature (what heat shows) or both; what is
None is left as it was. Shapes are drawn on a finer grid and averaged down, which gives both
pictures the same smooth edges.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Colour = tuple[int, int, int]  # blue, green, red
Point = tuple[float, float]

_SUBPIXEL_BITS = 4

_CIRCLE = np.array(
    [(math.cos(a), math.sin(a)) for a in np.linspace(0, 2 * math.pi, 48, endpoint=False)]
)


class Canvas:
    """A colour picture, a temperature picture and their coverage, drawn in scene units.

    Attributes:
        colour: (H, W, 3) uint8 BGR on the fine grid.
        kelvin: (H, W) float32 on the fine grid.
        coverage: (H, W) uint8, 255 where any shape was drawn.
    """

    def __init__(self, width: float, height: float, scale_x: float, scale_y: float) -> None:
        """Makes an empty canvas of `width` x `height` scene units with so many cells per unit."""
        self._scale = (scale_x, scale_y)
        self._steps = np.array(self._scale) * (1 << _SUBPIXEL_BITS)
        rows, columns = math.ceil(height * scale_y), math.ceil(width * scale_x)
        self.colour: NDArray[np.uint8] = np.zeros((rows, columns, 3), np.uint8)
        self.kelvin: NDArray[np.float32] = np.zeros((rows, columns), np.float32)
        self.coverage: NDArray[np.uint8] = np.zeros((rows, columns), np.uint8)

    def polygon(
        self,
        points: Sequence[Point] | NDArray[np.float64],
        colour: Colour | None,
        kelvin: float | None,
    ) -> None:
        """Fills a polygon."""
        fine = np.multiply(points, self._steps) - (1 << _SUBPIXEL_BITS) / 2
        corners = np.rint(fine).astype(np.int32)
        for picture, value in self._targets(colour, kelvin):
            cv2.fillPoly(picture, [corners], value, shift=_SUBPIXEL_BITS)

    def rectangle(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        colour: Colour | None,
        kelvin: float | None,
    ) -> None:
        """Fills an upright rectangle given by its top left corner."""
        rows, columns = self.window(x, y, width, height)
        for picture, value in self._targets(colour, kelvin):
            picture[rows, columns] = value

    def ellipse(
        self,
        centre: Point,
        radius_x: float,
        radius_y: float,
        colour: Colour | None,
        kelvin: float | None,
    ) -> None:
        """Fills an upright ellipse."""
        self.polygon(_CIRCLE * (radius_x, radius_y) + centre, colour, kelvin)

    def limb(
        self, points: Sequence[Point], width: float, colour: Colour | None, kelvin: float | None
    ) -> None:
        """Draws a thick line through points, with round joints and ends."""
        for (x0, y0), (x1, y1) in pairwise(points):
            length = math.hypot(x1 - x0, y1 - y0) or 1.0
            nx, ny = -(y1 - y0) / length * width / 2, (x1 - x0) / length * width / 2
            corners = [(x0 + nx, y0 + ny), (x1 + nx, y1 + ny), (x1 - nx, y1 - ny)]
            self.polygon([*corners, (x0 - nx, y0 - ny)], colour, kelvin)
        for point in points:
            self.ellipse(point, width / 2, width / 2, colour, kelvin)

    def text(self, words: str, x: float, y: float, height: float, colour: Colour) -> None:
        """Prints words that light shows and heat does not; (x, y) is the bottom left corner."""
        size = height * self._scale[1] / 22
        corner = (round(x * self._scale[0]), round(y * self._scale[1]))
        thickness = max(1, round(size * 2))
        cv2.putText(
            self.colour, words, corner, cv2.FONT_HERSHEY_SIMPLEX, size, colour, thickness,
            cv2.LINE_AA,
        )  # fmt: skip

    def window(self, x: float, y: float, width: float, height: float) -> tuple[slice, slice]:
        """The rows and columns of a rectangle, for textures painted by hand."""
        sx, sy = self._scale
        rows = slice(max(0, round(y * sy)), max(0, round((y + height) * sy)))
        return rows, slice(max(0, round(x * sx)), max(0, round((x + width) * sx)))

    def grid(
        self, x: float = 0, y: float = 0, width: float = 1e6, height: float = 1e6
    ) -> tuple[NDArray[Any], ...]:
        """Scene coordinates (x, y) of the cells in a rectangle (all cells when not given)."""
        rows, columns = self.window(x, y, width, height)
        rows_at = np.arange(self.kelvin.shape[0], dtype=np.float32)[rows, None]
        columns_at = np.arange(self.kelvin.shape[1], dtype=np.float32)[None, columns]
        return (columns_at + 0.5) / self._scale[0], (rows_at + 0.5) / self._scale[1]

    def _targets(
        self, colour: Colour | None, kelvin: float | None
    ) -> list[tuple[NDArray[Any], Any]]:
        targets: list[tuple[NDArray[Any], Any]] = [(self.coverage, 255)]
        if colour is not None:
            targets.append((self.colour, colour))
        if kelvin is not None:
            targets.append((self.kelvin, kelvin))
        return targets


def reduced(picture: NDArray[Any], width: int, height: int) -> NDArray[Any]:
    """Averages a picture of the fine grid down to width x height."""
    result: NDArray[Any] = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    return result


def clouds(
    rng: np.random.Generator, width: int, height: int, coarsest: int, octaves: int = 5
) -> NDArray[np.float32]:
    """Smooth random texture of mean 0 and deviation 1 that tiles in both directions."""
    total = np.zeros((height, width), np.float32)
    for octave in range(octaves):
        cells = coarsest << octave
        if cells > min(width, height):
            break
        coarse = rng.standard_normal((cells, cells)).astype(np.float32)
        wrapped = np.pad(coarse, 2, mode="wrap")
        step_x, step_y = width / cells, height / cells
        fine = cv2.resize(
            wrapped,
            (round(step_x * (cells + 4)), round(step_y * (cells + 4))),
            interpolation=cv2.INTER_CUBIC,
        )
        top, left = round(2 * step_y), round(2 * step_x)
        total += fine[top : top + height, left : left + width] * 0.55**octave
    total -= total.mean()
    total /= max(float(total.std()), 1e-6)
    return total
