"""How often each thing happens to a training sample."""

import math
from typing import Literal

import msgspec

from models.imaging.degradation import PointSampling


class GuideGeometry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a guide alone is moved, and how often: a probability and a maximum of each kind.

    Kinds are drawn apart from each other, amounts evenly up to their maximum; pixels are those of
    the visible picture. The names of the fields are keys, as those of `AugmentationConfig`.

    Attributes:
        shifted, shift_px: along each axis, parts of a pixel included.
        scaled, scale: about the picture's centre, a factor of 1 - scale to 1 + scale.
        rotated, rotation_deg: about the picture's centre.
        perspective, perspective_px: each corner of the picture moved along each axis.
        parallax, parallax_px: along one baseline by a smooth pseudo-depth, as far apart as this in
            either direction from where the two cameras meet.
    """

    shifted: float = 0.0
    shift_px: float = 8.0
    scaled: float = 0.0
    scale: float = 0.02
    rotated: float = 0.0
    rotation_deg: float = 1.0
    perspective: float = 0.0
    perspective_px: float = 6.0
    parallax: float = 0.0
    parallax_px: float = 6.0

    @property
    def chances(self) -> tuple[float, float, float, float, float]:
        """Of shift, scale, rotation, perspective and parallax."""
        return self.shifted, self.scaled, self.rotated, self.perspective, self.parallax

    @property
    def active(self) -> bool:
        """Whether any guide is ever moved."""
        return any(self.chances)

    def __post_init__(self) -> None:
        _check_chances(self, "shifted", "scaled", "rotated", "perspective", "parallax")
        for name in ("shift_px", "scale", "rotation_deg", "perspective_px", "parallax_px"):
            most = 0.5 if name == "scale" else 90 if name == "rotation_deg" else math.inf
            if not 0 < getattr(self, name) < most:
                below = "" if most == math.inf else f" and below {most:g}"
                raise ValueError(f"{name}: wanted above 0{below}, got {getattr(self, name):g}")


class Composites(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How often a sample is made of two pictures or resolutions (see `models.data.composites`).

    The names of the fields are keys, as those of `AugmentationConfig`.

    Attributes:
        pasted, alpha, mixup: probability of another picture of the same folder as an opaque
            rectangle, as one that shines through, or blended over the whole; one of them at most.
        cutblur: probability that a rectangle of the low resolution is the truth already, or all but
            a rectangle.
    """

    pasted: float = 0.0
    alpha: float = 0.0
    mixup: float = 0.0
    cutblur: float = 0.0

    @property
    def of_two(self) -> float:
        """Probability of two pictures in one."""
        return self.pasted + self.alpha + self.mixup

    def __post_init__(self) -> None:
        _check_chances(self, "pasted", "alpha", "mixup", "cutblur")
        if self.of_two > 1:
            raise ValueError(f"pasted, alpha and mixup: wanted 1 at most, got {self.of_two:g}")


def _check_chances(config: msgspec.Struct, *names: str) -> None:
    for name in names:
        if not 0 <= getattr(config, name) <= 1:
            raise ValueError(f"{name}: wanted 0..1, got {getattr(config, name):g}")


CHANCES = (
    "benchmark", "noisy", "resampled", "jitter", "inverted", "no_visible", "no_thermal",
    "wrong_guide", "shifted", "recoloured", "grey", "spoiled", "visible_as_thermal",
)  # fmt: skip
"""The probabilities of `AugmentationConfig`."""


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
        geometry: how the guide alone is moved, apart from `shifted`.
        composites: samples made of two pictures.
        visible_as_thermal: probability that a pair's visible picture, in grey, stands for the
            thermal one, without a guide: there are more sharp visible pictures than thermal ones.
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
    geometry: GuideGeometry = GuideGeometry()
    composites: Composites = Composites()
    visible_as_thermal: float = 0.0
    dihedral: bool = True

    def __post_init__(self) -> None:
        if self.crop_px < 0 or 0 < self.crop_px < 16:
            raise ValueError(f"crop_px: wanted 0 or 16 and more, got {self.crop_px}")
        if self.crop_px == 0 and self.dihedral:
            raise ValueError("dihedral: whole frames cannot be turned by 90 degrees; crop_px is 0")
        if self.crop_px == 0 and self.resampled > 0:
            raise ValueError("resampled: whole frames are taken as they are; crop_px is 0")
        if self.crop_px == 0 and self.composites.of_two > 0:
            raise ValueError("composites: whole frames are taken as they are; crop_px is 0")
        _check_chances(self, *CHANCES)
        if self.zoom < 1:
            raise ValueError(f"zoom: wanted 1 or more, got {self.zoom}")
        if self.shift_px < 0:
            raise ValueError(f"shift_px: wanted 0 or more, got {self.shift_px}")
        if not self.scales or not all(2 <= scale <= 16 for scale in self.scales):
            raise ValueError(f"scales: wanted some of 2..16, got {list(self.scales)}")
        self._check_scale_weights()

    def _check_scale_weights(self) -> None:
        weights = self.scale_weights
        fit = len(weights) == len(self.scales) and all(weight >= 0 for weight in weights)
        if not fit or not math.isclose(sum(weights), 1, abs_tol=1e-8):
            raise ValueError(
                f"scale_weights: wanted {len(self.scales)}, one for each of scales, that add up "
                f"to 1, got {list(weights)}"
            )
