"""A measuring tool: the interface that all of them keep, and what they share."""

import math
from itertools import pairwise
from typing import ClassVar, NamedTuple, Self

import msgspec
import numpy as np
from numpy.typing import NDArray

from streamer.measuring.object_parameters import ObjectParameters

Place = tuple[float, float]
"""Shares of the picture's width and height."""

NAME_LENGTH = 40
MOST_POINTS = 64


class Size(NamedTuple):
    """Of a picture, in pixels of the screen or of its own."""

    width: float
    height: float


class Region(NamedTuple):
    """Pixels of a picture.

    Attributes:
        rows: those that the tool reaches.
        columns: likewise.
        inside: (rows, columns) which of them belong to it; None where all do.
    """

    rows: slice
    columns: slice
    inside: NDArray[np.bool_] | None


class Tool(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """One measuring tool. Changing it makes another one.

    Attributes:
        name: as people call it; no two tools of a picture share one.
        points: what it is drawn by.
        parameters: of the object it lies on; None for the picture's own.
    """

    name: str
    points: tuple[Place, ...]
    parameters: ObjectParameters | None = None

    prefix: ClassVar[str] = ""
    fewest: ClassVar[int] = 1
    most: ClassVar[int] = 1
    closed: ClassVar[bool] = False

    def __post_init__(self) -> None:
        if not self.fewest <= len(self.points) <= self.most:
            wanted = f"{self.fewest}" if self.fewest == self.most else f"{self.fewest} or more"
            raise ValueError(
                f"{self.kind} {self.name:.{NAME_LENGTH}}: {wanted} points wanted, "
                f"{len(self.points)} came"
            )
        if not all(0 <= share <= 1 for point in self.points for share in point):
            raise ValueError(
                f"{self.kind} {self.name:.{NAME_LENGTH}}: points from 0 to 1 wanted, shares of the "
                "picture's width and height"
            )
        if not self.name.strip() or len(self.name) > NAME_LENGTH or not self.name.isprintable():
            raise ValueError(
                f"a name of 1 to {NAME_LENGTH} letters wanted, {self.name!r:.{NAME_LENGTH}} came"
            )

    @property
    def kind(self) -> str:
        """Its kind in a file: `spot`, `line`, `box`, `ellipse` or `polygon`."""
        return type(self).__name__.lower()

    def outline(self) -> tuple[Place, ...]:
        """The line it is painted by; joined to its beginning where it is `closed`."""
        return self.points

    def handles(self) -> tuple[Place, ...]:
        """Where it can be taken hold of to change its shape."""
        return self.points

    def contains(self, place: Place) -> bool:
        """Whether a place lies inside."""
        return False

    def region(self, height: int, width: int) -> Region:
        """The pixels of a picture that belong to it; one at least."""
        raise NotImplementedError

    def distance(self, place: Place, size: Size) -> float:
        """How far its outline is from a place, in pixels of a picture of that size."""
        line = [_scaled(point, size) for point in self.outline()]
        if self.closed:
            line.append(line[0])
        at = _scaled(place, size)
        if len(line) == 1:
            return math.dist(at, line[0])
        return min(_from_segment(at, a, b) for a, b in pairwise(line))

    def handle_at(self, place: Place, size: Size, reach_px: float) -> int | None:
        """The nearest handle within reach of a place."""
        at = _scaled(place, size)
        away = [math.dist(at, _scaled(handle, size)) for handle in self.handles()]
        nearest = min(range(len(away)), key=away.__getitem__)
        return nearest if away[nearest] <= reach_px else None

    def moved(self, by: Place) -> Self:
        """The same elsewhere; what would leave the picture stops at its border."""
        steps = []
        for axis in (0, 1):
            shares = [point[axis] for point in self.points]
            steps.append(min(max(by[axis], -min(shares)), 1 - max(shares)))
        points = tuple((_share(u + steps[0]), _share(v + steps[1])) for u, v in self.points)
        return msgspec.structs.replace(self, points=points)

    def reshaped(self, handle: int, place: Place) -> Self:
        """The same with a handle at another place; beyond the picture that is its border."""
        points = list(self.points)
        points[handle] = clamped(place)
        return msgspec.structs.replace(self, points=tuple(points))

    def middle(self) -> Place:
        """The middle of its points."""
        (left, top), (right, bottom) = self.bounds()
        return (left + right) / 2, (top + bottom) / 2

    def bounds(self) -> tuple[Place, Place]:
        """Upper left and lower right corner of what it covers."""
        us, vs = zip(*self.points, strict=True)
        return (min(us), min(vs)), (max(us), max(vs))


def clamped(place: Place) -> Place:
    """The nearest place inside the picture."""
    return _share(place[0]), _share(place[1])


def pixel_at(place: Place, height: int, width: int) -> tuple[int, int]:
    """Row and column of the pixel at a place."""
    return (
        min(max(int(place[1] * height), 0), height - 1),
        min(max(int(place[0] * width), 0), width - 1),
    )


def bounding_slices(tool: Tool, height: int, width: int) -> tuple[slice, slice]:
    """Rows and columns of the pixels that a tool's bounds touch."""
    first, last = tool.bounds()
    top, left = pixel_at(first, height, width)
    bottom, right = pixel_at(last, height, width)
    return slice(top, bottom + 1), slice(left, right + 1)


def _share(value: float) -> float:
    return min(max(value, 0.0), 1.0)


def _scaled(place: Place, size: Size) -> tuple[float, float]:
    return place[0] * size.width, place[1] * size.height


def _from_segment(at: Place, a: Place, b: Place) -> float:
    along = b[0] - a[0], b[1] - a[1]
    length = along[0] ** 2 + along[1] ** 2
    if not length:
        return math.dist(at, a)
    share = ((at[0] - a[0]) * along[0] + (at[1] - a[1]) * along[1]) / length
    share = min(max(share, 0.0), 1.0)
    return math.dist(at, (a[0] + share * along[0], a[1] + share * along[1]))
