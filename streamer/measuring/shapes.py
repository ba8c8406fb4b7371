"""The five tools."""

import math
from functools import lru_cache
from typing import ClassVar, Self

import msgspec
import numpy as np
from numpy.typing import NDArray

from streamer.measuring.tool import (
    MOST_POINTS,
    Place,
    Region,
    Tool,
    bounding_slices,
    clamped,
    pixel_at,
)

_ELLIPSE_POINTS = 48


class Spot(Tool, frozen=True, kw_only=True, tag="spot"):
    """One pixel."""

    prefix: ClassVar[str] = "Sp"

    def region(self, height: int, width: int) -> Region:
        """The pixel it lies on."""
        row, column = pixel_at(self.points[0], height, width)
        return Region(slice(row, row + 1), slice(column, column + 1), None)


class Line(Tool, frozen=True, kw_only=True, tag="line"):
    """The pixels along a straight line."""

    prefix: ClassVar[str] = "Li"
    fewest: ClassVar[int] = 2
    most: ClassVar[int] = 2

    def region(self, height: int, width: int) -> Region:
        """The pixels it runs through, one a row or a column."""
        rows, columns = self.path(height, width)
        window = bounding_slices(self, height, width)
        inside = np.zeros(
            (window[0].stop - window[0].start, window[1].stop - window[1].start), bool
        )
        inside[rows - window[0].start, columns - window[1].start] = True
        return Region(*window, inside)

    def path(self, height: int, width: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Rows and columns of its pixels, from its first point to its last."""
        (row, column), (to_row, to_column) = (pixel_at(p, height, width) for p in self.points)
        count = max(abs(to_row - row), abs(to_column - column)) + 1
        rows = np.rint(np.linspace(row, to_row, count)).astype(np.intp)
        columns = np.rint(np.linspace(column, to_column, count)).astype(np.intp)
        return rows, columns


class _Framed(Tool, frozen=True, kw_only=True):
    """A tool that a frame gives its size: two of its opposite corners."""

    fewest: ClassVar[int] = 2
    most: ClassVar[int] = 2
    closed: ClassVar[bool] = True

    def handles(self) -> tuple[Place, ...]:
        """The corners from the upper left one around, then the middles of the sides."""
        (left, top), (right, bottom) = self.bounds()
        u, v = self.middle()
        corners = ((left, top), (right, top), (right, bottom), (left, bottom))
        return (*corners, (u, top), (right, v), (u, bottom), (left, v))

    def reshaped(self, handle: int, place: Place) -> Self:
        """With a corner, or a side, at another place."""
        (left, top), (right, bottom) = self.bounds()
        u, v = clamped(place)
        if handle in (0, 3, 7):
            left = u
        if handle in (1, 2, 5):
            right = u
        if handle in (0, 1, 4):
            top = v
        if handle in (2, 3, 6):
            bottom = v
        return msgspec.structs.replace(self, points=((left, top), (right, bottom)))


class Box(_Framed, frozen=True, kw_only=True, tag="box"):
    """The pixels of a rectangle."""

    prefix: ClassVar[str] = "Bx"

    def outline(self) -> tuple[Place, ...]:
        """Its corners."""
        return self.handles()[:4]

    def contains(self, place: Place) -> bool:
        """Whether a place lies inside."""
        (left, top), (right, bottom) = self.bounds()
        return left <= place[0] <= right and top <= place[1] <= bottom

    def region(self, height: int, width: int) -> Region:
        """All pixels that it touches."""
        return Region(*bounding_slices(self, height, width), None)


class Ellipse(_Framed, frozen=True, kw_only=True, tag="ellipse"):
    """The pixels of an ellipse that fits into a frame; of a circle on the screen, too."""

    prefix: ClassVar[str] = "El"

    def outline(self) -> tuple[Place, ...]:
        """Points around it."""
        (left, top), (right, bottom) = self.bounds()
        u, v = self.middle()
        angles = (2 * math.pi * step / _ELLIPSE_POINTS for step in range(_ELLIPSE_POINTS))
        return tuple(
            (u + (right - left) / 2 * math.cos(angle), v + (bottom - top) / 2 * math.sin(angle))
            for angle in angles
        )

    def contains(self, place: Place) -> bool:
        """Whether a place lies inside."""
        (left, top), (right, bottom) = self.bounds()
        if right <= left or bottom <= top:
            return False
        u, v = self.middle()
        across, down = 2 * (place[0] - u) / (right - left), 2 * (place[1] - v) / (bottom - top)
        return across**2 + down**2 <= 1

    def region(self, height: int, width: int) -> Region:
        """The pixels whose middles lie inside; of a tiny one the pixel in its middle."""
        return _centres_inside(self, height, width)


class Polygon(Tool, frozen=True, kw_only=True, tag="polygon"):
    """The pixels of any area with straight sides."""

    prefix: ClassVar[str] = "Po"
    fewest: ClassVar[int] = 3
    most: ClassVar[int] = MOST_POINTS
    closed: ClassVar[bool] = True

    def contains(self, place: Place) -> bool:
        """Whether a place lies inside: sides that cross leave holes."""
        return bool(_inside_polygon(self.points, np.array([place[0]]), np.array([place[1]]))[0, 0])

    def region(self, height: int, width: int) -> Region:
        """The pixels whose middles lie inside; of a tiny one the pixel in its middle."""
        return _centres_inside(self, height, width)


AnyTool = Spot | Line | Box | Ellipse | Polygon

KINDS: dict[str, type[AnyTool]] = {
    kind.__name__.lower(): kind for kind in (Spot, Line, Box, Ellipse, Polygon)
}
"""Every kind of tool by its name in a file, in the order of the tool column."""


@lru_cache(maxsize=64)
def region_of(tool: AnyTool, height: int, width: int) -> Region:
    """The pixels of a tool, kept from picture to picture: they change only with it."""
    return tool.region(height, width)


def _centres_inside(tool: Ellipse | Polygon, height: int, width: int) -> Region:
    rows, columns = bounding_slices(tool, height, width)
    us = (np.arange(columns.start, columns.stop) + 0.5) / width
    vs = (np.arange(rows.start, rows.stop) + 0.5) / height
    if isinstance(tool, Ellipse):
        (left, top), (right, bottom) = tool.bounds()
        (u, v), across, down = tool.middle(), max(right - left, 1e-9), max(bottom - top, 1e-9)
        inside = (2 * (us[None] - u) / across) ** 2 + (2 * (vs[:, None] - v) / down) ** 2 <= 1
    else:
        inside = _inside_polygon(tool.points, us, vs)
    if not inside.any():
        row, column = pixel_at(tool.middle(), height, width)
        return Region(slice(row, row + 1), slice(column, column + 1), None)
    return Region(rows, columns, inside)


def _inside_polygon(
    points: tuple[Place, ...], us: NDArray[np.float64], vs: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """(vs, us): whether a ray to the right crosses the outline an odd number of times."""
    inside = np.zeros((len(vs), len(us)), bool)
    for (u0, v0), (u1, v1) in zip(points, (*points[1:], points[0]), strict=True):
        between = (v0 > vs) != (v1 > vs)
        if between.any():
            crossing = u0 + (vs[between] - v0) * (u1 - u0) / (v1 - v0)
            inside[between] ^= us[None] < crossing[:, None]
    return inside
