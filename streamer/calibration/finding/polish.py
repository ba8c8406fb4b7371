"""The last step: every parameter of the map moved to where all edges together agree best.

Blocks find the place surely, and each to a fraction of its own pixels; what is left is found by
Gauss and Newton on the correlation of the whole pictures. The visible picture is averaged to the
sensor's pixels in every step, so that both are compared as the sensor sees them.
"""

from collections.abc import Callable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from streamer.calibration.finding.fit import PRECISION, Fit, map_of
from streamer.calibration.geometry import Points, Size, pixel_grid, pixels_of, projected, seen
from streamer.calibration.registration.gradients import Plane, edges

_STEPS = 5
_NUDGE = 0.3 / 160  # half widths: 0.3 pixels of a picture 320 wide
_SAMPLES = 4800  # independent ones, about, in a picture's edges
_LEAST_CORRELATION = 0.2
_FARTHEST = 5 / 160  # half widths: a map that goes further has lost its way
_BLUR = 0.375  # of a sensor pixel
_FINEST = 2  # times as wide as the thermal picture is compared

Stack = NDArray[np.float32]


def polish(
    pairs: Sequence[tuple[Plane, Plane]],
    start: Fit,
    size: Size,
    sensor: Size,
    progress: Callable[[float], None] = lambda share: None,
) -> Fit:
    """The map where edges agree best, near one that is right already.

    Args:
        pairs: grey (visible, thermal) of any sizes.
        start: a map that is right to a few pixels.
        size: (H, W) to compare at.
        sensor: (h, w) of the thermal camera.
        progress: told what share is done.

    Returns:
        The better map; `start` where there is none nearby.
    """
    scenes = [_Scene(light, heat, size, sensor) for light, heat in pairs]
    parameters = start.parameters
    best, best_score, done = parameters, -1.0, 0
    for step in range(_STEPS + 1):
        normal, right, score = np.zeros((10, 10)), np.zeros(10), 0.0
        for scene in scenes:
            parts = scene.normal_equations(parameters, only_score=step == _STEPS)
            normal, right = normal + parts[0] / len(scenes), right + parts[1] / len(scenes)
            score += parts[2] / len(scenes)
            done += 1
            progress(min(1.0, done / (_STEPS * len(scenes))))
        if score > best_score:
            best, best_score = parameters, score
        if step < _STEPS:
            trust = 1.5 / _SAMPLES / max(score, _LEAST_CORRELATION) ** 2 * PRECISION
            normal = normal + np.diag(trust) + 1e-9 * np.eye(10)
            parameters = parameters + np.linalg.solve(normal, right - trust * parameters)
    matrix, lens = map_of(best)
    points = pixel_grid(size, 20)
    before = seen(projected(start.matrix, points), start.lens)
    moved = np.linalg.norm(seen(projected(matrix, points), lens) - before, axis=-1)
    if float(np.median(moved)) > _FARTHEST:
        return start
    return start._replace(matrix=matrix, lens=lens, parameters=best)


class _Scene:
    """One moment: its thermal edges, and the visible picture to be brought there."""

    def __init__(self, light: Plane, heat: Plane, size: Size, sensor: Size) -> None:
        self._size = size
        self._sensor = sensor
        self._sigma = max(1.0, _BLUR * size[1] / sensor[1])
        self._grid: Points = pixel_grid(size)
        widest = _FINEST * size[1]
        if light.shape[1] > widest:
            rows = round(light.shape[0] * widest / light.shape[1])
            shrunk = cv2.resize(light, (widest, rows), interpolation=cv2.INTER_AREA)
            light = np.asarray(shrunk, np.float32)
        self._light = light
        self._heat = self._edges(heat)

    def normal_equations(
        self, parameters: NDArray[np.float64], *, only_score: bool
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
        """Of the correlation at these parameters, and the correlation."""
        seen_edges, mask = self._seen(parameters)
        heat = self._heat * mask
        heat = heat / max(float(np.linalg.norm(heat)), 1e-9)
        norm = max(float(np.linalg.norm(seen_edges)), 1e-9)
        now = seen_edges / norm
        score = float(np.sum(heat * now))
        if only_score:
            return np.zeros((10, 10)), np.zeros(10), score
        columns = []
        for index in range(10):
            step = np.zeros(10)
            step[index] = _NUDGE
            ahead, behind = self._seen(parameters + step)[0], self._seen(parameters - step)[0]
            change = (ahead - behind) / (2 * _NUDGE * norm)
            columns.append((change - now * np.sum(now * change)).ravel())
        jacobian = np.stack(columns, axis=-1).astype(np.float64)
        missed = (heat - score * now).ravel() / max(score, _LEAST_CORRELATION)
        return jacobian.T @ jacobian, jacobian.T @ missed, score

    def _seen(self, parameters: NDArray[np.float64]) -> tuple[Stack, Plane]:
        """The visible edges as the sensor would see them, and where there are any."""
        matrix, lens = map_of(parameters)
        rows, columns = self._light.shape
        places = pixels_of(seen(projected(matrix, self._grid), lens), (rows, columns))
        x, y = (np.ascontiguousarray(places[..., axis], np.float32) for axis in (0, 1))
        moved = cv2.remap(self._light, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        coarse = cv2.resize(moved, self._sensor[::-1], interpolation=cv2.INTER_AREA)
        inside = (x >= 1) & (x <= columns - 2) & (y >= 1) & (y <= rows - 2)
        mask = inside.astype(np.float32)
        return self._edges(np.asarray(coarse, np.float32)) * mask, mask

    def _edges(self, plane: Plane) -> Stack:
        large = cv2.resize(plane, self._size[::-1], interpolation=cv2.INTER_CUBIC)
        return np.stack(edges(np.asarray(large, np.float32), self._sigma))
