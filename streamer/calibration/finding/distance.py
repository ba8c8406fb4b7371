"""How far away what two cameras look at is, once they are lined up and their baseline is known.

Every distance moves the visible picture along the baseline by another amount. All that matter are
tried, in even steps of that amount, and the one at which edges agree best is taken.
"""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from streamer.calibration.calibration import Calibration
from streamer.calibration.errors import CalibrationError
from streamer.calibration.geometry import Size, pixel_grid, pixels_of
from streamer.calibration.registration.gradients import Edges, Plane, edges

_WIDTH = 320
_NEAREST_M = 0.3
_STEP_PX = 1.0  # of _WIDTH
_SIGMA = 1.5
_CLEAR = (0.02, 0.06)  # above the middle score: certain


class FoundDistance(NamedTuple):
    """A distance in metres, and how sure it is, 0 to 1."""

    distance_m: float
    confidence: float


def find_distance(
    pairs: Sequence[tuple[Plane, Plane]], calibration: Calibration, sensor: Size
) -> FoundDistance:
    """The distance of what takes most of the picture.

    Args:
        pairs: grey pictures (visible, thermal) of the same moments.
        calibration: of the two cameras, with its parallax.
        sensor: (h, w) of the thermal pictures.

    Raises:
        CalibrationError: the calibration knows no baseline.
    """
    parallax = calibration.parallax
    if parallax is None or not any(parallax.baseline_m):
        raise CalibrationError(
            "the calibration does not know the cameras' baseline: --baseline, --distance and "
            "--fields-of-view write one that does"
        )
    size = (round(_WIDTH * sensor[0] / sensor[1]), _WIDTH)
    nearest = float(np.linalg.norm(parallax.moved(_NEAREST_M) - parallax.moved(1e9)))
    steps = max(12, round(nearest * _WIDTH / 2 / _STEP_PX))
    inverses = np.linspace(0, 1 / _NEAREST_M, steps + 1)
    heats = [_edges(heat, size) for _, heat in pairs]
    scores = np.zeros(len(inverses))
    for index, inverse in enumerate(inverses):
        there = calibration.at(1e6 if inverse == 0 else float(1 / inverse))
        points = there.visible_points(pixel_grid(size))
        for (light, _), heat in zip(pairs, heats, strict=True):
            scores[index] += _agreement(light, points, heat, sensor) / len(pairs)
    best = int(np.argmax(scores))
    place = float(best)
    if 0 < best < len(scores) - 1:
        left, middle, right = scores[best - 1 : best + 2]
        place += float(np.clip((left - right) / (2 * (left - 2 * middle + right)), -0.5, 0.5))
    inverse = max(place * float(inverses[1]), 1e-6)
    low, high = _CLEAR
    clear = float(np.clip((scores[best] - np.median(scores) - low) / (high - low), 0, 1))
    return FoundDistance(1 / inverse, clear)


def _edges(plane: Plane, size: Size) -> Edges:
    large = cv2.resize(plane, size[::-1], interpolation=cv2.INTER_CUBIC)
    return edges(np.asarray(large, np.float32), _SIGMA)


def _agreement(light: Plane, points: NDArray[np.float64], heat: Edges, sensor: Size) -> float:
    """How well the edges of a visible picture, taken at these points, agree with the thermal."""
    places = pixels_of(points, (light.shape[0], light.shape[1])).astype(np.float32)
    x, y = np.ascontiguousarray(places[..., 0]), np.ascontiguousarray(places[..., 1])
    moved = cv2.remap(light, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    coarse = cv2.resize(moved, sensor[::-1], interpolation=cv2.INTER_AREA)
    found = _edges(np.asarray(coarse, np.float32), (points.shape[0], points.shape[1]))
    top = sum(float(np.sum(one * other)) for one, other in zip(found, heat, strict=True))
    mine, theirs = (sum(float(np.sum(one * one)) for one in each) for each in (found, heat))
    return top / max(float(np.sqrt(mine * theirs)), 1e-9)
