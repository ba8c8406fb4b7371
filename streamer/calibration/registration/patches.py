"""How well a guide foretells its thermal picture, by how far the guide is moved.

In each small patch the thermal picture is foretold from the guide's light, as the thermal pixels
would average it, by a straight line of the patch's own: warm may be bright or dark there. Where the
guide lies right, least is left over.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from streamer.calibration.geometry import Size, shown_size
from streamer.calibration.registration.gradients import Plane, grey

REACH = 32
"""How far a guide can be moved, pixels of a canvas about 640 wide."""

_WIDEST = 160  # of the thermal picture that is compared: finer ones are averaged first
_PATCH = 3  # of its pixels
_FLAT = 2.0  # variance of light in a patch from which on it says something, levels squared
_NOISE = 1.0  # variance of heat that nothing foretells, levels squared
_LEAST_GAIN = 0.02
_ENOUGH = 3700  # thermal pixels for that
_NEAR_PX = 1.75
_NEAR = 0.22  # of a thermal pixel
_STEPS = (4, 2, 1)
_CANVAS_WIDTH = 640

Pair = tuple[NDArray[np.uint8], NDArray[Any]]
"""A guide (H, W, 3) on the canvas, and the thermal picture (h, w) of the same moment."""

Pixels = tuple[float, float]
"""To the right and down, pixels of a canvas 640 wide."""


class Patches:
    """Pairs that are compared by where their guides are moved to. Not for two threads at once.

    Attributes:
        least_gain: what has to be foretold more elsewhere for that to say something: fewer thermal
            pixels say it less surely.
        near_px: nearer than this a guide lies as well as can be told, pixels of a canvas 640 wide.

    Args:
        pairs: one or more of the same two cameras, of one size.
    """

    def __init__(self, pairs: Sequence[Pair]) -> None:
        self._pairs = [_prepared(*pair) for pair in pairs]
        first = self._pairs[0]
        self._unit = _CANVAS_WIDTH / first.width
        rows, columns = (side - 2 * _edge(first.square) for side in first.heat.shape)
        pixels = max(1, rows) * max(1, columns)
        self.least_gain = _LEAST_GAIN * max(1.0, float(np.sqrt(_ENOUGH / pixels)))
        self.near_px = max(_NEAR_PX, _NEAR * first.square * self._unit)
        self._known: dict[tuple[int, int], float] = {}

    def best(self, start: Pixels) -> tuple[Pixels, float]:
        """Where the most is foretold, and how much more of it than where guides lie.

        Args:
            start: where to begin, if more is foretold there than where they lie.
        """
        here = self._score((0, 0))
        begin = round(start[0] / self._unit), round(start[1] / self._unit)
        begin = (min(max(begin[0], -REACH), REACH), min(max(begin[1], -REACH), REACH))
        best = begin if self._score(begin) > here else (0, 0)
        for step in _STEPS:
            while True:
                around = [
                    (best[0] + step * right, best[1] + step * down)
                    for right in (-1, 0, 1)
                    for down in (-1, 0, 1)
                ]
                found = max((one for one in around if max(map(abs, one)) <= REACH), key=self._score)
                if found == best:
                    break
                best = found
        x, y = self._summit(best)
        return (x * self._unit, y * self._unit), self._score(best) - here

    def _summit(self, best: tuple[int, int]) -> tuple[float, float]:
        """Between pixels: a parabola through three each way."""
        middle = self._score(best)
        found = []
        for axis, (right, down) in enumerate(((1, 0), (0, 1))):
            before = self._score((best[0] - right, best[1] - down))
            behind = self._score((best[0] + right, best[1] + down))
            bend = before - 2 * middle + behind
            aside = (before - behind) / (2 * bend) if bend < 0 else 0.0
            found.append(best[axis] + float(np.clip(aside, -0.5, 0.5)))
        return found[0], found[1]

    def _score(self, shift: tuple[int, int]) -> float:
        if shift not in self._known:
            scores = [_foretold(pair, shift) for pair in self._pairs]
            self._known[shift] = float(np.mean(scores))
        return self._known[shift]


class _Prepared(NamedTuple):
    """A pair.

    Attributes:
        heat: (h, w) levels.
        mean, spread: (h, w) of its patches: mean and variance.
        light: (H + 2 m, W + 2 m): the mean of the square that begins at each pixel.
        margin: m.
        square: side of a thermal pixel in pixels of the light.
        width: W.
    """

    heat: Plane
    mean: Plane
    spread: Plane
    light: Plane
    margin: int
    square: int
    width: int


def _prepared(guide: NDArray[np.uint8], thermal: NDArray[Any]) -> _Prepared:
    heat = grey(thermal)
    size: Size = (heat.shape[0], heat.shape[1])
    coarser = -(-size[1] // _WIDEST)
    if coarser > 1:
        size = (max(1, size[0] // coarser), size[1] // coarser)
        heat = np.asarray(cv2.resize(heat, size[::-1], interpolation=cv2.INTER_AREA), np.float32)
    rows, columns = shown_size(size)
    light = grey(guide)
    if light.shape != (rows, columns):
        shrinks = light.shape[1] > columns
        how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
        light = np.asarray(cv2.resize(light, (columns, rows), interpolation=how), np.float32)
    square, margin = columns // size[1], REACH + 1
    wide = cv2.copyMakeBorder(light, *(margin,) * 4, cv2.BORDER_REPLICATE)
    averaged = cv2.boxFilter(wide, -1, (square, square), anchor=(0, 0))
    mean = _averaged(heat)
    spread = np.maximum(_averaged(heat * heat) - mean * mean, 0)
    return _Prepared(heat, mean, spread, np.asarray(averaged, np.float32), margin, square, columns)


def _foretold(pair: _Prepared, shift: tuple[int, int]) -> float:
    """How much of the heat the light foretells, as the logarithm of what is left without it.

    The same pixels at each shift: those that see the guide wherever it is moved to.
    """
    rows, columns = pair.heat.shape
    left, top = pair.margin + shift[0], pair.margin + shift[1]
    square = pair.square
    light = np.ascontiguousarray(
        pair.light[top : top + rows * square : square, left : left + columns * square : square]
    )
    mean = _averaged(light)
    spread = np.maximum(_averaged(light * light) - mean * mean, 0)
    common = _averaged(light * pair.heat) - mean * pair.mean
    left_over = np.maximum(pair.spread - common * common / (spread + _FLAT), 0)
    edge = _edge(square)
    told = np.log((pair.spread + _NOISE) / (left_over + _NOISE))[edge:-edge, edge:-edge]
    return float(np.mean(told)) if told.size else 0.0


def _edge(square: int) -> int:
    """Thermal pixels at each side that a guide may leave when it is moved."""
    return -(-REACH // square) + 1


def _averaged(plane: Plane) -> Plane:
    return np.asarray(cv2.blur(plane, (_PATCH, _PATCH)), np.float32)
