"""A picture that compares: visible, low resolution, bilinear, models, truth, and their errors."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from models.data.dataset import PairPaths, find_pairs, read_pair
from models.errors import ModelError
from models.imaging import metrics
from models.imaging.contact_sheet import blank_tile, tile, write
from models.imaging.network_inputs import upsampled
from models.inference.predictor import PredictorSettings, build_predictor

TILE_PX = 240
"""Height of a picture."""

ERROR_SPAN = 40.0
"""Levels of error that are shown as white."""


def named_pairs(data: Path, names: Sequence[str]) -> list[PairPaths]:
    """The pairs of a data folder that have these stems, in their order.

    Raises:
        ModelError: for a stem there is not.
    """
    pairs = {path.name: path for path in find_pairs(data)}
    for name in names:
        if name not in pairs:
            raise ModelError(f"{data}: no image {name}")
    return [pairs[name] for name in names]


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
    paths = named_pairs(data, names)
    predictors = [
        (label, build_predictor(PredictorSettings(model=model, consistency=False)))
        for label, model in models
    ]
    strips = []
    for path in paths:
        name, pair = path.name, read_pair(path)
        if pair.thermal_lr is None:
            raise ModelError(f"{data}: no thermal_lr/{name}")
        truth = metrics.to_levels(pair.thermal)
        size = (truth.shape[1], truth.shape[0])
        low = cv2.resize(pair.thermal_lr, size, interpolation=cv2.INTER_NEAREST)
        shown: list[tuple[str, NDArray[np.float64]]] = [
            ("bilinear", metrics.to_levels(upsampled(pair.thermal_lr, truth.shape))),
        ]
        for label, predictor in predictors:
            result = predictor.predict(pair.thermal_lr, pair.visible, truth.shape)
            shown.append((label, metrics.to_levels(result.pixels)))
        above = [
            tile(pair.visible, f"visible {name}", TILE_PX),
            tile(low, "thermal, as given", TILE_PX),
        ]
        below = [
            blank_tile("", TILE_PX),
            blank_tile(f"errors, white: {ERROR_SPAN:.0f} levels", TILE_PX),
        ]
        for label, image in shown:
            caption = f"{label}  {metrics.psnr_db(image, truth):.2f} dB"
            above.append(tile(image, caption, TILE_PX))
            error = np.abs(image - truth) * (255 / ERROR_SPAN)
            below.append(tile(np.clip(error, 0, 255), "", TILE_PX))
        above.append(tile(truth, "truth", TILE_PX))
        below.append(blank_tile("", TILE_PX))
        strips += [np.hstack(above), np.hstack(below)]
    write(picture, np.vstack(strips))
