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
        guide: (B, 3, H, W) float32, BGR in 0..1; None where no sample has one.
        target: (B, 1, H, W) float32 in 0..1.
        present: (B, 2) float32 of 0 or 1, (visible there, thermal there).
    """

    names: tuple[str, ...]
    base: NDArray[np.float32]
    guide: NDArray[np.float32] | None
    target: NDArray[np.float32]
    present: NDArray[np.float32]


def collate(
    samples: list[Sample], augmentation: AugmentationConfig, rng: np.random.Generator
) -> Batch:
    """Stack samples; now and then a sample gets the guide of its neighbour, a wrong one.

    A sample without a guide is given its neighbour's too, and never shown it: batch norms count
    every picture of a batch, and should see pictures as deployed ones are, not black.
    """
    guides = [sample.guide for sample in samples]
    for index, sample in enumerate(samples):
        wrong = rng.random() < augmentation.wrong_guide and all(sample.present)
        if wrong or not sample.guided:
            guides[index] = _neighbours_guide(samples, index)
    return Batch(
        names=tuple(s.name for s in samples),
        base=np.stack([s.base for s in samples])[:, None],
        guide=guide_planes(np.stack(guides)) if any(s.guided for s in samples) else None,
        target=np.stack([s.target for s in samples])[:, None],
        present=np.array([s.present for s in samples], dtype=np.float32),
    )


def _neighbours_guide(samples: list[Sample], index: int) -> NDArray[np.uint8]:
    """That of the nearest sample before it which has one, the last coming before the first."""
    before = (samples[index - back] for back in range(1, len(samples)))
    return next((other.guide for other in before if other.guided), samples[index].guide)
