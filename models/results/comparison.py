"""A picture that compares: visible, low resolution, bilinear, models, truth, and their errors."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from models import metrics
from models.dataset import find_pairs, read_pair
from models.errors import ModelError
from models.predictor import PredictorSettings, build_predictor

CELL = (240, 320)
LABEL = 26
ERROR_SPAN = 40.0
"""Levels of error that are shown as white."""

Cell = NDArray[np.uint8]


def draw_comparison(
    data: Path, names: Sequence[str], models: Sequence[tuple[str, str]], picture: Path
) -> None:
    """Two rows an image: the pictures, and below each what it is off by.

    Args:
        data: a data folder with `thermal_lr`.
        names: stems of the images.
        models: (label, model name or checkpoint).
        picture: the file to write, .jpg or .png.

    Raises:
        ModelError: for an image or model there is not.
    """
    paths = {path.name: path for path in find_pairs(data)}
    for name in names:
        if name not in paths:
            raise ModelError(f"{data}: no image {name}")
    predictors = [
        (label, build_predictor(PredictorSettings(model=model, consistency=False)))
        for label, model in models
    ]
    strips = []
    for name in names:
        pair = read_pair(paths[name])
        if pair.thermal_lr is None:
            raise ModelError(f"{data}: no thermal_lr/{name}")
        truth = metrics.to_levels(pair.thermal)
        size = (truth.shape[1], truth.shape[0])
        low = cv2.resize(pair.thermal_lr, size, interpolation=cv2.INTER_NEAREST)
        shown: list[tuple[str, NDArray[np.float64]]] = [
            ("bilinear", metrics.to_levels(np.asarray(cv2.resize(pair.thermal_lr, size)))),
        ]
        for label, predictor in predictors:
            result = predictor.predict(pair.thermal_lr, pair.visible, truth.shape)
            shown.append((label, metrics.to_levels(result.pixels)))
        above = [_cell(pair.visible, f"visible {name}"), _cell(low, "thermal, as given")]
        below = [_blank(), _blank(f"errors, white: {ERROR_SPAN:.0f} levels")]
        for label, image in shown:
            above.append(_cell(image, f"{label}  {metrics.psnr_db(image, truth):.2f} dB"))
            error = np.abs(image - truth) * (255 / ERROR_SPAN)
            below.append(_cell(np.clip(error, 0, 255), ""))
        above.append(_cell(truth, "truth"))
        below.append(_blank())
        strips += [np.hstack(above), np.hstack(below)]
    picture.parent.mkdir(parents=True, exist_ok=True)
    if not cv2.imwrite(str(picture), np.vstack(strips), [cv2.IMWRITE_JPEG_QUALITY, 85]):
        raise ModelError(f"{picture}: OpenCV writes no such picture")


def _cell(image: NDArray[Any], label: str) -> Cell:
    small = cv2.resize(image.astype(np.uint8), CELL[::-1], interpolation=cv2.INTER_AREA)
    cell = np.asarray(small, dtype=np.uint8)
    if cell.ndim == 2:
        cell = np.repeat(cell[:, :, None], 3, axis=2)
    return _labelled(np.ascontiguousarray(cell), label)


def _blank(label: str = "") -> Cell:
    return _labelled(np.zeros((*CELL, 3), dtype=np.uint8), label)


def _labelled(cell: Cell, label: str) -> Cell:
    if label:
        cell[:LABEL] //= 3  # white on a darkened strip reads on any picture
        white = (255, 255, 255)
        cv2.putText(cell, label, (7, 18), cv2.FONT_HERSHEY_SIMPLEX, 0.5, white, 1, cv2.LINE_AA)
    return cell
