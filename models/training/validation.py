"""Metrics on the development split: whole pictures at x8, through the bare network."""

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from models.data.augmentation_config import AugmentationConfig
from models.data.dataset import Picture
from models.data.transforms import to_levels
from models.imaging import degradation
from models.imaging.network_inputs import upsampled
from models.imaging.scores import Scores
from models.networks.base import GuidedNetwork
from models.networks.whole_pictures import super_resolved
from models.training.feeding.sources import DataSource

SCALE = 8
GRID = 16
"""Pictures are cropped to multiples of this, which both scale and stride divide."""

CASES = ("both", "thermal", "wrong", "bilinear", "alone", "alone_bilinear")
KINDS = ("benchmark", "sensor")
UNITS = ("db", "ssim")


def validate(
    net: GuidedNetwork, sources: Sequence[DataSource], augmentation: AugmentationConfig
) -> dict[str, float]:
    """Mean PSNR in dB (`KIND_CASE_db`) and SSIM (`KIND_CASE_ssim`), integer semantics.

    KIND is `benchmark` (point-sampled) or `sensor` (area-averaged), those trained for; CASE is both
    inputs, the thermal alone, the guide of the source's next pair (`wrong`), or bilinear
    interpolation; of pictures without a partner it is `alone`, or `alone_bilinear`.

    Args:
        net: in eval mode.
        sources: whose `dev` pictures are looked at.
        augmentation: of the run.
    """
    scores = Scores()
    for picture, other in (two for source in sources for two in _with_another(source.dev)):
        rows, columns = (side // GRID * GRID for side in picture.thermal.shape)
        truth = np.rint(to_levels(picture.thermal)).astype(np.uint8)[:rows, :columns]
        cases, bilinear = _cases(picture, other, rows, columns)
        for kind, low in _low_resolutions(picture, truth, augmentation):
            levels = upsampled(low, (rows, columns))
            for case, seen in cases.items():
                scores.add(f"{kind}_{case}", super_resolved(net, levels, seen), truth)
            scores.add(f"{kind}_{bilinear}", levels, truth)
    return {
        f"{name}_{unit}": round(value, 4)
        for name, score in scores.means().items()
        for unit, value in zip(UNITS, score, strict=True)
    }


def _with_another(pictures: Sequence[Picture]) -> Iterator[tuple[Picture, Picture]]:
    return zip(pictures, [*pictures[1:], *pictures[:1]], strict=True)


def _cases(
    picture: Picture, other: Picture, rows: int, columns: int
) -> tuple[dict[str, NDArray[np.uint8] | None], str]:
    """The guide shown in each case, and what bilinear interpolation is called beside them."""
    if picture.visible is None or other.visible is None:
        return {"alone": None}, "alone_bilinear"
    wrong = np.asarray(cv2.resize(other.visible, (columns, rows)), dtype=np.uint8)
    guides = {"both": picture.visible[:rows, :columns], "thermal": None, "wrong": wrong}
    return guides, "bilinear"


def metric_names() -> list[str]:
    """Every key that `validate` may return."""
    return [f"{k}_{case}_{unit}" for k in KINDS for case in CASES for unit in UNITS]


def selected(metrics: dict[str, float], by: str) -> float | None:
    """The metric a best checkpoint is chosen by; None where nothing was measured."""
    unit = "db" if by == "psnr" else "ssim"
    order = (f"{kind}_{case}_{unit}" for case in ("both", "alone") for kind in KINDS)
    return next((metrics[name] for name in order if name in metrics), None)


def _low_resolutions(
    pair: Picture, truth: NDArray[np.uint8], augmentation: AugmentationConfig
) -> Iterator[tuple[str, NDArray[np.uint8]]]:
    sampling = augmentation.sampling
    if augmentation.benchmark > 0 and pair.thermal_lr is not None and sampling != "cubic":
        rows, columns = truth.shape
        low = to_levels(pair.thermal_lr, pair.thermal)[: rows // SCALE, : columns // SCALE]
        yield "benchmark", np.rint(low).astype(np.uint8)
    elif augmentation.benchmark == 1:
        yield "benchmark", degradation.sampled(truth, SCALE, sampling)
    if augmentation.benchmark < 1:
        yield "sensor", degradation.sensor(truth, SCALE)
