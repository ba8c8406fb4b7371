"""A guide that drifts, taken back while a run goes on: slowly, or not.

A bracket that was knocked, or a calibration that was never made, leaves the guide a few pixels
beside the thermal picture. What edges say is averaged over some seconds, by where the guide would
lie if nothing had been taken back, so that a step leaves the average as it is. From nearby, how
well light foretells heat says the rest to a fraction of a pixel, averaged likewise. One look moves
the guide by a pixel at most; where the scene does not say clearly how it lies, or where it lies
further aside than is to be taken back, it stays.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from streamer.calibration.registration.following import EVERY_S, FEWEST, KEPT, STEP_PX
from streamer.calibration.registration.offset import LEAST_AGREEMENT
from streamer.calibration.registration.patches import Patches, Pixels
from streamer.calibration.registration.watch import REACH_PX, WIDTH

MOST_PX = 16.0
"""How far a guide is moved at most from where the calibration has it, pixels of 640."""

_RESTS_EVERY_S = 2.0  # a look takes 20 ms, and a bracket is seldom knocked
_NEARBY_PX = 4.0  # from here on patches say it
_CLEAR = 1.1  # times better there than where it is: of edges alone, to begin
_RESTS_PX = 0.5
_FINER = 4  # places that are compared between two of a surface: a pixel of 640 each
_CANVAS_WIDTH = 640


class DriftFollower:
    """Looks at how a guide lies, and says by how much it is to be moved. Not for two threads.

    Attributes:
        taken_px: how far the guide was moved back so far, to the left and up.
        steps: how often it was moved.
        unsure: looks after which it stayed because the scene was not clear, or the guide too far.
    """

    def __init__(self) -> None:
        self.taken_px: Pixels = (0.0, 0.0)
        self.steps = self.unsure = 0
        self._moving = False
        side = 2 * REACH_PX * _FINER + 1
        self._sum = np.zeros((side, side))
        self._weight = np.zeros((side, side))
        self.begin_anew()

    def begin_anew(self) -> None:
        """What was seen so far holds no longer: something else has moved the guide."""
        self._looks = self._fine_looks = 0
        self._fine, self._gain = np.zeros(2), 0.0
        self._sum[:] = 0
        self._weight[:] = 0

    @property
    def every_s(self) -> float:
        """How soon it is to look again."""
        return EVERY_S if self._moving or self._looks < 2 * FEWEST else _RESTS_EVERY_S

    def look(self, surface: NDArray[np.float64], patches: Patches) -> Pixels | None:
        """Takes a look; how far the guide is to be moved back, where it is.

        Args:
            surface: of `streamer.calibration.registration.watch.agreement_surface`, of a guide as
                it is used.
            patches: of the same pair.
        """
        self._add(surface)
        self._looks += 1
        if self._looks < FEWEST:
            return None
        taken = np.array(self.taken_px)
        best, agreement, here = self._best()
        if agreement < LEAST_AGREEMENT:
            self._stay()
            return None
        to_go = best - taken
        sure = self._moving
        if np.hypot(*to_go) < _NEARBY_PX or not (sure or agreement >= _CLEAR * here):
            shift, gain = patches.best((0.0, 0.0))
            kept = KEPT * min(1.0, self._fine_looks / FEWEST)
            self._fine = kept * self._fine + (1 - kept) * (taken + shift)
            self._gain = kept * self._gain + (1 - kept) * gain
            self._fine_looks += 1
            if self._fine_looks < FEWEST:
                return None
            to_go = self._fine - taken
            sure = sure or self._gain >= patches.least_gain
        else:
            self._fine_looks, sure = 0, True
        return self._step(to_go, taken, patches.near_px, sure)

    def _step(
        self, to_go: NDArray[np.float64], taken: NDArray[np.float64], begins: float, sure: bool
    ) -> Pixels | None:
        far = float(np.hypot(*to_go))
        if far < (_RESTS_PX if self._moving else begins) or not sure:
            self._moving = False
            return None
        if np.abs(taken + to_go).max() > MOST_PX:
            self._stay()
            return None
        self._moving = True
        self.steps += 1
        moved = to_go * min(1.0, STEP_PX / far)
        self.taken_px = float(taken[0] + moved[0]), float(taken[1] + moved[1])
        return float(moved[0]), float(moved[1])

    def _stay(self) -> None:
        self.unsure += 1
        self._moving = False

    def _add(self, surface: NDArray[np.float64]) -> None:
        """Puts a surface where it would lie if nothing had been taken back."""
        places = np.arange(-REACH_PX * _FINER, REACH_PX * _FINER + 1) / _FINER
        x, y = (places - moved * WIDTH / _CANVAS_WIDTH for moved in self.taken_px)
        inside = (np.abs(y) <= REACH_PX)[:, None] & (np.abs(x) <= REACH_PX)[None, :]
        across, down = np.meshgrid(x + REACH_PX, y + REACH_PX)
        found = cv2.remap(
            surface.astype(np.float32),
            across.astype(np.float32),
            down.astype(np.float32),
            cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_REPLICATE,
        )
        self._sum = KEPT * self._sum + (1 - KEPT) * np.where(inside, found, 0.0)
        self._weight = KEPT * self._weight + (1 - KEPT) * inside

    def _best(self) -> tuple[NDArray[np.float64], float, float]:
        """Where edges agree best, pixels of 640 as the guide came; how well there, and here."""
        known = self._weight > (1 - KEPT) / 2
        mean = np.where(known, self._sum / np.maximum(self._weight, 1e-9), -1.0)
        y, x = np.unravel_index(int(np.argmax(mean)), mean.shape)
        unit = _CANVAS_WIDTH / WIDTH / _FINER
        place = np.array([x, y], np.float64) - REACH_PX * _FINER
        right, down = (REACH_PX * _FINER + round(moved / unit) for moved in self.taken_px)
        return place * unit, float(mean[y, x]), float(mean[down, right])
