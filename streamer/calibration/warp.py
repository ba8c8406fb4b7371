"""A calibration applied: the guide on the canvas, by a map that is worked out once.

A map that cannot be right is refused beforehand: one that mirrors or folds the picture, enlarges it
beyond reason, covers too little of the canvas, or was made for pictures of another shape.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from streamer.calibration.calibration import Calibration, View
from streamer.calibration.errors import CalibrationError
from streamer.calibration.geometry import Points, Size, from_pixels, pixel_grid, pixels_of

LEAST_COVERED = 0.6
"""Of the canvas that the guide has to cover."""

SCALES = (0.125, 8.0)
"""Guide half widths a canvas half width, at least and at most."""

_SHAPE_TOLERANCE = 0.02  # of the ratio of width to height
_STEP = 8  # of the canvas, at which the map is judged and made

Picture = NDArray[np.uint8]
Axis = NDArray[np.float64]


class GuideWarp:
    """Brings guides to canvases. Not for two threads at once.

    Args:
        calibration: of the two cameras.
    """

    def __init__(self, calibration: Calibration) -> None:
        self.calibration = calibration
        self._plans: dict[tuple[Size, Size], _Plan] = {}

    def __call__(self, guide: Picture, canvas: Size) -> Picture:
        """The guide as the thermal camera would see it.

        Args:
            guide: (h, w, 3) uint8.
            canvas: (H, W).

        Returns:
            (H, W, 3) uint8; beyond the guide its edge is repeated.
        """
        size = guide.shape[0], guide.shape[1]
        plan = self._plans.get((size, canvas))
        if plan is None:
            plan = self._plans[size, canvas] = _Plan(self.calibration, size, canvas)
        return plan.apply(guide)


def check_warp(calibration: Calibration, guide: Size, sensor: Size, canvas: Size) -> None:
    """Whether a calibration can be right for pictures of these sizes.

    Args:
        calibration: of the two cameras.
        guide: (h, w) of visible pictures.
        sensor: (h, w) of thermal ones.
        canvas: (H, W) of results.

    Raises:
        CalibrationError: it cannot be; the text says why.
    """
    if calibration.unfit:
        raise CalibrationError(calibration.unfit)
    _check_shape("visible", calibration.visible, guide)
    _check_shape("thermal", calibration.thermal, sensor)
    points = calibration.visible_points(pixel_grid(canvas, _STEP))
    if not np.isfinite(points).all():
        raise CalibrationError("the calibration leads beyond the horizon")
    stretch = canvas[1] / (2 * _STEP)  # a step of the grid in half widths, inverted
    across, down = np.diff(points, axis=1)[:-1] * stretch, np.diff(points, axis=0)[:, :-1] * stretch
    area = across[..., 0] * down[..., 1] - across[..., 1] * down[..., 0]
    if (area <= 0).all():
        raise CalibrationError("the calibration mirrors the visible picture")
    if (area <= 1e-6).any():
        raise CalibrationError("the calibration folds the visible picture")
    low, high = float(np.sqrt(area.min())), float(np.sqrt(area.max()))
    if low < SCALES[0] or high > SCALES[1]:
        raise CalibrationError(
            f"the calibration scales the visible picture {low:.2g} to {high:.2g} times; "
            f"{SCALES[0]:g} to {SCALES[1]:g} wanted"
        )
    share = covered(points, guide)
    if share < LEAST_COVERED:
        raise CalibrationError(
            f"the visible picture covers {100 * share:.0f} % of the thermal one; "
            f"{100 * LEAST_COVERED:.0f} % at least wanted"
        )


def covered(points: Points, guide: Size) -> float:
    """The share of points, half widths of a picture of this size, that lie in it."""
    rows, columns = guide
    inside = (np.abs(points[..., 0]) <= 1) & (np.abs(points[..., 1]) <= rows / columns)
    return float(np.mean(inside))


def _check_shape(name: str, view: View, size: Size) -> None:
    ratio = (view.width / view.height) / (size[1] / size[0])
    if abs(ratio - 1) > _SHAPE_TOLERANCE:
        raise CalibrationError(
            f"the calibration was made for {name} pictures of {view.width}x{view.height}, and "
            f"{size[1]}x{size[0]} came"
        )


def _nodes(calibration: Calibration, canvas: Size) -> tuple[Points, tuple[Axis, Axis]]:
    """Every `_STEP`-th of the canvas's rows and columns, and the last: where it is in the guide.

    A lens and a plane bend slowly: between them a straight line is within 0.01 px, and the way
    there takes 4 ms where that of each pixel takes 100 and more, amid a run.

    Returns:
        (n, m, 2) half widths of the guide, and the rows and columns that they are at.
    """
    rows, columns = (
        np.append(np.arange(0, max(1, side - 1), _STEP, dtype=np.float64), side - 1.0)
        for side in canvas
    )
    x, y = from_pixels(columns, canvas[1]), from_pixels(rows, canvas[1], canvas[0])
    points = calibration.visible_points(np.stack(np.meshgrid(x, y), axis=-1))
    return points, (rows, columns)


def _between(values: Axis, nodes: tuple[Axis, Axis], canvas: Size) -> NDArray[np.float32]:
    """(H, W) of a canvas from the values (n, m) at its nodes."""
    for axis, (places, side) in enumerate(zip(nodes, canvas, strict=True)):
        at = np.arange(side)
        first = np.minimum(at // _STEP, len(places) - 2)
        share = (at - places[first]) / np.maximum(places[first + 1] - places[first], 1.0)
        share = share[:, None] if axis == 0 else share
        low, high = np.take(values, first, axis), np.take(values, first + 1, axis)
        values = low + (high - low) * share
    return np.ascontiguousarray(values, np.float32)


class _Plan:
    """How guides of one size come to one canvas."""

    def __init__(self, calibration: Calibration, size: Size, canvas: Size) -> None:
        points, nodes = _nodes(calibration, canvas)
        along = np.linalg.norm(np.diff(points, axis=1), axis=-1).sum(axis=1).mean()
        finer = along * size[1] / 2 / max(1, canvas[1] - 1)
        factor = max(1, int(finer + 0.25))  # averaged first, else what is fine would alias
        rows, columns = max(8, size[0] // factor), max(8, size[1] // factor)
        self._reduced: Size | None = (rows, columns) if factor > 1 else None
        places = pixels_of(points, size)
        if factor > 1:
            scale = np.array([columns / size[1], rows / size[0]])
            places = (places + 0.5) * scale - 0.5
        x, y = (_between(places[..., axis], nodes, canvas) for axis in (0, 1))
        # Fixed point: 1.1 ms at 640x480 on one busy core, where warpAffine of OpenCV 5 takes 1.7.
        self._maps = cv2.convertMaps(x, y, cv2.CV_16SC2)

    def apply(self, guide: Picture) -> Picture:
        if self._reduced is not None:
            guide = np.asarray(
                cv2.resize(guide, self._reduced[::-1], interpolation=cv2.INTER_AREA), np.uint8
            )
        first, second = self._maps
        found = cv2.remap(guide, first, second, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(found, np.uint8)
