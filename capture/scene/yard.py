"""What stands still: an industrial yard of 640 x 480 scene units, painted in light and heat.

Some things only light shows (bricks, signs, window panes, paint on the ground), some only heat
shows (the pipe behind the wall, the level in the tank, a hot fuse), and every solid edge is at the
same place in both.
"""

import cv2
import numpy as np

from capture.scene.canvas import Canvas, clouds
from capture.scene.hall import AIR, WALL_RIGHT, paint_hall

WIDTH, HEIGHT = 640, 480
HORIZON = 120  # y where the ground would end; sets how size shrinks with distance
TANK = (468, 112, 92, 126)  # x, y, width, height


def paint_yard(canvas: Canvas, rng: np.random.Generator) -> None:
    """Paints everything that never moves and hides nothing that does."""
    _sky(canvas, rng)
    _distance(canvas, rng)
    _ground(canvas, rng)
    _tank(canvas)
    paint_hall(canvas, rng)


def _sky(canvas: Canvas, rng: np.random.Generator) -> None:
    box = (0, 0, WIDTH, 150)
    window = canvas.window(*box)
    _, y = canvas.grid(*box)
    height = np.clip(y / 135, 0, 1)
    shape = canvas.kelvin[window].shape
    cloud = np.clip(clouds(rng, shape[1], shape[0], 3) * 0.55 + 0.1 - 0.5 * (1 - height), 0, 1)
    top, low = np.array([196, 146, 92], np.float32), np.array([232, 221, 203], np.float32)
    colour = top + (low - top) * height[..., None] ** 1.3
    colour = colour + (np.array([246, 244, 240], np.float32) - colour) * cloud[..., None] * 0.85
    canvas.colour[window] = np.clip(colour, 0, 255).astype(np.uint8)
    canvas.kelvin[window] = 262 + 14 * height**1.6 + 5 * cloud
    canvas.coverage[window] = 255


def _distance(canvas: Canvas, rng: np.random.Generator) -> None:
    """Trees, halls far away and a fence."""
    for x in np.arange(WALL_RIGHT - 10, WIDTH + 10, 5.0):
        tall = 13 + 9 * float(rng.random())
        green = int(52 + 28 * rng.random())
        colour = (int(green * 0.75), green, int(green * 0.72))
        canvas.ellipse((float(x), 134.0), 7, tall, colour, AIR - 0.6 + 0.7 * float(rng.random()))
    canvas.rectangle(556, 116, 90, 34, (158, 150, 142), AIR + 1.0)
    canvas.polygon([(552, 117), (556, 110), (646, 110), (646, 117)], (112, 106, 102), AIR - 4)
    for x in range(564, 640, 15):
        canvas.rectangle(x, 124, 9, 7, (120, 104, 88), None)
    canvas.rectangle(598, 104, 5, 10, (104, 98, 96), 301.0)  # a vent, warm
    canvas.rectangle(WALL_RIGHT, 140, 240, 20, (104, 116, 108), AIR)


def _ground(canvas: Canvas, rng: np.random.Generator) -> None:
    box = (0, 148, WIDTH, HEIGHT - 148)
    window = canvas.window(*box)
    x, y = canvas.grid(*box)
    shape = canvas.kelvin[window].shape
    near = (y - 148) / (HEIGHT - 148)
    patches = clouds(rng, shape[1], shape[0], 4, 4)
    grain = cv2.resize(rng.standard_normal((HEIGHT, WIDTH), np.float32), shape[::-1])
    tone = 104 + 16 * (1 - near) + 5.0 * patches + 5.5 * grain * (0.4 + 0.6 * near)
    colour = tone[..., None] * np.array([1.02, 1.0, 0.985], np.float32)
    canvas.colour[window] = np.clip(colour, 0, 255).astype(np.uint8)
    canvas.kelvin[window] = AIR + 2.6 + 0.8 * patches - 0.9 * near + 0.0 * x
    canvas.coverage[window] = 255
    # grass strip behind the yard, kerb, walkway along the wall
    canvas.polygon([(WALL_RIGHT, 156), (640, 156), (640, 176), (WALL_RIGHT, 182)],
                   (70, 108, 92), AIR - 0.4)  # fmt: skip
    canvas.polygon([(WALL_RIGHT, 182), (640, 176), (640, 180), (WALL_RIGHT, 187)],
                   (168, 172, 172), AIR + 1.4)  # fmt: skip
    canvas.polygon([(0, 296), (444, 296), (466, 324), (0, 324)], (146, 152, 154), AIR + 2.0)
    canvas.polygon([(0, 324), (466, 324), (468, 330), (0, 330)], (112, 118, 120), AIR + 1.2)
    for left in range(-20, 460, 46):
        canvas.polygon([(left, 296), (left + 1.5, 296), (left + 3, 324), (left + 1, 324)],
                       (120, 126, 128), AIR + 1.6)  # fmt: skip
    # paint: light sees it, heat hardly
    for left in range(-30, 660, 96):
        canvas.polygon([(left, 423), (left + 50, 423), (left + 46, 430), (left - 5, 430)],
                       (206, 212, 212), AIR + 1.75)  # fmt: skip
    canvas.polygon([(470, 300), (640, 262), (640, 266), (472, 305)], (80, 190, 214), AIR + 2.2)
    for left in range(492, 640, 34):
        top = 300 - (left - 470) * 0.224
        canvas.polygon([(left, top), (left + 3, top - 1), (left - 22, 334), (left - 27, 334)],
                       (196, 204, 206), AIR + 2.2)  # fmt: skip
    # a puddle mirrors the sky; a drain breathes warm air
    canvas.ellipse((556, 372), 50, 11, (190, 168, 140), 280.0)
    canvas.ellipse((544, 370), 26, 5.5, (214, 200, 180), 279.2)
    canvas.ellipse((592, 377), 24, 5.5, (190, 168, 140), 280.2)
    canvas.ellipse((148, 398), 25, 8, (62, 64, 66), 291.5)
    canvas.ellipse((148, 397.4), 21, 6.4, (84, 86, 88), 293.5)
    for step in range(-3, 4):
        canvas.rectangle(148 + step * 6 - 1.2, 394, 2.4, 7, (54, 56, 58), 296.0)
    # the wall's shadow keeps its ground cooler
    shadow = canvas.window(0, 298, 500, 46)
    gx, gy = canvas.grid(0, 298, 500, 46)
    dark = np.clip((344 - gy) / 46, 0, 1) ** 0.6 * np.clip((470 - gx) / 30, 0, 1)
    shaded = canvas.colour[shadow] * (1 - 0.30 * dark[..., None])
    canvas.colour[shadow] = shaded.astype(np.uint8)
    canvas.kelvin[shadow] -= 0.9 * dark


def _tank(canvas: Canvas) -> None:
    """Light shows a painted cylinder; heat shows how full it is."""
    x, y, width, height = TANK
    canvas.ellipse((x + width / 2 + 16, y + height + 2), 66, 9, (76, 78, 80), AIR + 0.9)
    for leg in (0.12, 0.5, 0.88):
        canvas.rectangle(x + width * leg - 3, y + height - 2, 6, 15, (88, 92, 96), AIR + 3)
    canvas.ellipse((x + width / 2, y), width / 2, 9, (206, 208, 204), AIR - 5)
    canvas.rectangle(x, y, width, height, (188, 192, 190), AIR + 2.0)
    canvas.ellipse((x + width / 2, y + height), width / 2, 8, (150, 154, 152), AIR + 15)
    canvas.rectangle(x, y + 52, width, height - 52, None, AIR + 17.0)
    canvas.rectangle(x, y + height - 12, width, 12, None, AIR + 13.5)  # sludge at the bottom
    for hoop in (20, 64, 106):
        canvas.rectangle(x - 1, y + hoop, width + 2, 3, (142, 148, 148), None)
    box = (x - 1, y - 10, width + 2, height + 20)
    window = canvas.window(*box)
    gx, _ = canvas.grid(*box)
    across = np.clip((gx - x) / width, 0, 1)
    light = 0.52 + 0.62 * np.exp(-(((across - 0.3) / 0.32) ** 2)) - 0.12 * across
    inside = (gx > x) & (gx < x + width)
    shaded = np.clip(canvas.colour[window] * light[..., None], 0, 255)
    canvas.colour[window] = np.where(inside[..., None], shaded, canvas.colour[window])
    canvas.kelvin[window] -= np.where(inside, 2.4 * (2 * across - 1) ** 4, 0)  # grazing view
    canvas.text("N2-40", x + 20, y + 46, 11, (96, 84, 60))
    canvas.rectangle(x + width + 3, y - 6, 4, height + 18, (120, 124, 126), AIR + 0.8)  # ladder
    canvas.rectangle(x + width + 12, y - 6, 4, height + 18, (120, 124, 126), AIR + 0.8)
    for rung in range(0, int(height) + 10, 9):
        canvas.rectangle(x + width + 4, y + rung, 11, 2, (120, 124, 126), AIR + 0.6)
