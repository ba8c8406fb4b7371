"""The distance that two cameras are lined up for, following what is looked at: slowly, or not.

Every distance moves the visible picture along the baseline by another amount. What edges say of all
of them is averaged over some seconds, by distance and not by place, so that a step of the
calibration leaves the average as it is. One look moves the picture by a pixel at most; where the
scene does not say clearly how far away it is, or the picture has gone where no distance takes it,
the calibration stays.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from streamer.calibration.calibration import Calibration
from streamer.calibration.registration.watch import REACH_PX, WIDTH
from streamer.order_statistics import median

NEAREST_M = 0.5
FARTHEST_M = 1e4
STEP_PX = 1.0
"""A look moves the picture by this at most, pixels of a canvas 640 wide."""

EVERY_S = 0.5
"""How often it is to look."""

KEPT = 0.85
"""Of the average, at each look."""

FEWEST = 6
"""Looks before it moves."""

_BEGINS_PX = 0.75  # nearer than this it is taken for right, or it would never rest
_RESTS_PX = 0.25
_GRID_PX = 0.5  # between two distances that are compared
_LEAST = 0.1  # of the agreement, where it is best
_CLEAR = 0.05  # above the middle of all distances
_BETTER = 1.02  # times what it is where it is now
_OFF_LINE_PX = 8.0  # of the best place from those that a distance leads to
_CANVAS_WIDTH = 640


class DistanceFollower:
    """Looks at how edges agree, and says which distance is to be used. Not for two threads at once.

    Attributes:
        steps: how often it moved.
        unsure: looks after which it stayed because the scene was not clear.

    Args:
        calibration: of the two cameras, with its parallax.
    """

    def __init__(self, calibration: Calibration) -> None:
        self.steps = self.unsure = 0
        self._looks = 0
        self._moving = False
        inverse_metres = 1 / NEAREST_M - 1 / FARTHEST_M
        per_inverse_px = float(np.linalg.norm(_shift_px(calibration)))
        self._reach_px = max(per_inverse_px * inverse_metres, 1e-6)
        count = max(8, round(self._reach_px / _GRID_PX)) + 1
        self._inverses = np.linspace(1 / FARTHEST_M, 1 / NEAREST_M, count)
        self._top = np.zeros(count)
        self._weight = np.zeros(count)
        self._off_line = 0.0

    def look(self, surface: NDArray[np.float64], used: Calibration) -> float | None:
        """Takes a look; the distance to be used from now on, where that is another.

        Args:
            surface: of `streamer.calibration.registration.watch.agreement_surface`, of a guide
                lined up by `used`.
            used: the calibration at its present distance.
        """
        assert used.parallax is not None  # or there would be nothing to follow
        nearer = self._inverses - 1 / used.parallax.distance_m
        at = nearer[:, None] * _shift_px(used) * (WIDTH / _CANVAS_WIDTH) + REACH_PX
        inside = (np.abs(at - REACH_PX) <= REACH_PX - 0.5).all(axis=1)
        x, y = (np.ascontiguousarray(at[None, :, axis], np.float32) for axis in (0, 1))
        found = cv2.remap(surface.astype(np.float32), x, y, cv2.INTER_CUBIC)[0]
        self._top = KEPT * self._top + (1 - KEPT) * np.where(inside, found, 0.0)
        self._weight = KEPT * self._weight + (1 - KEPT) * inside
        peak = np.array(np.unravel_index(int(np.argmax(surface)), surface.shape))[::-1]
        apart = float(np.linalg.norm(at - peak, axis=1).min()) * _CANVAS_WIDTH / WIDTH
        self._off_line = KEPT * self._off_line + (1 - KEPT) * apart
        self._looks += 1
        return self._step(1 / used.parallax.distance_m)

    def _step(self, present: float) -> float | None:
        if self._looks < FEWEST:
            return None
        known = self._weight > (1 - KEPT) / 2
        if np.count_nonzero(known) < 3:
            self.unsure += 1
            return None
        scores = np.where(known, self._top / np.maximum(self._weight, 1e-9), -1.0)
        best = int(np.argmax(scores))
        here = float(np.interp(present, self._inverses[known], scores[known]))
        clear = scores[best] - median(scores[known])
        unsure = scores[best] < _LEAST or clear < _CLEAR or self._off_line > _OFF_LINE_PX
        if unsure:
            self.unsure += 1
            self._moving = False
            return None
        step = self._inverses[1] - self._inverses[0]
        wanted = self._inverses[best] + step * _summit(scores, best)
        to_go_px = (wanted - present) / step * (self._reach_px / (len(self._inverses) - 1))
        near = abs(to_go_px) < (_RESTS_PX if self._moving else _BEGINS_PX)
        if near or (not self._moving and scores[best] < _BETTER * here):
            self._moving = False
            return None
        self._moving = True
        self.steps += 1
        moved = present + (wanted - present) * min(1.0, STEP_PX / abs(to_go_px))
        return float(1 / np.clip(moved, self._inverses[0], self._inverses[-1]))


def _shift_px(used: Calibration) -> NDArray[np.float64]:
    """(2,): how far aside the lined up guide shows what is nearer by one inverse metre.

    Right and down in the middle of the picture, pixels of a canvas 640 wide.
    """
    assert used.parallax is not None  # or there would be nothing to follow
    step = 1e-3
    places = used.visible_points(np.array([[0.0, 0.0], [step, 0.0], [0.0, step]]))
    jacobian = np.stack([places[1] - places[0], places[2] - places[0]], axis=1) / step
    moved = used.parallax.moved(1 / (1 / used.parallax.distance_m + 1))
    return np.asarray(np.linalg.solve(jacobian, moved) * _CANVAS_WIDTH / 2)


def _summit(scores: NDArray[np.float64], best: int) -> float:
    """Where between its neighbours the highest one lies: a parabola through three, -0.5 to 0.5."""
    if not 0 < best < len(scores) - 1 or min(scores[best - 1], scores[best + 1]) < 0:
        return 0.0
    left, middle, right = scores[best - 1 : best + 2]
    bend = left - 2 * middle + right
    return float(np.clip((left - right) / (2 * bend), -0.5, 0.5)) if bend < 0 else 0.0
