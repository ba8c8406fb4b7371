"""A slit target, as resolution is proved with: bars of heat, finer and finer, on a board.

The board's visible side has a texture to see its motion by, and nothing of the bars: what is
resolved of them comes from the thermal camera alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from models.evaluation.video.scenes import Scene
from models.imaging.metrics import Image

FREQUENCIES = (0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95)
"""Cycles a sensor pixel; one frame holds none above 0.5."""

RESOLVED = 0.25
"""Of a bar's contrast: with so much of it, at its place, it is seen."""

_HEIGHT, _WIDTH = 560, 720
_LEVEL, _CONTRAST = 120.0, 60.0
_COLUMNS = 4


@dataclass(frozen=True, slots=True)
class Group:
    """Bars of one frequency.

    Attributes:
        frequency: cycles a sensor pixel.
        area: where on the board.
    """

    frequency: float
    area: tuple[slice, slice]


class SlitTarget:
    """The board.

    Args:
        scale: canvas pixels of a side that are one of the sensor.

    Attributes:
        scene: what both cameras look at.
        groups: where its bars are.
    """

    def __init__(self, scale: int) -> None:
        self._scale = scale
        heat = np.full((_HEIGHT, _WIDTH), _LEVEL, np.float32)
        height, width = _HEIGHT // 3, _WIDTH // (_COLUMNS + 1)
        groups = []
        for index, frequency in enumerate(FREQUENCIES):
            top = _HEIGHT // 9 + index // _COLUMNS * (height + _HEIGHT // 9)
            left = width // 5 + index % _COLUMNS * (width + width // 5)
            area = (slice(top, top + height), slice(left, left + width))
            heat[area] += _CONTRAST / 2 * _bars(frequency / scale, left, width)
            groups.append(Group(frequency, area))
        grain = np.random.default_rng(5).normal(0, 1, (_HEIGHT, _WIDTH, 3)).astype(np.float32)
        texture = cv2.GaussianBlur(grain, (0, 0), 2.5) * 250 + 128
        visible = np.clip(texture, 0, 255).astype(np.uint8)
        self.scene = Scene(visible, np.rint(heat).astype(np.uint8))
        self.groups: Sequence[Group] = groups

    def contrasts(self, picture: Image, truth: Image) -> list[float]:
        """How much of each group's contrast a picture shows, in its place; 1 is all of it.

        Args:
            picture: (H, W) in levels.
            truth: what the camera saw then: the board moves, and its bars with it.
        """
        shown: list[float] = []
        for group in self.groups:
            rows, columns = _seen_area(group.area, truth.shape)
            true = truth[rows, columns].astype(np.float64)
            seen = picture[rows, columns].astype(np.float64)
            true, seen = true - true.mean(), seen - seen.mean()
            shown.append(float((true * seen).sum() / max((true * true).sum(), 1.0)))
        return shown


def limit(contrasts: Sequence[float]) -> float:
    """Cycles a sensor pixel up to which bars are resolved; straight lines between frequencies."""
    for index, contrast in enumerate(contrasts):
        if contrast >= RESOLVED:
            continue
        if index == 0:
            return FREQUENCIES[0]
        before, after = contrasts[index - 1], contrast
        low, high = FREQUENCIES[index - 1], FREQUENCIES[index]
        return low + (high - low) * (before - RESOLVED) / (before - after)
    return FREQUENCIES[-1]


def _bars(cycles_a_pixel: float, left: int, width: int) -> NDArray[np.float32]:
    """(1, width) -1 to 1: a sine, as what a sensor's square pixels can hold of a bar."""
    x = np.arange(left, left + width, dtype=np.float32)
    return np.asarray(np.sin(2 * np.pi * cycles_a_pixel * x)[None], dtype=np.float32)


def _seen_area(area: tuple[slice, slice], seen: tuple[Any, ...]) -> tuple[slice, slice]:
    """The inner part of a group in the camera's view, wherever a hand moves it to."""
    inner = []
    for side, whole, size in zip(area, (_HEIGHT, _WIDTH), seen, strict=True):
        offset = (size - whole) // 2
        margin = (side.stop - side.start) // 5
        inner.append(slice(side.start + offset + margin, side.stop + offset - margin))
    return inner[0], inner[1]
