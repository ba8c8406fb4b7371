"""The whole scene at a moment, in light or in heat: a pure function of seed, kind and time."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.scene.atmosphere import Night, Smoke
from capture.scene.canvas import Canvas, reduced
from capture.scene.depth import distance
from capture.scene.eye import Eye
from capture.scene.hall import AIR
from capture.scene.moving.machines import VAN_HEIGHT_M, VAN_LENGTH_M, Pump, Van
from capture.scene.moving.motion import Passage, Patrol, units_per_metre
from capture.scene.moving.people import Person, random_outfit
from capture.scene.moving.sprite import Sprite
from capture.scene.yard import HEIGHT, WIDTH, paint_yard

_FINE = 2
_PUMP_AT = (347.0, 246.0)
_VAN_FOOT = 396.0
_FOOTPRINTS = 9


@dataclass
class _Layer:
    """One thing to draw: where it stands decides who hides whom."""

    foot_y: float
    sprite: Sprite
    x: float
    y: float
    mirror: bool = False


class World:
    """The yard with everybody in it, on a picture of width x height pixels."""

    def __init__(self, seed: int, kind: str, width: int, height: int) -> None:
        rng = np.random.default_rng(seed)
        self._scale = (width / WIDTH, height / HEIGHT)
        canvas = Canvas(WIDTH, HEIGHT, _FINE * self._scale[0], _FINE * self._scale[1])
        paint_yard(canvas, rng)
        self._light: NDArray[np.uint8] = reduced(canvas.colour, width, height)
        self._heat: NDArray[np.float32] = reduced(canvas.kelvin, width, height)
        self._patrols = _patrols(rng)
        self._people = [
            Person(random_outfit(rng), self._metre(patrol.foot_y)) for patrol in self._patrols
        ]
        metre = units_per_metre(_VAN_FOOT)
        paint = ((206, 202, 196), (150, 84, 40), (60, 60, 176))[int(rng.integers(3))]
        words = ("HELIOS", "NORDLIFT", "AQUA 4")[int(rng.integers(3))]
        self._van = Van(paint, words, self._metre(_VAN_FOOT))
        self._passage = Passage(
            foot_y=_VAN_FOOT, length=VAN_LENGTH_M * metre, speed=2.55 * metre,
            period_s=12.5 + 2 * float(rng.random()), phase_s=0.0, width=WIDTH,
        )  # fmt: skip
        self._pump = Pump(self._scale)
        self._shadow = _shadow(*self._metre(_VAN_FOOT))
        self._night = Night(width, height) if kind == "night" else None
        self._smoke = Smoke(rng, width, height) if kind == "smoke" else None
        self._seen_from: tuple[Eye, NDArray[np.uint8]] | None = None

    def light(self, time_s: float, eye: Eye | None = None) -> NDArray[np.uint8]:
        """What a visible camera sees: a new (H, W, 3) uint8 BGR picture.

        Args:
            time_s: the moment.
            eye: where the camera sits, for the parallax; its lens is not looked through yet.
        """
        picture = self._background(eye).copy()
        if self._night is None:
            self._cast_shadows(picture, time_s, eye)
        for layer in self._layers(time_s):
            x = layer.x + self._parallax(eye, layer.foot_y)
            layer.sprite.light(picture, x, layer.y, layer.mirror)
        if self._night is not None:
            self._night.apply(picture, self._headlight(time_s))
        if self._smoke is not None:
            self._smoke.apply(picture, time_s)
        return picture

    def heat(self, time_s: float) -> NDArray[np.float32]:
        """Temperatures in kelvin: a new (H, W) float32 picture, the same by day and night."""
        kelvin = self._heat.copy()
        self._leave_traces(kelvin, time_s)
        for layer in self._layers(time_s):
            layer.sprite.heat(kelvin, layer.x, layer.y, layer.mirror)
        return kelvin

    def _background(self, eye: Eye | None) -> NDArray[np.uint8]:
        """What never moves, with its parallax."""
        if eye is None:
            return self._light
        if self._seen_from is None or self._seen_from[0] is not eye:
            self._seen_from = eye, eye.background(self._light)
        return self._seen_from[1]

    def _parallax(self, eye: Eye | None, foot_y: float) -> float:
        """How many pixels to the right an eye sees what stands at `foot_y`."""
        if eye is None:
            return 0.0
        half_widths = float(eye.parallax(eye.metres(distance(foot_y))))
        return half_widths * float(self._light.shape[1] / 2)

    def _metre(self, foot_y: float) -> tuple[float, float]:
        metre = units_per_metre(foot_y)
        return metre * self._scale[0], metre * self._scale[1]

    def _layers(self, time_s: float) -> list[_Layer]:
        sx, sy = self._scale
        layers = [_Layer(340.0, self._pump.sprite, _PUMP_AT[0] * sx, _PUMP_AT[1] * sy)]
        left, to_right, driven = self._passage.at(time_s)
        if -self._passage.length < left < WIDTH:
            sprite = self._van.sprite(driven / units_per_metre(_VAN_FOOT))
            top = _VAN_FOOT * sy - self._van.height
            layers.append(_Layer(_VAN_FOOT, sprite, left * sx, top, not to_right))
        for patrol, person in zip(self._patrols, self._people, strict=True):
            step = patrol.at(time_s)
            x, y = step.x * sx - person.width / 2, patrol.foot_y * sy - person.height
            sprite = person.sprite(step.walked_m)
            layers.append(_Layer(patrol.foot_y, sprite, x, y, not step.to_right))
        return sorted(layers, key=lambda layer: layer.foot_y)

    def _cast_shadows(self, picture: NDArray[np.uint8], time_s: float, eye: Eye | None) -> None:
        sx, sy = self._scale
        left, _, _ = self._passage.at(time_s)
        van = self._shadow["van"]
        moved = self._parallax(eye, _VAN_FOOT)
        van.light(picture, (left - 12) * sx + moved, (_VAN_FOOT - 17) * sy)
        for patrol in self._patrols:
            metre = units_per_metre(patrol.foot_y)
            if metre > 30:
                x = (patrol.at(time_s).x - 22) * sx + self._parallax(eye, patrol.foot_y)
                self._shadow["person"].light(picture, x, (patrol.foot_y - 8) * sy)

    def _leave_traces(self, kelvin: NDArray[np.float32], time_s: float) -> None:
        """Warm footprints of whoever walks in front, and the warm lanes of tyres."""
        sx, sy = self._scale
        nearest = self._patrols[-1]
        prints = nearest.footprints(time_s, _FOOTPRINTS)
        for index, (x, age) in enumerate(prints):
            warmth = 3.2 * math.exp(-age / 2.6)
            top = nearest.foot_y - 4 - 3 * (index % 2)
            rows = slice(round(top * sy), round((top + 3) * sy) + 1)
            columns = slice(max(0, round((x - 6) * sx)), max(0, round((x + 9) * sx)))
            kelvin[rows, columns] += warmth
        reach = np.arange(0, WIDTH, 8, dtype=np.float32)
        cooling = [math.exp(-self._passage.since_passed(time_s, float(x)) / 5.0) for x in reach]
        if max(cooling) > 0.02:
            lane = cv2.resize(np.array([cooling], np.float32), (kelvin.shape[1], 1)) * 2.4
            for top in (_VAN_FOOT - 4, _VAN_FOOT - 13):
                kelvin[round(top * sy) : round((top + 2.5) * sy) + 1] += lane

    def _headlight(self, time_s: float) -> tuple[float, float, bool] | None:
        left, to_right, _ = self._passage.at(time_s)
        if not -self._passage.length - 240 < left < WIDTH + 240:
            return None
        sx, sy = self._scale
        front = left + self._passage.length if to_right else left
        lamp_y = _VAN_FOOT - (VAN_HEIGHT_M - 1.05) * units_per_metre(_VAN_FOOT)
        return front * sx, lamp_y * sy, to_right


def _patrols(rng: np.random.Generator) -> list[Patrol]:
    """Far to near. The nearest walks in from the right while the van comes from the left."""
    jitter = rng.uniform(-1.0, 1.0, 8)
    near = Patrol(-70, 715, 458, 1.28, 1.2, 0.0)
    one_way = (near.right - near.left) / units_per_metre(near.foot_y) / near.speed_m_s
    return [
        Patrol(566, 634, 197, 1.10, 2.0, 3.0 + jitter[0]),
        Patrol(66, 404, 315, 1.18 + 0.05 * jitter[1], 1.8, 11.0 + jitter[2]),
        Patrol(498, 596, 347, 0.95, 2.6, 1.0 + jitter[3]),
        Patrol(near.left, near.right, near.foot_y, near.speed_m_s, near.rest_s,
               one_way + near.rest_s + 0.35 * jitter[4]),
    ]  # fmt: skip


def _shadow(px: float, py: float) -> dict[str, Sprite]:
    """Soft dark ellipses on the ground, for daylight."""
    sprites = {}
    for name, length, depth, strength in (("van", 4.9, 0.42, 0.62), ("person", 0.85, 0.2, 0.45)):
        canvas = Canvas(length, depth, px * 2, py * 2)
        x, y = canvas.grid()
        out = (np.abs(x / length * 2 - 1) ** 4 + np.abs(y / depth * 2 - 1) ** 2.0) ** 0.8
        canvas.coverage = (np.clip(1 - out, 0, 1) ** 0.8 * strength * 255).astype(np.uint8)
        canvas.kelvin += AIR
        sprites[name] = Sprite(canvas, length * px, depth * py, spread_heat=False)
    return sprites
