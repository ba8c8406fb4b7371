"""The fine step: where blocks of the picture match best, and the map that most of them agree on."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from streamer.calibration.finding.fit import Fit, fit
from streamer.calibration.geometry import (
    Points,
    Size,
    pixel_grid,
    pixels_of,
    points_of,
    projected,
    seen,
)
from streamer.calibration.registration.gradients import Plane, edges

_ROWS, _COLUMNS = 9, 12
_BLOCK = 0.18  # of the width
_TOLERANCE_PX = 1.2
_FEWEST = 6  # blocks
_STRONG, _CLOSE_PX = 0.35, 2.0


class Match(NamedTuple):
    """What blocks say.

    Attributes:
        fit: the map they agree on.
        score: mean correlation of all blocks at their best places.
        strong: how many blocks correlate clearly.
        residual_px: how far the places of these lie from the map, by certainty.
        close: how many of these are where the map says.
        evidence: where blocks are, (N, 2), and how much each speaks for the map, (N,).
    """

    fit: Fit
    score: float
    strong: int
    residual_px: float
    close: int
    evidence: tuple[Points, NDArray[np.float64]]


def warped(visible: Plane, found: Fit, size: Size) -> tuple[Plane, Plane]:
    """The visible picture on the thermal one's grid, and where it is."""
    places = pixels_of(
        seen(projected(found.matrix, pixel_grid(size)), found.lens), visible.shape[:2]
    )
    x, y = (np.ascontiguousarray(places[..., i], np.float32) for i in (0, 1))
    picture = cv2.remap(visible, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    rows, columns = visible.shape[:2]
    mask = ((x >= 0) & (x <= columns - 1) & (y >= 0) & (y <= rows - 1)).astype(np.float32)
    return np.asarray(picture, np.float32), mask


def refine(
    pairs: Sequence[tuple[Plane, Plane]],
    start: Fit,
    size: Size,
    sensor: Size,
    reach: int,
    sigma: float,
    *,
    bends: bool,
) -> Match:
    """One round: blocks within `reach` pixels.

    Args:
        pairs: grey (visible, thermal) at any sizes.
        start: the map so far.
        size: (H, W) to work at.
        sensor: (h, w) of the thermal camera, which blurs.
        reach: pixels of `size`.
        sigma: blur before edges are taken, pixels of `size`.
        bends: whether more than a similarity may be found.
    """
    rows, columns = size
    side = int(_BLOCK * columns)
    tops = np.linspace(reach, rows - side - reach, _ROWS).astype(int)
    lefts = np.linspace(reach, columns - side - reach, _COLUMNS).astype(int)
    width = 2 * reach + 1
    surfaces = np.zeros((len(tops) * len(lefts), width, width))
    covered = np.zeros(len(surfaces))
    window = np.outer(*(np.hanning(side + 2)[1:-1],) * 2).astype(np.float32) ** 0.5
    for visible, thermal in pairs:
        moved, mask = warped(_matched(visible, size), start, size)
        coarse = cv2.resize(moved, sensor[::-1], interpolation=cv2.INTER_AREA)
        theirs = cv2.merge([plane * mask for plane in edges(_enlarged(coarse, size), sigma)])
        mine = cv2.merge([*edges(_enlarged(thermal, size), sigma)])
        for index, (top, left) in enumerate((row, column) for row in tops for column in lefts):
            block = mine[top : top + side, left : left + side] * window[..., None]
            around = theirs[top - reach : top + side + reach, left - reach : left + side + reach]
            found = np.asarray(cv2.matchTemplate(around, block, cv2.TM_CCORR), np.float64)
            energy = cv2.matchTemplate(np.sum(around * around, axis=2), window, cv2.TM_CCORR)
            norm = np.sqrt(np.maximum(energy, 1e-6) * np.sum(block * block))
            surfaces[index] += found / np.maximum(norm, 1e-6) / len(pairs)
            covered[index] = mask[top : top + side, left : left + side].mean()
    centres = np.array(
        [(left + side / 2 - 0.5, top + side / 2 - 0.5) for top in tops for left in lefts]
    )
    shifts, certainty, heights = _peaks(surfaces, reach)
    usable = (covered > 0.7) & (heights > 0)
    if usable.sum() < _FEWEST:
        return Match(start, 0.0, 0, np.inf, 0, (np.zeros((0, 2)), np.zeros(0)))
    centres, shifts = centres[usable], shifts[usable]
    certainty, heights = certainty[usable], heights[usable]
    thermal_points = points_of(centres, size)
    visible_points = seen(projected(start.matrix, points_of(centres + shifts, size)), start.lens)
    pixel = 2 / columns
    agreed = fit(thermal_points, visible_points, _TOLERANCE_PX * pixel, certainty, bends=bends)
    weight = np.trace(certainty, axis1=1, axis2=2)
    # Along an edge a block may lie anywhere: what counts is how far it is off across it.
    missed = agreed.missed / pixel
    greatest = np.linalg.eigvalsh(certainty)[:, -1]
    apart = np.sqrt(np.einsum("ni,nij,nj->n", missed, certainty, missed) / greatest)
    strong = heights > _STRONG
    close = strong & (apart < _CLOSE_PX)
    counted = weight * agreed.weights * strong
    residual = float(np.sqrt(np.average(apart**2, weights=counted))) if counted.any() else np.inf
    return Match(
        agreed, float(np.average(heights)), int(strong.sum()), residual, int(close.sum()),
        (thermal_points, heights * close),
    )  # fmt: skip


def _enlarged(picture: Any, size: Size) -> Plane:
    return np.asarray(cv2.resize(picture, size[::-1], interpolation=cv2.INTER_CUBIC), np.float32)


def _matched(visible: Plane, size: Size) -> Plane:
    """The visible picture at most twice as fine as the size it is brought to."""
    if visible.shape[1] <= 2 * size[1]:
        return visible
    rows = round(visible.shape[0] * 2 * size[1] / visible.shape[1])
    return np.asarray(cv2.resize(visible, (2 * size[1], rows), interpolation=cv2.INTER_AREA))


def _peaks(
    surfaces: NDArray[np.float64], reach: int
) -> tuple[Points, NDArray[np.float64], NDArray[np.float64]]:
    """Shift (N, 2), certainty (N, 2, 2) and height (N,) of the best place of each surface."""
    shifts, certainties, heights = [], [], []
    for surface in surfaces:
        y, x = np.unravel_index(int(np.argmax(surface)), surface.shape)
        height = float(surface[y, x])
        away = surface.copy()
        gap = max(2, reach // 3)
        away[max(0, y - gap) : y + gap + 1, max(0, x - gap) : x + gap + 1] = -1
        second = float(away.max())
        on_rim = x in (0, 2 * reach) or y in (0, 2 * reach)
        if on_rim:
            shifts.append((x - reach, y - reach))
            certainties.append(1e-3 * np.eye(2))
            heights.append(height)
            continue
        around = surface[y - 1 : y + 2, x - 1 : x + 2]
        gx, gy = (around[1, 2] - around[1, 0]) / 2, (around[2, 1] - around[0, 1]) / 2
        xx = around[1, 2] + around[1, 0] - 2 * height
        yy = around[2, 1] + around[0, 1] - 2 * height
        xy = (around[2, 2] + around[0, 0] - around[0, 2] - around[2, 0]) / 4
        hessian = -np.array([[xx, xy], [xy, yy]])
        values, vectors = np.linalg.eigh(hessian)
        values = np.maximum(values, 1e-5)
        step = vectors @ ((vectors.T @ np.array([gx, gy])) / values)
        shifts.append((x - reach + np.clip(step[0], -1, 1), y - reach + np.clip(step[1], -1, 1)))
        clear = np.clip((height - max(second, 0)) / max(height, 1e-6) * 4, 0.02, 1)
        certainty = vectors @ np.diag(values / 0.02) @ vectors.T
        certainty *= 3 * (max(height, 0) * clear) ** 2
        certainties.append(certainty)
        heights.append(height)
    return np.array(shifts, np.float64), np.array(certainties), np.array(heights)
