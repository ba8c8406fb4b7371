"""How fine the bars are that one frame, and several, resolve of a slit target held in a hand."""

from typing import Any

import numpy as np

from models.evaluation.video.paths import Path, poses
from models.evaluation.video.slits import FREQUENCIES, SlitTarget, limit
from models.imaging import degradation
from models.imaging.contact_sheet import Tile, tile
from models.imaging.metrics import Image
from models.imaging.network_inputs import upsampled
from models.inference.predictor import Predictor

HANDS = 5
"""Paths that are averaged: where a hand happens to be decides much."""

FRAME_NS = 111_111_111
"""Of a camera of 9 Hz."""

_TILE_PX = 480


def resolution(predictor: Predictor, frames: int, scale: int) -> tuple[dict[str, Any], Tile]:
    """Measure.

    Args:
        predictor: with a window of several frames.
        frames: of a path; the last is measured.
        scale: canvas pixels of a side that are one of the sensor.

    Returns:
        `frequencies` in cycles a sensor pixel; for `video` and `one` the contrast at each (1 is all
        of it) and the `limit` up to which bars are resolved; and the `factor` between the limits.
        And a picture: truth, bilinear, one frame, several.
    """
    target = SlitTarget(scale)
    contrasts: dict[str, list[list[float]]] = {"video": [], "one": []}
    pictures: dict[str, Image] = {}
    for hand in range(HANDS):
        past = predictor.past()
        way = poses(Path.HAND, frames, hand)
        for number, moment in enumerate(target.scene.frames(way, scale)):
            low = degradation.named("sensor")(moment.truth, scale)
            canvas = (moment.truth.shape[0], moment.truth.shape[1])
            joined = predictor.predict(
                low, moment.visible, canvas, past=past, moment_ns=number * FRAME_NS
            )
        alone = predictor.predict(low, moment.visible, canvas)
        pictures = {
            "truth": moment.truth,
            "bilinear": upsampled(low, canvas),
            "one frame": alone.pixels,
            f"{frames} frames": joined.pixels,
        }
        for name, made in (("video", joined), ("one", alone)):
            contrasts[name].append(target.contrasts(made.pixels, moment.truth))
    means = {name: np.mean(found, axis=0).tolist() for name, found in contrasts.items()}
    limits = {name: limit(found) for name, found in means.items()}
    figures = {
        "frequencies": list(FREQUENCIES),
        **{name: {"contrast": means[name], "limit": limits[name]} for name in means},
        "factor": limits["video"] / limits["one"],
    }
    rows = [tile(picture, label, _TILE_PX) for label, picture in pictures.items()]
    return figures, np.vstack([np.hstack(rows[:2]), np.hstack(rows[2:])])
