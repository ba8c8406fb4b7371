"""What conversion to integers does to a score (the paper converts; its loop does not)."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models import checkpoint
from models.data.dataset import find_pairs, read_pair
from models.errors import ModelError
from models.imaging import metrics
from models.imaging.metrics import Score
from models.imaging.network_inputs import WHITE, upsampled
from models.imaging.scores import Scores
from models.networks.whole_pictures import super_resolved

Picture = NDArray[np.float32]

CONVERSIONS: dict[str, Callable[[Picture], Picture]] = {
    "floats": lambda picture: picture,
    "integers, rounded (`integer`)": np.rint,
    "integers, truncated (the official notebook)": np.trunc,
}


def rounded_scores(weights: Path, data: Path) -> dict[str, Score]:
    """Mean PSNR (dB) and SSIM of a checkpoint's pictures under each conversion.

    Args:
        weights: a checkpoint.
        data: a data folder with `thermal_lr`, its pictures multiples of the network's stride.

    Raises:
        ModelError: if there is no low resolution.
    """
    net, _ = checkpoint.load(weights)
    scores = Scores(metrics.unrounded)
    for path in find_pairs(data):
        pair = read_pair(path)
        if pair.thermal_lr is None:
            raise ModelError(f"{data}: no thermal_lr/{pair.name}")
        rows, columns = pair.thermal.shape
        levels = upsampled(pair.thermal_lr, (rows, columns))
        picture = super_resolved(net, levels, pair.visible).clip(0, WHITE)
        for words, convert in CONVERSIONS.items():
            scores.add(words, convert(picture), pair.thermal)
    return scores.means()
