"""What a frame tells of its own errors, on a coarse grid: the inputs of a foretold uncertainty.

Where the sensor's picture is busy, a super-resolved one is uncertain; where the network drew much
detail into a sensor pixel, it may be wrong by as much; and what it missed of the measurement shows
how far it strayed, or how noisy the sensor is. Each is a mean square over a cell in squared 8-bit
levels, in logarithms. A cell is a sensor pixel, or as many as make up about CELL_PX of the canvas.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from models.imaging.canvas import Canvas
from models.imaging.network_inputs import WHITE
from streamer.order_statistics import median

Plane = NDArray[np.float32]

CELL_PX = 8
"""Side of a cell on the canvas, in pixels; never less than a sensor pixel."""

SAMPLES = 4
"""Pixels a side of a cell that the network's detail is measured at."""

LOCAL = ("contrast", "curvature", "missed", "missed_around", "detail", "detail_around")
FRAME = ("frame_noise", "frame_missed")
AGREEMENT = "agreement"
"""Of a guided frame alone: how far the guide's own pattern is that of the measurement, 0..1."""

FLOOR = 0.25
"""Squared levels added to each: what is lost to rounding, three times."""

AGREEMENT_FLOOR = 0.05


def names(guided: bool) -> tuple[str, ...]:
    """Of the features, in their order."""
    return (*LOCAL, *FRAME, AGREEMENT) if guided else (*LOCAL, *FRAME)


def cells_of(sensor_hw: Canvas, canvas: Canvas) -> Canvas:
    """(rows, columns) of the grid."""
    each = max(1, round(CELL_PX * sensor_hw[0] / canvas[0]))
    return max(1, round(sensor_hw[0] / each)), max(1, round(sensor_hw[1] / each))


def error_features(
    measured: Plane, missed: Plane, detail: Plane, guide: NDArray[np.uint8] | None, cells: Canvas
) -> Plane:
    """The features of a frame.

    Args:
        measured: (h, w), the sensor's picture in 8-bit levels.
        missed: (h, w), what the network's picture, averaged to sensor pixels, missed of it.
        detail: (H, W), what the network added to the bilinear picture, 1 being 255 levels.
        guide: (H, W, 3), or larger by a padding, or None.
        cells: (rows, columns) of the grid, see `cells_of`.

    Returns:
        (n, rows, columns) in the order of `names`.
    """
    rows, columns = cells
    mean = _pooled(measured, cells)
    # About the cell's surroundings, else float32 would lose small contrasts at high levels.
    offset = float(mean.mean())
    about = measured - np.float32(offset)
    around = _around(_pooled(about, cells))
    contrast = _around(_pooled(about * about, cells)) - around * around
    curvature = cv2.Laplacian(measured, cv2.CV_32F, borderType=cv2.BORDER_REPLICATE)
    missed_square = _pooled(missed * missed, cells)
    step = max(1, detail.shape[0] // (rows * SAMPLES))
    added = detail[::step, ::step] * WHITE
    detail_square = _pooled(added * added, cells)
    planes: Sequence[Plane | float] = (
        *(np.maximum(contrast, 0), _pooled(curvature * curvature, cells)),
        *(missed_square, _around(missed_square), detail_square, _around(detail_square)),
        *(_noise(measured) ** 2, float(cv2.mean(missed_square)[0])),
    )
    if guide is not None:
        planes = (*planes, _agreement(mean, guide, detail.shape, cells))
    stacked = np.empty((len(planes), rows, columns), dtype=np.float32)
    for index, plane in enumerate(planes):
        stacked[index] = plane
    stacked[: len(LOCAL) + len(FRAME)] += FLOOR
    flat = stacked.reshape(len(planes), -1)
    return np.asarray(cv2.log(flat), dtype=np.float32).reshape(stacked.shape)


def _pooled(picture: Plane, cells: Canvas) -> Plane:
    if picture.shape == cells:
        return picture
    small = cv2.resize(picture, cells[::-1], interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.float32)


def _around(plane: Plane) -> Plane:
    """The mean over a cell and its eight neighbours."""
    return np.asarray(cv2.blur(plane, (3, 3), borderType=cv2.BORDER_REPLICATE), dtype=np.float32)


def _noise(measured: Plane) -> float:
    """Standard deviation of what has neither a row's nor a column's pattern, by its median."""
    step = max(1, min(measured.shape) // 30)
    below = measured[1::step, 1::step]
    rows, columns = below.shape
    above = measured[::step, :][:rows]
    second = below - measured[1::step, ::step][:, :columns] - above[:, 1::step]
    second += above[:, ::step][:, :columns]
    return median(np.abs(second)) / 0.6745 / 2 if second.size else 0.0


def _agreement(
    mean: Plane, guide: NDArray[np.uint8], canvas: tuple[int, ...], cells: Canvas
) -> Plane:
    """The squared correlation of the guide's green with the measurement, over 5x5 cells."""
    rows, columns = cells
    down, across = canvas[0] // rows, canvas[1] // columns
    green = guide[down // 2 : canvas[0] : down, across // 2 : canvas[1] : across, 1]
    seen = green[:rows, :columns].astype(np.float32)
    if seen.shape != cells:
        seen = np.asarray(cv2.resize(seen, cells[::-1]), dtype=np.float32)

    def over(plane: Plane) -> Plane:
        return np.asarray(cv2.blur(plane, (5, 5), borderType=cv2.BORDER_REPLICATE))

    first, second = mean - over(mean), seen - over(seen)
    both = over(first * second)
    squares = over(first * first) * over(second * second)
    agreement: Plane = both * both / (squares + np.float32(1.0)) + np.float32(AGREEMENT_FLOOR)
    return agreement
