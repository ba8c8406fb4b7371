"""What stands before houses: sky, ground, trees, poles with wires, fences."""

import math

import numpy as np

from capture.scene.canvas import Canvas, clouds
from capture.scene.street.materials import (
    Climate,
    Generator,
    glow,
    random_colour,
    shade,
    texture,
    warmth,
)


def paint_sky(
    canvas: Canvas, width: float, foot_y: float, climate: Climate, rng: Generator
) -> None:
    """Clear or clouded, colder overhead."""
    box = (0.0, 0.0, width, foot_y)
    window = canvas.window(*box)
    _, y = canvas.grid(*box)
    low = np.clip(y / foot_y, 0, 1)
    rows, columns = canvas.kelvin[window].shape
    cover = np.clip(clouds(rng, columns, rows, 3) * 0.5 + rng.uniform(-0.6, 0.8), 0, 1)
    top, horizon = (np.array(random_colour(rng, 0.5), np.float32) for _ in "ab")
    clear = top + (horizon - top) * low[..., None]
    white = np.float32(rng.uniform(150, 250))
    colour = clear + (white - clear) * cover[..., None] * np.float32(rng.uniform(0.3, 1))
    canvas.colour[window] = np.clip(colour, 0, 255).astype(np.uint8)
    warm = climate.air - climate.sky
    canvas.kelvin[window] = climate.sky + warm * (0.75 * low**1.6 + 0.25 * cover)


def paint_ground(
    canvas: Canvas, size: tuple[float, float], top: float, climate: Climate, rng: Generator
) -> None:
    """Road, pavement and grass in bands, with marks that light shows and patches heat does."""
    width, height = size
    if top >= height:
        return  # a front fills the picture
    y = top
    while y < height:
        deep = float(rng.uniform(15, 120))
        band = (0.0, y, width, deep)
        colour = (40, 110, 70) if rng.random() < 0.25 else random_colour(rng, 0.08)
        canvas.rectangle(*band, shade(colour, rng.uniform(0.5, 1.3)), warmth(climate, rng, 2))
        texture(canvas, band, rng, light=rng.uniform(2, 14), heat=rng.uniform(0.1, 1.2))
        if rng.random() < 0.5:
            mark = y + deep * float(rng.random())
            for left in np.arange(rng.uniform(-40, 0), width, rng.uniform(30, 110)):
                canvas.rectangle(float(left), mark, 22, 2.5, (215, 220, 222), None)
        canvas.rectangle(0, y, width, 2, shade(colour, 0.6), None)
        y += deep
    for _ in range(int(rng.integers(0, 5))):  # where something stood, or runs beneath
        place = (float(rng.uniform(0, width)), float(rng.uniform(top, height)))
        glow(canvas, place, float(rng.uniform(6, 30)), float(rng.normal(0, 3)))


def paint_tree(
    canvas: Canvas, foot: tuple[float, float], tall: float, climate: Climate, rng: Generator
) -> None:
    """A trunk and some hundred leaves; foliage keeps near the air's temperature."""
    x, y = foot
    bark, wood = shade((60, 80, 100), rng.uniform(0.4, 1.3)), warmth(climate, rng, 1.5)
    thick = tall * rng.uniform(0.02, 0.06)
    crown = y - tall * rng.uniform(0.5, 0.75)
    canvas.limb([(x, y), (x + rng.normal(0, 4), crown)], thick, bark, wood)
    for _ in range(int(rng.integers(3, 9))):
        angle, reach = rng.uniform(-2.6, -0.5), tall * rng.uniform(0.15, 0.45)
        tip = (x + reach * math.cos(angle), crown + reach * math.sin(angle))
        canvas.limb([(x, crown), tip], thick * 0.4, bark, wood)
    bare = rng.random() < 0.2
    leaf_k, leaf = climate.air + rng.normal(0, 1.5), rng.uniform(1.2, 5)
    spread = (tall * rng.uniform(0.15, 0.4), tall * rng.uniform(0.15, 0.3))
    for _ in range(0 if bare else int(rng.integers(80, 400))):
        dx, dy = rng.normal(0, 0.5, 2)
        place = (x + spread[0] * dx, crown - spread[1] * 0.4 + spread[1] * dy)
        green = shade((45, 105, 65), rng.uniform(0.25, 1.7) * (1 - 0.25 * dy))
        size = leaf * rng.uniform(0.5, 1.6)
        kelvin = leaf_k + 0.25 * climate.sun * (rng.random() - dy)
        canvas.ellipse(place, size, size * rng.uniform(0.4, 1), green, float(kelvin))


def paint_pole(
    canvas: Canvas, foot: tuple[float, float], tall: float, climate: Climate, rng: Generator
) -> None:
    """A lamp post or a mast, its wires across the picture."""
    x, y = foot
    paint, kelvin = random_colour(rng, 0.1), warmth(climate, rng, 2)
    canvas.limb([(x, y), (x, y - tall)], rng.uniform(1.5, 7), paint, kelvin)
    if rng.random() < 0.6:
        arm = float(rng.uniform(8, 40))
        canvas.limb([(x - arm, y - tall * 0.95), (x + arm, y - tall * 0.95)], 2, paint, kelvin)
        for _ in range(int(rng.integers(1, 5))):
            rise, start = rng.normal(0, 40), y - tall * rng.uniform(0.8, 1)
            ends = [(-20.0, start + rise), (x, start), (700.0, start - rise)]
            canvas.limb(ends, rng.uniform(0.6, 1.6), (30, 30, 32), climate.air + rng.normal(0, 1))
    if rng.random() < 0.3:  # a transformer
        canvas.rectangle(x, y - tall * 0.8, 12, 18, (120, 124, 126), kelvin + rng.uniform(2, 20))


def paint_fence(canvas: Canvas, width: float, y: float, climate: Climate, rng: Generator) -> None:
    """Bars across the picture."""
    tall, paint = rng.uniform(15, 50), random_colour(rng, 0.2)
    kelvin = warmth(climate, rng, 2)
    for left in np.arange(0, width, rng.uniform(4, 14)):
        canvas.rectangle(float(left), y - tall, rng.uniform(0.8, 2.5), tall, paint, kelvin)
    for rail in (0.1, 0.9):
        canvas.rectangle(0, y - tall * rail, width, 2, shade(paint, 0.8), kelvin)
