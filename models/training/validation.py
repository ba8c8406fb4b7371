"""Metrics on the development split: whole pictures at x8, through the bare network."""

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from models.data.augmentation_config import AugmentationConfig
from models.data.dataset import Pair
from models.imaging import degradation
from models.imaging.network_inputs import upsampled
from models.imaging.scores import Scores
from models.networks.base import GuidedNetwork
from models.networks.whole_pictures import super_resolved
from models.training.batches import DataSource

SCALE = 8
GRID = 16
"""Pictures are cropped to multiples of this, which both scale and stride divide."""

CASES = ("both", "thermal", "wrong", "bilinear")
UNITS = ("db", "ssim")


def validate(
    net: GuidedNetwork, sources: Sequence[DataSource], augmentation: AugmentationConfig
) -> dict[str, float]:
    """Mean PSNR in dB (`KIND_CASE_db`) and SSIM (`KIND_CASE_ssim`), integer semantics.

    KIND is `benchmark` (point-sampled) or `sensor` (area-averaged), those trained for; CASE is both
    inputs, the thermal alone, the guide of the source's next pair (`wrong`), or bilinear
    interpolation.

    Args:
        net: in eval mode.
        sources: whose `dev` pairs are looked at.
        augmentation: of the run.
    """
    scores = Scores()
    for pair, other in (pairs for source in sources for pairs in _with_another(source.dev)):
        rows, columns = (side // GRID * GRID for side in pair.thermal.shape)
        truth = pair.thermal[:rows, :columns]
        guide = pair.visible[:rows, :columns]
        wrong = np.asarray(cv2.resize(other.visible, (columns, rows)))
        for kind, low in _low_resolutions(pair, truth, augmentation):
            levels = upsampled(low, (rows, columns))
            for case, seen in (("both", guide), ("thermal", None), ("wrong", wrong)):
                scores.add(f"{kind}_{case}", super_resolved(net, levels, seen), truth)
            scores.add(f"{kind}_bilinear", levels, truth)
    return {
        f"{name}_{unit}": round(value, 4)
        for name, score in scores.means().items()
        for unit, value in zip(UNITS, score, strict=True)
    }


def _with_another(pairs: Sequence[Pair]) -> Iterator[tuple[Pair, Pair]]:
    return zip(pairs, [*pairs[1:], *pairs[:1]], strict=True)


def metric_names() -> list[str]:
    """Every key that `validate` may return."""
    kinds = ("benchmark", "sensor")
    return [f"{k}_{case}_{unit}" for k in kinds for case in CASES for unit in UNITS]


def selected(metrics: dict[str, float], by: str) -> float | None:
    """The metric a best checkpoint is chosen by; None where nothing was measured."""
    unit = "db" if by == "psnr" else "ssim"
    return metrics.get(f"benchmark_both_{unit}", metrics.get(f"sensor_both_{unit}"))


def _low_resolutions(
    pair: Pair, truth: NDArray[np.uint8], augmentation: AugmentationConfig
) -> Iterator[tuple[str, NDArray[np.uint8]]]:
    sampling = augmentation.sampling
    if augmentation.benchmark > 0 and pair.thermal_lr is not None and sampling != "cubic":
        rows, columns = truth.shape
        yield "benchmark", pair.thermal_lr[: rows // SCALE, : columns // SCALE]
    elif augmentation.benchmark == 1:
        yield "benchmark", degradation.sampled(truth, SCALE, sampling)
    if augmentation.benchmark < 1:
        yield "sensor", degradation.sensor(truth, SCALE)
