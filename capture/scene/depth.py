"""How far away things are: the yard's distances, from where they stand on the ground."""

import numpy as np
from numpy.typing import NDArray

from capture.scene.hall import WALL_FOOT, WALL_RIGHT
from capture.scene.moving.motion import units_per_metre
from capture.scene.yard import HEIGHT, HORIZON, TANK, WIDTH

NEAREST_FOOT = 458.0
"""Where the nearest walker goes."""

FARTHEST = 15.0
"""Times the nearest walker's distance: trees, clouds, everything behind."""

_TANK_FOOT = TANK[1] + TANK[3] + 15.0


def distance(foot_y: float) -> float:
    """Of what stands at `foot_y`, in distances of the nearest walker."""
    if foot_y <= HORIZON:
        return FARTHEST
    return min(FARTHEST, units_per_metre(NEAREST_FOOT) / units_per_metre(foot_y))


def background(width: int, height: int) -> NDArray[np.float64]:
    """(height, width): of what never moves, in distances of the nearest walker."""
    x = (np.arange(width) + 0.5) * WIDTH / width
    y = (np.arange(height) + 0.5) * HEIGHT / height
    ground = np.array([distance(float(row)) for row in y])
    far = np.repeat(ground[:, None], width, axis=1)
    wall = (x[None] < WALL_RIGHT) & (y[:, None] < WALL_FOOT)
    far[wall] = distance(WALL_FOOT)
    left, top, wide, _ = TANK
    tank = (x[None] > left - 1) & (x[None] < left + wide + 16) & (y[:, None] > top - 10)
    far[tank & (y[:, None] < _TANK_FOOT)] = distance(_TANK_FOOT)
    return far
