"""House fronts: walls with rows of windows, balconies, signs, machines of the house."""

import numpy as np

from capture.scene.canvas import Canvas, Colour
from capture.scene.street.materials import (
    Climate,
    Generator,
    glow,
    random_colour,
    shade,
    texture,
    warmth,
)

WORDS = ("CAFE", "RENT", "No 12", "TAXI", "BAKERY", "EXIT", "OPEN", "P 24h", "SALE", "BANK")


def paint_facade(
    canvas: Canvas, box: tuple[float, float, float, float], climate: Climate, rng: Generator
) -> None:
    """Paints one front into a box (x, y, width, height), in scene units."""
    x, y, width, height = box
    wall, kelvin = random_colour(rng), warmth(climate, rng)
    canvas.rectangle(x, y, width, height, wall, kelvin)
    _bricks(canvas, box, wall, rng)
    texture(canvas, box, rng, light=rng.uniform(1, 9), heat=rng.uniform(0.05, 0.7))
    if rng.random() < 0.4:  # a pipe or a thermal bridge within
        for part in np.linspace(0.1, 0.9, int(rng.integers(3, 9))):
            place = (x + width * float(part), y + height * float(rng.uniform(0.1, 0.9)))
            glow(canvas, place, float(rng.uniform(3, 14)), float(rng.uniform(0.5, 5)))
    _windows(canvas, box, climate, rng)
    _roof(canvas, box, climate, rng)
    for _ in range(int(rng.integers(0, 3))):
        _sign(canvas, box, rng)
    for _ in range(int(rng.integers(0, 4))):
        _machine(canvas, box, climate, rng)


def _bricks(
    canvas: Canvas, box: tuple[float, float, float, float], wall: Colour, rng: Generator
) -> None:
    """Courses, cladding or nothing; heat shows little of the joints."""
    x, y, width, height = box
    kind = rng.random()
    if kind < 0.35:
        step = rng.uniform(3, 9)
        joint = shade(wall, rng.uniform(0.75, 1.3))
        for index, top in enumerate(np.arange(y, y + height, step)):
            canvas.rectangle(x, float(top), width, 0.8, joint, None)
            offset = step * (index % 2)
            for left in np.arange(x + offset, x + width, 2 * step):
                canvas.rectangle(float(left), float(top), 0.8, step, joint, None)
    elif kind < 0.55:
        warmer = float(rng.normal(0, 0.8))
        for left in np.arange(x, x + width, rng.uniform(6, 30)):
            canvas.rectangle(float(left), y, 1.2, height, shade(wall, 0.7), None)
            window = canvas.window(float(left), y, 1.2, height)
            canvas.kelvin[window] += np.float32(warmer)


def _windows(
    canvas: Canvas, box: tuple[float, float, float, float], climate: Climate, rng: Generator
) -> None:
    x, y, width, height = box
    pitch_x, pitch_y = rng.uniform(18, 70), rng.uniform(24, 80)
    wide, tall = pitch_x * rng.uniform(0.35, 0.75), pitch_y * rng.uniform(0.4, 0.75)
    frame, frame_k = random_colour(rng, 0.1), warmth(climate, rng, 1.5)
    # Glass mirrors the sky, which is cold; a few windows are open, or lit and warm.
    glass_k = climate.air - (climate.air - climate.sky) * rng.uniform(0, 0.35)
    balcony = rng.random() < 0.3
    for top in np.arange(y + pitch_y * 0.25, y + height - tall, pitch_y):
        for left in np.arange(x + pitch_x * 0.2, x + width - wide, pitch_x):
            at_x, at_y = float(left), float(top)
            canvas.rectangle(at_x - 2, at_y - 2, wide + 4, tall + 4, frame, frame_k)
            pane = shade((150, 130, 110), rng.uniform(0.2, 1.3))
            inside = float(rng.normal(0, 1.0))
            if rng.random() < 0.12:
                inside, pane = float(rng.uniform(3, 14)), shade((60, 60, 60), rng.uniform(0.3, 1))
            canvas.rectangle(at_x, at_y, wide, tall, pane, glass_k + inside)
            if rng.random() < 0.5:  # a curtain, seen through glass by light alone
                part = wide * rng.uniform(0.15, 0.5)
                canvas.rectangle(at_x, at_y, part, tall, random_colour(rng), None)
            canvas.rectangle(at_x + wide / 2, at_y, 1.4, tall, frame, frame_k)
            if balcony:
                rail, below = random_colour(rng, 0.1), at_y + tall * 0.7
                rail_k = frame_k - 1
                canvas.rectangle(at_x - 4, at_y + tall, wide + 8, 3, shade(rail, 0.8), rail_k)
                for bar in np.arange(at_x - 3, at_x + wide + 3, 3.2):
                    canvas.rectangle(float(bar), below, 1.0, tall * 0.3, rail, rail_k)


def _roof(
    canvas: Canvas, box: tuple[float, float, float, float], climate: Climate, rng: Generator
) -> None:
    x, y, width, _ = box
    deep = rng.uniform(2, 14)
    kelvin = climate.sky * 0.5 + climate.air * 0.5 + climate.sun * rng.random()
    canvas.rectangle(x - 3, y - deep, width + 6, deep, random_colour(rng), float(kelvin))
    if rng.random() < 0.4:
        ridge = x + width * rng.uniform(0.3, 0.7)
        canvas.polygon(
            [(x - 4, y - deep), (ridge, y - deep - rng.uniform(15, 60)), (x + width + 4, y - deep)],
            random_colour(rng), float(kelvin),
        )  # fmt: skip


def _sign(canvas: Canvas, box: tuple[float, float, float, float], rng: Generator) -> None:
    """Print is at the wall's own temperature."""
    x, y, width, height = box
    wide, tall = rng.uniform(20, 70), rng.uniform(10, 24)
    at_x, at_y = x + rng.random() * max(1, width - wide), y + height * rng.uniform(0.2, 0.85)
    ground = random_colour(rng, 1.0)
    canvas.rectangle(at_x, at_y, wide, tall, ground, None)
    letters = shade((255, 255, 255), rng.uniform(0.1, 1.0))
    word = WORDS[int(rng.integers(len(WORDS)))]
    canvas.text(word, at_x + 3, at_y + tall * 0.8, tall * 0.6, letters)


def _machine(
    canvas: Canvas, box: tuple[float, float, float, float], climate: Climate, rng: Generator
) -> None:
    """An air conditioner, a meter, a vent: warm or cold, with slats."""
    x, y, width, height = box
    side = rng.uniform(7, 20)
    at_x, at_y = x + rng.random() * max(1, width - side), y + rng.random() * max(1, height - side)
    body, kelvin = random_colour(rng, 0.1), warmth(climate, rng, 5)
    canvas.rectangle(at_x, at_y, side * 1.4, side, body, kelvin)
    for slat in np.arange(at_y + 1, at_y + side - 1, 2.5):
        canvas.rectangle(at_x + 1, float(slat), side * 0.7, 1, shade(body, 0.6), kelvin + 1)
    centre, hot = (at_x + side, at_y + side / 2), kelvin + rng.uniform(-4, 16)
    canvas.ellipse(centre, side * 0.3, side * 0.35, shade(body, 0.4), float(hot))
