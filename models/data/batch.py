"""Samples stacked to what a step of training takes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.data.augmentation_config import AugmentationConfig
from models.data.sample import Sample
from models.imaging.network_inputs import guide_planes


@dataclass(frozen=True, slots=True)
class Batch:
    """Samples stacked.

    Attributes:
        names: of their pairs.
        base: (B, 1, H, W) float32 in 0..1.
        guide: (B, 3, H, W) float32, BGR in 0..1.
        target: (B, 1, H, W) float32 in 0..1.
        present: (B, 2) float32 of 0 or 1, (visible there, thermal there).
    """

    names: tuple[str, ...]
    base: NDArray[np.float32]
    guide: NDArray[np.float32]
    target: NDArray[np.float32]
    present: NDArray[np.float32]


def collate(
    samples: list[Sample], augmentation: AugmentationConfig, rng: np.random.Generator
) -> Batch:
    """Stack samples; now and then a sample gets the guide of its neighbour, a wrong one."""
    guides = [sample.guide for sample in samples]
    for index in range(len(samples)):
        if rng.random() < augmentation.wrong_guide and all(samples[index].present):
            guides[index] = samples[index - 1].guide
    return Batch(
        names=tuple(s.name for s in samples),
        base=np.stack([s.base for s in samples])[:, None],
        guide=guide_planes(np.stack(guides)),
        target=np.stack([s.target for s in samples])[:, None],
        present=np.array([s.present for s in samples], dtype=np.float32),
    )
