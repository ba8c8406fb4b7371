"""How often each thing happens to a training sample."""

from typing import Literal

import msgspec

from models.imaging.degradation import PointSampling


class AugmentationConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is drawn for a sample, and how often; probabilities are 0..1.

    The names of the fields are keys of checkpoints and of `--set recipe.KEY`: they never change.

    Attributes:
        crop_px: side of the crop in pixels; 0 takes whole frames.
        on_grid: whether crops start on the sensor's grid, as a deployed frame does.
        benchmark: probability of a benchmark's point-sampled x8 low resolution, the folder's own
            where it has one; a sensor's area average otherwise.
        sampling: how those are made that a folder does not have: `linear` is the benchmark's
            operator, `blurred` what runs of release 0.1 took for it; `cubic` is that of the
            challenge of 2024, of which no folder here has its own, so all are made.
        noisy: of those, probability of blur, noise, pattern and bad pixels.
        noise: which: `models.imaging.microbolometer`, or `plain`, what release 0.1 had.
        scales, scale_weights: of the sensor's low resolution, pixels of a side to a sensor pixel.
        resampled, zoom: probability that the pair is resampled first, its corner off the sensor's
            grid, magnified by up to the factor `zoom` or shrunk as far; its low resolution is made
            anew.
        jitter, inverted: probability that thermal and target change in gain and offset; of those,
            that they change polarity.
        no_visible, no_thermal: probability that a modality is absent.
        wrong_guide: probability of another sample's guide.
        shifted, shift_px: probability that the guide is shifted, and by how many pixels at most.
        recoloured, grey: probability of a guide in other colours, of one without.
        spoiled: probability of a corrupted guide: darkness, blur or a veil.
        dihedral: all eight symmetries of the square; False has the paper's two flips.
    """

    crop_px: int = 192
    on_grid: bool = True
    benchmark: float = 0.5
    sampling: PointSampling = "linear"
    noisy: float = 0.5
    noise: Literal["microbolometer", "plain"] = "microbolometer"
    scales: tuple[int, ...] = (2, 3, 4, 5, 8, 16)
    scale_weights: tuple[float, ...] = (0.08, 0.1, 0.28, 0.1, 0.36, 0.08)
    resampled: float = 0.0
    zoom: float = 1.3
    jitter: float = 0.7
    inverted: float = 0.15
    no_visible: float = 0.2
    no_thermal: float = 0.05
    wrong_guide: float = 0.06
    shifted: float = 0.2
    shift_px: int = 2
    recoloured: float = 0.5
    grey: float = 0.2
    spoiled: float = 0.15
    dihedral: bool = True

    def __post_init__(self) -> None:
        if self.crop_px < 0 or 0 < self.crop_px < 16:
            raise ValueError(f"crop_px: wanted 0 or 16 and more, got {self.crop_px}")
        if self.crop_px == 0 and self.dihedral:
            raise ValueError("dihedral: whole frames cannot be turned by 90 degrees; crop_px is 0")
        if self.crop_px == 0 and self.resampled > 0:
            raise ValueError("resampled: whole frames are taken as they are; crop_px is 0")
        if self.zoom < 1:
            raise ValueError(f"zoom: wanted 1 or more, got {self.zoom}")
