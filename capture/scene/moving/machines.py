"""A van that drives through and a pump that runs: hot where friction, current and fire are."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.scene.canvas import Canvas, Colour
from capture.scene.moving.sprite import Sprite

WHEEL_POSES = 6
WHEEL_RADIUS_M = 0.34
VAN_LENGTH_M, VAN_HEIGHT_M = 4.5, 1.95
_CELLS = 4
_WHEELS = (0.85, 3.62)  # of the van driving to the right: rear, front


class Van:
    """A delivery van at one distance, driving to the right; mirrored, to the left."""

    def __init__(self, colour: Colour, words: str, pixels_per_metre: tuple[float, float]) -> None:
        px, py = pixels_per_metre
        self.width, self.height = VAN_LENGTH_M * px, VAN_HEIGHT_M * py
        self._poses = []
        for index in range(WHEEL_POSES):
            canvas = Canvas(VAN_LENGTH_M, VAN_HEIGHT_M, px * _CELLS, py * _CELLS)
            _paint_van(canvas, colour, words)
            for x in _WHEELS:
                _paint_wheel(canvas, x, index / WHEEL_POSES * 2 * math.pi / 5)
            self._poses.append(Sprite(canvas, self.width, self.height, spread_heat=False))

    def sprite(self, driven_m: float) -> Sprite:
        """The pose after so many metres."""
        turn = driven_m / WHEEL_RADIUS_M / (2 * math.pi / 5)
        return self._poses[int(turn * WHEEL_POSES) % WHEEL_POSES]


def _paint_van(canvas: Canvas, colour: Colour, words: str) -> None:
    floor = VAN_HEIGHT_M - 0.26
    dark = (int(colour[0] * 0.55), int(colour[1] * 0.55), int(colour[2] * 0.55))
    body = [
        (0.06, floor), (0.04, 0.30), (0.14, 0.10), (0.35, 0.04), (2.75, 0.04), (3.10, 0.12),
        (3.66, 0.74), (4.22, 0.92), (4.42, 1.10), (4.46, floor - 0.05), (4.40, floor),
    ]  # fmt: skip
    canvas.polygon(body, colour, 283.2)
    canvas.polygon([(0.35, 0.04), (2.75, 0.04), (3.08, 0.115), (0.12, 0.115)], None, 280.0)
    # the engine warms its bonnet and shines through the grille
    heat = _soft(canvas, (4.0, 1.18), 0.55, 0.34)
    bonnet = _inside(canvas, [(3.40, 0.80), *body[6:9], (4.46, floor), (3.40, floor)])
    canvas.kelvin += 19 * heat * bonnet
    canvas.rectangle(4.36, 1.16, 0.09, 0.26, (38, 38, 40), 322.0)
    canvas.polygon([(2.42, 0.22), (2.86, 0.22), (3.42, 0.78), (2.42, 0.78)], (84, 74, 62), 281.6)
    canvas.polygon([(2.48, 0.27), (2.70, 0.27), (2.55, 0.73), (2.48, 0.73)], (132, 118, 98), None)
    # the driver, seen through glass by light alone; glass is dark to heat
    canvas.ellipse((2.72, 0.56), 0.085, 0.11, (110, 140, 184), None)
    canvas.polygon([(2.58, 0.78), (2.64, 0.66), (2.80, 0.66), (2.88, 0.78)], (64, 52, 44), None)
    canvas.polygon([(3.00, 0.16), (3.13, 0.14), (3.66, 0.72), (3.56, 0.76)], (126, 112, 94), 280.6)
    for x, top in ((0.30, 0.20), (2.34, 0.20), (3.48, 0.80)):
        canvas.rectangle(x, top, 0.018, floor - top - 0.08, dark, None)
    canvas.rectangle(0.06, 1.22, 4.38, 0.05, dark, None)
    canvas.rectangle(2.50, 0.96, 0.16, 0.04, (60, 60, 62), 286.0)
    canvas.rectangle(0.05, floor - 0.14, 4.4, 0.15, (52, 52, 54), 287.0)
    canvas.text(words, 0.46, 0.80, 0.30, dark)
    canvas.rectangle(4.36, 0.98, 0.10, 0.15, (214, 232, 238), 289.0)
    canvas.rectangle(0.04, 0.80, 0.06, 0.22, (40, 36, 170), 286.4)
    canvas.kelvin += 3.4 * _soft(canvas, (1.9, floor), 1.6, 0.16) * _inside(canvas, body)
    # exhaust below the tail
    canvas.limb([(0.30, floor + 0.045), (1.30, floor + 0.045)], 0.07, (66, 66, 68), 324.0)
    canvas.limb([(0.02, floor + 0.045), (0.28, floor + 0.045)], 0.085, (92, 92, 94), 352.0)


def _paint_wheel(canvas: Canvas, x: float, angle: float) -> None:
    centre = (x, VAN_HEIGHT_M - WHEEL_RADIUS_M - 0.005)
    canvas.ellipse((x, centre[1] - 0.02), 0.41, 0.41, (30, 30, 32), 286.5)  # arch
    canvas.ellipse(centre, WHEEL_RADIUS_M, WHEEL_RADIUS_M, (40, 40, 42), 301.5)
    canvas.ellipse(centre, 0.275, 0.275, (48, 48, 50), 297.0)
    canvas.ellipse(centre, 0.215, 0.215, (96, 98, 100), 306.0)
    for spoke in range(5):
        a = angle + spoke * 2 * math.pi / 5
        tip = (centre[0] + 0.19 * math.cos(a), centre[1] + 0.19 * math.sin(a))
        canvas.limb([centre, tip], 0.06, (186, 190, 192), 300.0)
    canvas.ellipse(centre, 0.075, 0.075, (140, 144, 146), 318.0)  # brake and hub
    canvas.rectangle(x - 0.09, VAN_HEIGHT_M - 0.03, 0.18, 0.03, None, 306.0)  # contact patch


class Pump:
    """A motor, a coupling and a pump on a plinth, 132 x 96 scene units, with its own pipes."""

    WIDTH, HEIGHT = 132.0, 96.0

    def __init__(self, scale: tuple[float, float]) -> None:
        canvas = Canvas(self.WIDTH, self.HEIGHT, scale[0] * _CELLS, scale[1] * _CELLS)
        _paint_pump(canvas)
        self.sprite = Sprite(
            canvas, self.WIDTH * scale[0], self.HEIGHT * scale[1], spread_heat=False
        )


def _paint_pump(canvas: Canvas) -> None:
    # the pipe that came through the wall, lagged to the valve, then bare
    canvas.limb([(12, 4), (28, 4), (28, 42)], 9, (176, 178, 176), 296.0)
    canvas.limb([(28, 24), (28, 54)], 7.5, (70, 84, 150), 331.0)
    canvas.rectangle(22, 21, 12, 4, (120, 122, 124), 318.0)
    canvas.ellipse((28, 12), 7.5, 3, (40, 44, 190), 291.0)  # hand wheel
    # plinth and frame
    canvas.polygon([(2, 84), (128, 84), (131, 95), (0, 95)], (140, 146, 148), 288.5)
    canvas.rectangle(8, 79, 114, 6, (72, 74, 78), 293.0)
    # volute
    canvas.ellipse((30, 62), 19, 19, (128, 92, 44), 324.0)
    canvas.ellipse((30, 62), 12, 12, (148, 110, 58), 328.0)
    canvas.ellipse((30, 62), 4, 4, (96, 70, 36), 326.0)
    canvas.rectangle(22, 76, 16, 5, (96, 72, 38), 316.0)
    # bearing block and coupling
    canvas.rectangle(46, 55, 17, 15, (120, 88, 46), 333.0)
    canvas.rectangle(51, 53, 7, 19, (96, 98, 100), 341.0)
    canvas.rectangle(47, 70, 5, 10, (84, 86, 88), 311.0)
    canvas.rectangle(63, 59, 11, 7, (176, 178, 180), 327.0)
    # motor with cooling fins
    canvas.rectangle(74, 48, 42, 31, (120, 84, 40), 317.0)
    for fin in range(0, 30, 4):
        canvas.rectangle(75, 49 + fin, 38, 1.6, (150, 112, 62), 312.5)
    canvas.kelvin += (
        8.5
        * _soft(canvas, (88, 62), 20, 14)
        * _inside(canvas, [(74, 48), (116, 48), (116, 79), (74, 79)])
    )
    canvas.rectangle(72, 46, 5, 35, (104, 74, 36), 335.0)  # drive end: the hot bearing
    canvas.rectangle(112, 50, 9, 27, (84, 62, 34), 303.0)  # fan cowl
    for slot in range(52, 76, 4):
        canvas.rectangle(117, slot, 4, 1.6, (40, 34, 28), 300.0)
    canvas.rectangle(86, 39, 17, 10, (140, 104, 56), 309.0)  # terminal box
    canvas.limb([(94, 40), (94, 30), (118, 26), (124, 79)], 2.2, (44, 44, 46), 299.0)
    canvas.rectangle(76, 79, 38, 2, (90, 64, 34), 307.0)
    canvas.rectangle(84, 62, 12, 7, (208, 214, 214), None)  # type plate
    height = canvas.colour.shape[0]
    light = np.linspace(1.14, 0.86, height, dtype=np.float32)[:, None, None]
    canvas.colour = np.clip(canvas.colour * light, 0, 255).astype(np.uint8)


def _soft(
    canvas: Canvas, centre: tuple[float, float], radius_x: float, radius_y: float
) -> NDArray[np.float32]:
    x, y = canvas.grid()
    bump: NDArray[np.float32] = np.exp(
        -(((x - centre[0]) / radius_x) ** 2) - ((y - centre[1]) / radius_y) ** 2
    )
    return bump


def _inside(canvas: Canvas, points: list[tuple[float, float]]) -> NDArray[np.float32]:
    """1 inside a polygon, 0 outside."""
    x, y = canvas.grid()
    scale = (x.shape[1] / float(x[0, -1] + x[0, 0]), y.shape[0] / float(y[-1, 0] + y[0, 0]))
    mask = np.zeros((y.shape[0], x.shape[1]), np.float32)
    cv2.fillPoly(mask, [np.round(np.array(points) * np.array(scale)).astype(np.int32)], 1.0)
    return mask
