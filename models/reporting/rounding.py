"""What conversion to integers does to a score (the paper converts; its loop does not)."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from models import checkpoint
from models.data.dataset import find_pairs, read_pair
from models.errors import ModelError
from models.imaging import metrics
from models.imaging.metrics import Score

Picture = NDArray[np.float32]

CONVERSIONS: dict[str, Callable[[Picture], Picture]] = {
    "floats": lambda picture: picture,
    "integers, rounded (`integer`)": np.rint,
    "integers, truncated (the official notebook)": np.trunc,
}


@torch.inference_mode()
def rounded_scores(weights: Path, data: Path) -> dict[str, Score]:
    """Mean PSNR (dB) and SSIM of a checkpoint's pictures under each conversion.

    Args:
        weights: a checkpoint.
        data: a data folder with `thermal_lr`, its pictures multiples of the network's stride.

    Raises:
        ModelError: if there is no low resolution.
    """
    net, _ = checkpoint.load(weights)
    found: dict[str, list[Score]] = {words: [] for words in CONVERSIONS}
    for path in find_pairs(data):
        pair = read_pair(path)
        if pair.thermal_lr is None:
            raise ModelError(f"{data}: no thermal_lr/{pair.name}")
        size = (pair.thermal.shape[1], pair.thermal.shape[0])
        up = np.asarray(cv2.resize(pair.thermal_lr.astype(np.float32), size))
        base = torch.from_numpy(up)[None, None] / 255
        guide = torch.from_numpy(pair.visible.transpose(2, 0, 1).copy())[None] / 255
        picture = net(base, guide).picture[0, 0].clamp(0, 1).numpy() * 255
        for words, convert in CONVERSIONS.items():
            found[words].append(metrics.unrounded(convert(picture), pair.thermal))
    return {
        words: (float(np.mean([s[0] for s in scores])), float(np.mean([s[1] for s in scores])))
        for words, scores in found.items()
    }
