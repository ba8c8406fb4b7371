"""Coordinates that do not depend on a picture's size, and lenses in them.

A point is given in half widths of its picture from its centre, x to the right, y down: the left and
right edges are at -1 and 1, the upper one of a 4:3 picture at -0.75. Pixels are square, so a 16:9
picture beside a 4:3 one is cropped or runs out; it is never stretched.
"""

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""(..., 2): x and y."""

Size = tuple[int, int]
"""(H, W) in pixels."""

Lens = tuple[float, float]
"""k1 and k2 of Brown's model, radii in half widths: seen = ideal * (1 + k1 r^2 + k2 r^4)."""

_ROUNDS = 12
_SHOWN_WIDTH = 640


def pixel_grid(size: Size, step: int = 1) -> Points:
    """(H, W, 2): the centres of all pixels, or of every `step`-th."""
    rows, columns = size
    x = np.arange(0, columns, step, dtype=np.float64)
    y = np.arange(0, rows, step, dtype=np.float64)
    return np.stack(np.meshgrid(from_pixels(x, columns), from_pixels(y, columns, rows)), axis=-1)


def from_pixels(
    place: NDArray[np.float64], columns: int, along: int | None = None
) -> NDArray[np.float64]:
    """Pixel numbers along one side to half widths; `along` is the side's length [columns]."""
    side = columns if along is None else along
    return (place + 0.5 - side / 2) / (columns / 2)


def points_of(pixels: Points, size: Size) -> Points:
    """Places in pixels (x, y) of a picture to half widths."""
    rows, columns = size
    return np.stack(
        [from_pixels(pixels[..., 0], columns), from_pixels(pixels[..., 1], columns, rows)], axis=-1
    )


def shown_size(sensor: Size) -> Size:
    """A multiple of the sensor's size about 640 wide."""
    times = max(1, round(_SHOWN_WIDTH / sensor[1]))
    return sensor[0] * times, sensor[1] * times


def pixels_of(points: Points, size: Size) -> Points:
    """Half widths to places in pixels (x, y) of a picture."""
    rows, columns = size
    return points * (columns / 2) + np.array([columns, rows]) / 2 - 0.5


def seen(ideal: Points, lens: Lens) -> Points:
    """Where a lens shows what an ideal one would show at `ideal`."""
    if not any(lens):
        return ideal
    square = np.sum(ideal**2, axis=-1, keepdims=True)
    return np.asarray(ideal * (1 + lens[0] * square + lens[1] * square**2))


def ideal(points: Points, lens: Lens) -> Points:
    """The inverse of `seen`, by iteration."""
    if not any(lens):
        return points
    found = points
    for _ in range(_ROUNDS):
        square = np.sum(found**2, axis=-1, keepdims=True)
        found = points / np.maximum(1 + lens[0] * square + lens[1] * square**2, 0.2)
    return np.asarray(found)


def projected(matrix: NDArray[np.float64], points: Points) -> Points:
    """Points through a homography, (3, 3)."""
    x, y = points[..., 0], points[..., 1]
    with np.errstate(divide="ignore", invalid="ignore"):  # beyond the horizon: not finite
        across = 1.0 / (matrix[2, 0] * x + matrix[2, 1] * y + matrix[2, 2])
        found = [(row[0] * x + row[1] * y + row[2]) * across for row in matrix[:2]]
    return np.stack(found, axis=-1)


def similarity(scale: float, rotation_deg: float, shift: tuple[float, float]) -> Points:
    """(3, 3): enlarged, turned clockwise as seen (y is down), and moved."""
    angle = np.deg2rad(rotation_deg)
    cos, sin = scale * np.cos(angle), scale * np.sin(angle)
    return np.array([[cos, -sin, shift[0]], [sin, cos, shift[1]], [0.0, 0.0, 1.0]])
