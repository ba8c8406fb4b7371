"""Metrics on the development split: whole pictures at x8, through the bare network."""

from collections.abc import Iterator, Sequence
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from models.data.augmentation_config import AugmentationConfig
from models.data.dataset import Pair
from models.imaging import degradation, metrics
from models.networks.base import GuidedNetwork
from models.training.batches import DataSource

SCALE = 8
GRID = 16
"""Pictures are cropped to multiples of this, which both scale and stride divide."""

CASES = ("both", "thermal", "wrong", "bilinear")


@torch.inference_mode()
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
    device = next(net.parameters()).device
    found: dict[str, list[float]] = {}
    for pair, other in (pairs for source in sources for pairs in _with_another(source.dev)):
        rows, columns = (side // GRID * GRID for side in pair.thermal.shape)
        truth = pair.thermal[:rows, :columns]
        guide = _guide(pair.visible[:rows, :columns]).to(device)
        wrong = _guide(cv2.resize(other.visible, (columns, rows))).to(device)
        for kind, low in _low_resolutions(pair, truth, augmentation):
            up = cv2.resize(low.astype(np.float32), (columns, rows))
            base = torch.from_numpy(up)[None, None].to(device) / 255
            for case, seen in (("both", guide), ("thermal", None), ("wrong", wrong)):
                out = (base + net.residual(base, seen))[0, 0].cpu().numpy() * 255
                _score(found, f"{kind}_{case}", out, truth)
            _score(found, f"{kind}_bilinear", np.asarray(up), truth)
    return {key: round(float(np.mean(values)), 4) for key, values in found.items()}


def _with_another(pairs: Sequence[Pair]) -> Iterator[tuple[Pair, Pair]]:
    return zip(pairs, [*pairs[1:], *pairs[:1]], strict=True)


def _guide(picture: NDArray[Any]) -> torch.Tensor:
    """(H, W, 3) uint8 -> (1, 3, H, W) in 0..1."""
    return torch.from_numpy(np.ascontiguousarray(picture.transpose(2, 0, 1)))[None] / 255


def metric_names() -> list[str]:
    """Every key that `validate` may return."""
    kinds = ("benchmark", "sensor")
    return [f"{k}_{case}_{unit}" for k in kinds for case in CASES for unit in ("db", "ssim")]


def selected(metrics: dict[str, float], by: str) -> float | None:
    """The metric a best checkpoint is chosen by; None where nothing was measured."""
    unit = "db" if by == "psnr" else "ssim"
    return metrics.get(f"benchmark_both_{unit}", metrics.get(f"sensor_both_{unit}"))


def _low_resolutions(
    pair: Pair, truth: NDArray[np.uint8], augmentation: AugmentationConfig
) -> Iterator[tuple[str, NDArray[np.uint8]]]:
    if augmentation.benchmark > 0 and pair.thermal_lr is not None:
        rows, columns = truth.shape
        yield "benchmark", pair.thermal_lr[: rows // SCALE, : columns // SCALE]
    elif augmentation.benchmark == 1:
        yield "benchmark", degradation.benchmark(truth, SCALE)
    if augmentation.benchmark < 1:
        yield "sensor", degradation.sensor(truth, SCALE)


def _score(
    found: dict[str, list[float]], name: str, picture: NDArray[np.float32], truth: NDArray[np.uint8]
) -> None:
    found.setdefault(f"{name}_db", []).append(metrics.psnr_db(picture, truth))
    found.setdefault(f"{name}_ssim", []).append(metrics.ssim(picture, truth))
