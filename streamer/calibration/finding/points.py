"""From pairs of points that a person has clicked, or a board has shown."""

from typing import NamedTuple

import numpy as np

from streamer.calibration.errors import CalibrationError
from streamer.calibration.finding.fit import Fit, fit
from streamer.calibration.geometry import Points, Size, points_of

LEAST_POINTS = 4
_TOLERANCE = 2 / 320  # half widths
_LEAST_SPREAD = 0.08  # half widths, of the narrow direction of all points
_MOST_RESIDUAL_PX = 10.0  # of a canvas 640 wide
_LEAST_FITTING = 0.7  # of all pairs


class PointFit(NamedTuple):
    """A map through points, and how far they lie from it, pixels of a canvas 640 wide."""

    fit: Fit
    residual_px: float


def from_points(thermal_px: Points, visible_px: Points, sensor: Size, guide: Size) -> PointFit:
    """The map that pairs of points ask for.

    Args:
        thermal_px: (N, 2), x and y in pixels of the thermal picture, the first at 0.
        visible_px: (N, 2), of the visible picture.
        sensor: (h, w) of the thermal picture.
        guide: (h, w) of the visible picture.

    Raises:
        CalibrationError: fewer than four pairs, points on a line or at one place, points that lie
            outside their picture, or pairs that no one map fits.
    """
    if len(thermal_px) < LEAST_POINTS or len(thermal_px) != len(visible_px):
        raise CalibrationError(
            f"{LEAST_POINTS} pairs of points at least wanted, {len(thermal_px)} came"
        )
    for name, places, (rows, columns) in (
        ("thermal", thermal_px, sensor), ("visible", visible_px, guide),
    ):  # fmt: skip
        inside = (places >= -0.5) & (places <= np.array([columns, rows]) - 0.5)
        if not inside.all():
            x, y = places[~inside.all(axis=1)][0]
            raise CalibrationError(
                f"the point {x:g},{y:g} lies outside the {name} picture of {columns}x{rows}"
            )
    thermal, visible = points_of(thermal_px, sensor), points_of(visible_px, guide)
    for name, points in (("thermal", thermal), ("visible", visible)):
        narrow = np.linalg.svd(points - points.mean(axis=0), compute_uv=False)[-1]
        if narrow / np.sqrt(len(points)) < _LEAST_SPREAD:
            raise CalibrationError(
                f"the {name} points lie on a line: points all over the picture wanted"
            )
    found = fit(thermal, visible, _TOLERANCE)
    scale = float(np.sqrt(abs(np.linalg.det(found.matrix[:2, :2]))))
    missed_px = np.linalg.norm(found.missed, axis=1) * 320 / max(scale, 1e-6)
    fitting = missed_px <= _MOST_RESIDUAL_PX
    if fitting.sum() < max(LEAST_POINTS, _LEAST_FITTING * len(thermal)):
        raise CalibrationError(
            f"no map fits the points: {len(thermal) - fitting.sum()} of {len(thermal)} are more "
            f"than {_MOST_RESIDUAL_PX:.0f} px off; is one swapped or mirrored?"
        )
    residual_px = float(np.sqrt(np.mean(missed_px[fitting] ** 2)))
    return PointFit(found, residual_px)
