"""How a camera moves from frame to frame: paths with fixed seeds."""

from enum import StrEnum
from typing import NamedTuple

import numpy as np


class Path(StrEnum):
    """How a camera is held."""

    HAND = "hand"
    """A random walk: 3 px and 0.15 degrees a frame, standard deviations."""
    VEHICLE = "vehicle"
    """Driving towards the scene: 0.4 % nearer a frame, shaken by 1 px and 0.05 degrees."""
    DRONE = "drone"
    """Drifting sideways by 2 px and turning by 0.2 degrees a frame, shaken by half a pixel."""
    STILL = "still"
    """On a tripod."""


class Pose(NamedTuple):
    """Where the scene lies in the picture.

    Attributes:
        x: pixels to the right.
        y: pixels down.
        degrees: turned about the middle, counter-clockwise.
        zoom: 1 is the scene's own size.
    """

    x: float = 0.0
    y: float = 0.0
    degrees: float = 0.0
    zoom: float = 1.0


def poses(path: Path, frames: int, seed: int) -> list[Pose]:
    """One pose a frame; the first shows the scene as it is."""
    shaken = np.random.default_rng(seed).normal(size=(frames, 3))
    shaken[0] = 0
    at = np.arange(frames)
    match path:
        case Path.HAND:
            x, y, degrees = np.cumsum(shaken, axis=0).T * np.array([[3.0], [3.0], [0.15]])
            return [Pose(*map(float, pose)) for pose in zip(x, y, degrees, strict=True)]
        case Path.VEHICLE:
            x, y, degrees = shaken.T * np.array([[1.0], [1.0], [0.05]])
            zooms = 1.004**at
            return [Pose(*map(float, pose)) for pose in zip(x, y, degrees, zooms, strict=True)]
        case Path.DRONE:
            x, y, degrees = (shaken * (0.5, 0.5, 0.02)).T
            moved = zip(x + 2.0 * at, y, degrees + 0.2 * at, strict=True)
            return [Pose(*map(float, pose)) for pose in moved]
        case Path.STILL:
            return [Pose()] * frames
