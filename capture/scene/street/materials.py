"""What things are painted with: a colour and a temperature that go together only so far.

An edge is at one place in both pictures, but which side is brighter is another matter in each; some
paint changes light alone, some warmth heat alone.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from capture.scene.canvas import Canvas, Colour, Point, clouds

Generator = np.random.Generator


@dataclass(frozen=True, slots=True)
class Climate:
    """The air of a scene.

    Attributes:
        air: kelvin.
        sun: what stands in the sun is warmer by up to this.
        sky: kelvin of a clear sky overhead.
    """

    air: float
    sun: float
    sky: float


def random_climate(rng: Generator) -> Climate:
    """A season and an hour."""
    air = float(rng.uniform(272, 303))
    return Climate(air, float(rng.uniform(0, 14)), air - float(rng.uniform(6, 35)))


def random_colour(rng: Generator, strength: float = 0.35) -> Colour:
    """Of a wall or a car: most are greyish, a few are not."""
    grey = rng.uniform(25, 225)
    tint = rng.normal(0, strength * 90 * rng.random() ** 2, 3)
    blue, green, red = (int(v) for v in np.clip(grey + tint, 5, 250))
    return blue, green, red


def shade(colour: Colour, factor: float) -> Colour:
    """The same paint in other light."""
    blue, green, red = (int(min(255, v * factor)) for v in colour)
    return blue, green, red


def warmth(climate: Climate, rng: Generator, spread: float = 3.0) -> float:
    """Kelvin of something outdoors: the air's, a share of the sun, and what it is made of."""
    return climate.air + climate.sun * float(rng.random()) + float(rng.normal(0, spread))


def texture(
    canvas: Canvas, box: tuple[float, float, float, float], rng: Generator, *, light: float,
    heat: float,
) -> None:  # fmt: skip
    """Roughens a box (x, y, width, height) by clouds: `light` levels, `heat` kelvin, one sigma.

    Half of what light shows of it heat shows too: dirt and damp are seen by both.
    """
    window = canvas.window(*box)
    rows, columns = canvas.kelvin[window].shape
    if min(rows, columns) < 4:
        return
    coarsest = int(rng.integers(2, 6))
    common, seen, felt = (clouds(rng, columns, rows, coarsest, 6) for _ in range(3))
    tone = light * (0.7 * common + 0.7 * seen)
    colour = canvas.colour[window].astype(np.float32) + tone[:, :, None]
    canvas.colour[window] = np.clip(colour, 0, 255).astype(np.uint8)
    canvas.kelvin[window] += np.float32(heat) * (0.7 * common + 0.7 * felt)


def glow(canvas: Canvas, centre: Point, radius: float, kelvin: float) -> None:
    """Warmth behind a surface, that light does not show."""
    box = (centre[0] - 3 * radius, centre[1] - 3 * radius, 6 * radius, 6 * radius)
    window = canvas.window(*box)
    if canvas.kelvin[window].size:
        x, y = canvas.grid(*box)
        away = ((x - centre[0]) ** 2 + (y - centre[1]) ** 2) / radius**2
        canvas.kelvin[window] += np.float32(kelvin) * np.exp(-away)


def soaked(canvas: Canvas, fine_px: float) -> None:
    """Heat runs through solids: its picture is softened by some cells of the fine grid."""
    canvas.kelvin = np.asarray(cv2.GaussianBlur(canvas.kelvin, (0, 0), fine_px), dtype=np.float32)
