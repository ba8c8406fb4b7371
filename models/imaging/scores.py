"""Scores of many pictures, by what they are pictures of."""

from collections.abc import Callable, Sequence

import numpy as np

from models.imaging.metrics import Image, Score, score

Measure = Callable[[Image, Image], Score]


class Scores:
    """Collects (PSNR, SSIM) of pictures against their truths; the one place that means are taken.

    Attributes:
        found: name -> the scores of its pictures, in the order they came.
    """

    def __init__(self, measure: Measure = score) -> None:
        """Take how a picture is scored; in integer levels unless said otherwise."""
        self._measure = measure
        self.found: dict[str, list[Score]] = {}

    def add(self, name: str, picture: Image, truth: Image) -> Score:
        """Score a picture, (H, W) in levels like its truth, and count it to `name`."""
        scored = self._measure(picture, truth)
        self.found.setdefault(name, []).append(scored)
        return scored

    def means(self) -> dict[str, Score]:
        """Name -> mean PSNR in dB and mean SSIM over its pictures."""
        return {name: mean_score(scores) for name, scores in self.found.items()}


def mean_score(scores: Sequence[Score]) -> Score:
    """Mean PSNR in dB and mean SSIM."""
    psnr_db, ssim = np.mean(scores, axis=0)
    return float(psnr_db), float(ssim)
