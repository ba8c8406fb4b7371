"""A street of its own for every seed: house fronts, trees, cars, people, by day, night or smoke."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.scene.atmosphere import Smoke
from capture.scene.canvas import Canvas, reduced
from capture.scene.moving.machines import Van
from capture.scene.moving.people import Person, random_outfit
from capture.scene.street.facade import paint_facade
from capture.scene.street.materials import (
    Climate,
    Generator,
    random_climate,
    random_colour,
    soaked,
    warmth,
)
from capture.scene.street.outdoors import (
    paint_fence,
    paint_ground,
    paint_pole,
    paint_sky,
    paint_tree,
)

WIDTH, HEIGHT = 640, 480

_FINE = 2
_FILLED = 0.35  # how many pictures are one front from top to bottom


class Street:
    """One street, still.

    Attributes:
        light: (480, 640, 3) uint8 BGR, what a visible camera sees.
        heat: (480, 640) float32, kelvin.
    """

    def __init__(self, seed: int, kind: str) -> None:
        """Paint it; takes about half a second.

        Args:
            seed: of everything that is drawn.
            kind: day, night or smoke.
        """
        rng = np.random.default_rng(seed)
        climate = random_climate(rng)
        canvas = Canvas(WIDTH, HEIGHT, _FINE, _FINE)
        horizon = _ground_line(rng)
        paint_sky(canvas, WIDTH, HEIGHT, climate, rng)
        _paint_fronts(canvas, horizon, climate, rng)
        paint_ground(canvas, (WIDTH, HEIGHT), horizon, climate, rng)
        soaked(canvas, rng.uniform(0.4, 1.6))
        _paint_before(canvas, horizon, climate, rng)
        _scatter(canvas, climate, rng)
        view = _view(rng)
        self.light: NDArray[np.uint8] = reduced(_seen(canvas.colour, view), WIDTH, HEIGHT)
        self.heat: NDArray[np.float32] = reduced(_seen(canvas.kelvin, view), WIDTH, HEIGHT)
        _populate(self.light, self.heat, horizon, climate, rng)
        if kind == "night":
            self.light = _by_night(self.light, rng)
        elif kind == "smoke":
            Smoke(rng, WIDTH, HEIGHT).apply(self.light, rng.uniform(0, 60))


def _ground_line(rng: Generator) -> float:
    """Where houses stand; below the picture where a front fills it."""
    return HEIGHT + 40.0 if rng.random() < _FILLED else float(rng.uniform(180, 420))


def _paint_fronts(canvas: Canvas, foot: float, climate: Climate, rng: Generator) -> None:
    left = float(rng.uniform(-120, 40))
    while left < WIDTH:
        width = float(rng.uniform(90, 420))
        tall = float(rng.uniform(0.35, 1.3)) * min(foot, HEIGHT)
        if rng.random() < 0.85:
            paint_facade(canvas, (left, foot - tall, width, tall), climate, rng)
        left += width + float(rng.uniform(-10, 60))


def _paint_before(canvas: Canvas, horizon: float, climate: Climate, rng: Generator) -> None:
    feet = np.sort(rng.uniform(min(horizon, HEIGHT) - 10, HEIGHT + 60, int(rng.integers(2, 9))))
    for foot in feet:
        place = (float(rng.uniform(0, WIDTH)), float(foot))
        drawn = rng.random()
        if drawn < 0.5:
            paint_tree(canvas, place, float(rng.uniform(70, 420)), climate, rng)
        elif drawn < 0.85:
            paint_pole(canvas, place, float(rng.uniform(120, 460)), climate, rng)
        else:
            paint_fence(canvas, WIDTH, place[1], climate, rng)


def _scatter(canvas: Canvas, climate: Climate, rng: Generator) -> None:
    """Things without a name, of every size, for edges in all directions."""
    for _ in range(int(rng.integers(0, 40))):
        x, y, size = rng.uniform(0, WIDTH), rng.uniform(0, HEIGHT), rng.lognormal(2.0, 0.8)
        corners = rng.normal(0, size, (int(rng.integers(3, 6)), 2)) + np.array([x, y])
        kelvin = warmth(climate, rng, 4) if rng.random() < 0.75 else None
        colour = random_colour(rng, 0.8) if kelvin is None or rng.random() < 0.8 else None
        hull = cv2.convexHull(corners.astype(np.float32))[:, 0]
        canvas.polygon([(float(px), float(py)) for px, py in hull], colour, kelvin)


def _view(rng: Generator) -> NDArray[np.float64]:
    """A camera that is not held straight: from a cell of its picture to one of the canvas."""
    right, bottom = WIDTH * _FINE - 1, HEIGHT * _FINE - 1
    corners = np.array([[0, 0], [right, 0], [right, bottom], [0, bottom]], np.float32)
    inward = 0.13 * rng.random((4, 2)) * (right, bottom)
    seen = corners + inward * np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]])
    return np.asarray(cv2.getPerspectiveTransform(corners, seen.astype(np.float32)))


def _seen(picture: NDArray[Any], view: NDArray[np.float64]) -> NDArray[Any]:
    size = (WIDTH * _FINE, HEIGHT * _FINE)
    return np.asarray(
        cv2.warpPerspective(
            picture, view, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
    )  # fmt: skip


def _populate(
    light: NDArray[np.uint8],
    heat: NDArray[np.float32],
    horizon: float,
    climate: Climate,
    rng: Generator,
) -> None:
    """Vans and people, larger the nearer they stand; they are as warm as in the yard."""
    warmer = np.float32(climate.air - 284.0)  # sprites are painted for the yard's air
    for foot in np.sort(rng.uniform(min(horizon, HEIGHT), HEIGHT + 30, int(rng.integers(0, 6)))):
        metre = float(rng.uniform(14, 30) + 0.22 * max(0.0, foot - horizon))
        thing: Van | Person
        if rng.random() < 0.35:
            thing = Van(random_colour(rng, 0.8), "", (metre, metre))
        else:
            thing = Person(random_outfit(rng), (metre, metre))
        sprite = thing.sprite(float(rng.uniform(0, 9)))
        x, y = float(rng.uniform(-thing.width / 2, WIDTH)), float(foot) - thing.height
        mirror = bool(rng.integers(2))
        sprite.light(light, x, y, mirror)
        heat -= warmer
        sprite.heat(heat, x, y, mirror)
        heat += warmer


def _by_night(light: NDArray[np.uint8], rng: Generator) -> NDArray[np.uint8]:
    """Dark but for a few lamps."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    lit = np.full((HEIGHT, WIDTH, 3), rng.uniform(0.01, 0.12), np.float32)
    for _ in range(int(rng.integers(0, 5))):
        at_x, at_y, reach = rng.uniform(0, WIDTH), rng.uniform(0, HEIGHT), rng.uniform(30, 200)
        cone = np.exp(-((x - at_x) ** 2 + ((y - at_y) * 0.8) ** 2) / reach**2)
        lit += cone[..., None] * np.array([0.34, 0.5, 0.6], np.float32) * rng.uniform(0.5, 1.5)
    return np.asarray(np.clip(light * lit, 0, 255), dtype=np.uint8)
