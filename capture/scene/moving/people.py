"""Walking people, painted pose by pose: bare skin is warm, cloth is cooler, boots are cold."""

import math
from dataclasses import dataclass

import numpy as np

from capture.scene.canvas import Canvas, Colour
from capture.scene.moving.sprite import Sprite

POSES = 16
STRIDE_M = 1.45  # metres walked in one full cycle of poses
_WIDTH_M, _HEIGHT_M = 1.30, 1.95
_CELLS = 4  # fine cells per shown pixel
_SKIN: tuple[Colour, ...] = ((132, 164, 214), (84, 118, 172), (60, 84, 128))


@dataclass(frozen=True)
class Outfit:
    """What one person wears; temperatures in kelvin."""

    jacket: Colour
    trousers: Colour
    helmet: Colour | None
    skin: Colour
    vest: bool
    jacket_kelvin: float


def random_outfit(rng: np.random.Generator) -> Outfit:
    """Dresses somebody."""
    jackets: tuple[Colour, ...] = (
        (120, 62, 34), (46, 62, 138), (70, 96, 60), (96, 92, 90), (40, 120, 190),
    )  # fmt: skip
    helmets: tuple[Colour | None, ...] = ((48, 196, 236), (236, 240, 240), (190, 110, 40), None)
    return Outfit(
        jacket=jackets[int(rng.integers(len(jackets)))],
        trousers=(int(58 + 30 * rng.random()), 54, int(48 + 20 * rng.random())),
        helmet=helmets[int(rng.integers(len(helmets)))],
        skin=_SKIN[int(rng.integers(len(_SKIN)))],
        vest=bool(rng.random() < 0.6),
        jacket_kelvin=295.0 + 2.5 * float(rng.random()),
    )


class Person:
    """All poses of one person at one distance; seen from the side, walking to the right.

    Args:
        outfit: clothes.
        pixels_per_metre: (horizontal, vertical) size on the picture.
    """

    def __init__(self, outfit: Outfit, pixels_per_metre: tuple[float, float]) -> None:
        self.pixels_per_metre = pixels_per_metre
        px, py = pixels_per_metre
        self.width, self.height = _WIDTH_M * px, _HEIGHT_M * py
        self._outfit = outfit
        self._poses: dict[int | None, Sprite] = {}  # painted when first shown: a run starts sooner

    def sprite(self, walked_m: float | None) -> Sprite:
        """The pose after so many metres; None for standing."""
        pose = None if walked_m is None else int(walked_m / STRIDE_M * POSES) % POSES
        if pose not in self._poses:
            self._poses[pose] = self._painted(pose)
        return self._poses[pose]

    def _painted(self, pose: int | None) -> Sprite:
        phase, swing = (math.pi / 2, 0.0) if pose is None else (2 * math.pi * pose / POSES, 1.0)
        px, py = self.pixels_per_metre
        canvas = Canvas(_WIDTH_M, _HEIGHT_M, px * _CELLS, py * _CELLS)
        _paint(canvas, self._outfit, phase, swing)
        return Sprite(canvas, self.width, self.height, spread_heat=True)


def _paint(canvas: Canvas, outfit: Outfit, phase: float, swing: float) -> None:
    ground, middle = _HEIGHT_M - 0.03, _WIDTH_M / 2
    bob = 0.025 * swing * math.cos(2 * phase)
    hip = (middle, ground - 0.90 + bob)
    neck = (middle + 0.035, ground - 1.47 + bob)
    far = tuple(int(0.66 * part) for part in outfit.jacket)
    cloth = outfit.jacket_kelvin
    _arm(canvas, neck, phase, swing, (far[0], far[1], far[2]), outfit.skin, cloth - 1.5)
    dark = tuple(int(0.7 * part) for part in outfit.trousers)
    _leg(canvas, hip, phase + math.pi, swing, (dark[0], dark[1], dark[2]), ground, 293.6)
    _leg(canvas, hip, phase, swing, outfit.trousers, ground, 294.8)
    torso = [
        (neck[0] - 0.125, neck[1] + 0.03), (neck[0] + 0.10, neck[1] + 0.02),
        (neck[0] + 0.16, neck[1] + 0.20), (hip[0] + 0.135, hip[1] - 0.02),
        (hip[0] + 0.12, hip[1] + 0.07), (hip[0] - 0.13, hip[1] + 0.07),
        (hip[0] - 0.15, hip[1] - 0.10), (neck[0] - 0.17, neck[1] + 0.20),
    ]  # fmt: skip
    canvas.polygon(torso, outfit.jacket, cloth)
    canvas.ellipse((neck[0] + 0.02, neck[1] + 0.22), 0.09, 0.14, None, cloth + 1.6)
    canvas.ellipse((neck[0] - 0.08, neck[1] + 0.16), 0.05, 0.20, None, cloth - 1.8)
    if outfit.vest:
        vest = [
            (neck[0] - 0.125, neck[1] + 0.05), (neck[0] + 0.10, neck[1] + 0.04),
            (neck[0] + 0.155, neck[1] + 0.22), (hip[0] + 0.135, hip[1] - 0.06),
            (hip[0] - 0.145, hip[1] - 0.06), (neck[0] - 0.165, neck[1] + 0.22),
        ]  # fmt: skip
        canvas.polygon(vest, (40, 222, 206), None)
        for drop in (0.20, 0.34):
            canvas.rectangle(neck[0] - 0.16, neck[1] + drop, 0.31, 0.045, (214, 222, 222), None)
    head = (neck[0] + 0.045, neck[1] - 0.15)
    canvas.limb([(neck[0], neck[1] + 0.03), (head[0] - 0.02, head[1] + 0.05)], 0.105, outfit.skin,
                306.4)  # fmt: skip
    canvas.ellipse((head[0] - 0.015, head[1] - 0.01), 0.108, 0.132, (44, 52, 62), 300.5)  # hair
    canvas.ellipse((head[0] + 0.025, head[1] + 0.015), 0.082, 0.112, outfit.skin, 306.8)
    canvas.ellipse((head[0] + 0.10, head[1] + 0.02), 0.022, 0.026, outfit.skin, 304.2)  # nose
    canvas.ellipse((head[0] + 0.045, head[1] - 0.02), 0.03, 0.025, None, 308.2)  # eyes
    if outfit.helmet is not None:
        dome = [
            (head[0] + 0.12 * math.cos(a), head[1] - 0.035 - 0.135 * math.sin(a))
            for a in np.linspace(0, math.pi, 14)
        ]
        canvas.polygon(dome, outfit.helmet, 293.0)
        canvas.limb([(head[0] - 0.11, head[1] - 0.04), (head[0] + 0.17, head[1] - 0.035)], 0.03,
                    outfit.helmet, 292.0)  # fmt: skip
    _arm(canvas, neck, phase + math.pi, swing, outfit.jacket, outfit.skin, cloth - 0.4)
    _shade(canvas)


def _leg(
    canvas: Canvas,
    hip: tuple[float, float],
    phase: float,
    swing: float,
    colour: Colour,
    ground: float,
    kelvin: float,
) -> None:
    thigh = 0.46 * swing * math.sin(phase)
    bend = swing * (0.10 + 0.85 * max(0.0, math.cos(phase)) ** 1.5)
    knee = (hip[0] + 0.44 * math.sin(thigh), hip[1] + 0.44 * math.cos(thigh))
    shank = thigh - bend
    ankle = (knee[0] + 0.42 * math.sin(shank), knee[1] + 0.42 * math.cos(shank))
    ankle = (ankle[0], min(ankle[1], ground - 0.045))
    canvas.limb([(hip[0], hip[1] + 0.02), knee], 0.175, colour, kelvin)
    canvas.limb([knee, ankle], 0.125, colour, kelvin - 1.0)
    canvas.ellipse(knee, 0.06, 0.07, None, kelvin + 0.8)
    toe = (ankle[0] + 0.15 * math.cos(bend * 0.5), ankle[1] + 0.015 + 0.06 * bend)
    canvas.limb([ankle, (toe[0], min(toe[1], ground - 0.03))], 0.085, (34, 38, 44), 290.2)


def _arm(
    canvas: Canvas,
    neck: tuple[float, float],
    phase: float,
    swing: float,
    colour: Colour,
    skin: Colour,
    kelvin: float,
) -> None:
    upper = 0.42 * swing * math.sin(phase) - 0.06
    lower = upper + 0.28 + 0.30 * swing * max(0.0, math.sin(phase))
    shoulder = (neck[0] - 0.02, neck[1] + 0.09)
    elbow = (shoulder[0] + 0.29 * math.sin(upper), shoulder[1] + 0.29 * math.cos(upper))
    wrist = (elbow[0] + 0.25 * math.sin(lower), elbow[1] + 0.25 * math.cos(lower))
    hand = (wrist[0] + 0.055 * math.sin(lower), wrist[1] + 0.055 * math.cos(lower))
    canvas.limb([shoulder, elbow], 0.115, colour, kelvin)
    canvas.limb([elbow, wrist], 0.092, colour, kelvin + 0.4)
    canvas.ellipse(hand, 0.046, 0.056, skin, 304.6)


def _shade(canvas: Canvas) -> None:
    """Light comes from the left and above."""
    across = np.linspace(1.12, 0.84, canvas.colour.shape[1], dtype=np.float32)[None, :, None]
    canvas.colour = np.clip(canvas.colour * across, 0, 255).astype(np.uint8)
