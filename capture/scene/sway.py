"""A rig that is held in the hand: both pictures move together, and never come back the same way."""

import math
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

_OF_WIDTH = 640
_DEGREES_PER_PX = 0.05
_TREMOR_HZ = (0.31, 0.83, 1.9)
_SHARES = (0.75, 0.5, 0.25)
"""Of the standard deviation; squares add up to nearly one."""


class Sway:
    """Where the rig points, as a pure function of time.

    Args:
        px: standard deviation of the motion, in pixels of a picture 640 wide.
        seed: another seed is another hand.
    """

    def __init__(self, px: float, seed: int) -> None:
        self._px = px
        self._phases = np.random.default_rng((seed, 3)).uniform(0, math.tau, (3, 3))

    def at(self, time_s: float) -> tuple[float, float, float]:
        """Pixels of a picture 640 wide to the right and down, and degrees, at a time."""
        waves = [
            math.sqrt(2)
            * self._px
            * sum(
                share * math.sin(math.tau * hz * time_s + phase)
                for share, hz, phase in zip(_SHARES, _TREMOR_HZ, phases, strict=True)
            )
            for phases in self._phases
        ]
        return waves[0], waves[1], waves[2] * _DEGREES_PER_PX

    def seen(self, picture: NDArray[Any], time_s: float) -> NDArray[Any]:
        """A picture of the yard as the moving rig sees it; beyond its border it is mirrored."""
        if not self._px:
            return picture
        rows, columns = picture.shape[:2]
        x, y, degrees = self.at(time_s)
        turn = cv2.getRotationMatrix2D(((columns - 1) / 2, (rows - 1) / 2), degrees, 1.0)
        turn[:, 2] += np.array([x, y]) * columns / _OF_WIDTH
        moved = cv2.warpAffine(
            picture,
            turn,
            (columns, rows),
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REFLECT_101,
        )
        return np.asarray(moved, dtype=picture.dtype)
