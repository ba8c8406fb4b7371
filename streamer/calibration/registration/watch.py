"""How well two cameras are lined up while they run: edges that agree, and where they drift to.

A look takes a few milliseconds, and there is one every few seconds. What single looks say is
averaged; a drift is told when the averaged edges agree clearly better somewhere else.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from streamer.calibration.registration.gradients import edges, grey

_KEPT = 0.8  # of the average, at each look
_SIGMA = 1.0
_FEWEST = 5  # looks before anything is said
_CLEAR = 1.15  # times better somewhere else than here
_LEAST_AGREEMENT = 0.2
_CANVAS_WIDTH = 640

WIDTH = 160
"""Of the pictures that are compared."""

REACH_PX = 8
"""How far they are moved against each other, pixels of these."""

DRIFT_PX = 4.0
"""From here on a drift is warned of, pixels of a canvas 640 wide."""


def agreement_surface(
    guide: NDArray[np.uint8], thermal: NDArray[np.generic]
) -> NDArray[np.float64] | None:
    """How well edges agree where the guide is moved against the thermal picture.

    Args:
        guide: (H, W, 3), on the canvas.
        thermal: (h, w) of the same moment.

    Returns:
        (17, 17), at most 1, rows down and columns right: in the middle as they lie; None where one
        of them shows no edge at all.
    """
    rows = round(WIDTH * thermal.shape[0] / thermal.shape[1])
    planes = []
    for picture in (guide, thermal):
        shrinks = picture.shape[1] > WIDTH
        how = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
        small = cv2.resize(np.asarray(picture), (WIDTH, rows), interpolation=how)
        planes.append(cv2.merge([*edges(grey(small), _SIGMA)]))
    light, heat = planes
    inner = heat[REACH_PX:-REACH_PX, REACH_PX:-REACH_PX]
    found = cv2.matchTemplate(light, inner, cv2.TM_CCORR)
    energy = np.sqrt(float(np.sum(light * light)) * float(np.sum(inner * inner)))
    return None if energy <= 0 else np.asarray(found, np.float64) / energy


class AlignmentWatch:
    """Looks at guides on the canvas and thermal pictures. Not for two threads at once."""

    def __init__(self) -> None:
        self._mean: NDArray[np.float64] | None = None
        self._looks = 0

    def look(self, guide: NDArray[np.uint8], thermal: NDArray[np.generic]) -> None:
        """Compares one guide, (H, W, 3) on the canvas, with the thermal picture, (h, w)."""
        surface = agreement_surface(guide, thermal)
        if surface is not None:
            self.add(surface)

    def add(self, surface: NDArray[np.float64]) -> None:
        """Takes what a look gave."""
        kept = 0.0 if self._mean is None else _KEPT
        before = 0.0 if self._mean is None else self._mean
        self._mean = kept * before + (1 - kept) * surface
        self._looks += 1

    @property
    def agreement(self) -> float | None:
        """How well edges agree where they lie, 0 to 1; None before there were enough looks."""
        if self._mean is None or self._looks < _FEWEST:
            return None
        return float(np.clip(self._mean[REACH_PX, REACH_PX], 0, 1))

    @property
    def drift_px(self) -> tuple[float, float] | None:
        """Where the visible picture has gone to, right and down, pixels of a canvas 640 wide.

        None before there were enough looks, and where nothing is seen clearly enough to tell.
        """
        if (
            self._mean is None
            or self._looks < _FEWEST
            or float(self._mean.max()) < _LEAST_AGREEMENT
        ):
            return None
        y, x = np.unravel_index(int(np.argmax(self._mean)), self._mean.shape)
        if self._mean[y, x] < _CLEAR * self._mean[REACH_PX, REACH_PX]:
            return (0.0, 0.0)
        step = _CANVAS_WIDTH / WIDTH
        return float((x - REACH_PX) * step), float((y - REACH_PX) * step)
