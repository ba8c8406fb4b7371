"""The model registry: names, and the weights behind them."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from models.errors import ModelError
from streamer.paths import PathKind, kind_of

WEIGHTS = Path(__file__).with_name("weights")

FILES = {
    "fast": "fast-sensor",
    "fast:sensor": "fast-sensor",
    "fast:benchmark": "fast-benchmark",
    "fast:open": "fast-open",
    "quality": "quality-sensor",
    "quality:sensor": "quality-sensor",
    "quality:benchmark": "quality-benchmark",
}
"""Two sets of weights a tier: for the low resolution of a sensor, and of the benchmark.

`fast:open` is for a sensor too, trained on nothing but pictures under stated free terms.
"""

VIDEO = {"fast:video": "fast:sensor"}
"""Names for a set of weights with a window of several frames (`models.temporal`)."""

NAMES = frozenset({*FILES, *VIDEO})
"""Every name that stands for weights of a release."""

VIDEO_WINDOW = 8
"""Frames a result of `fast:video` is made of, the present one included."""


class Terms(StrEnum):
    """What a set of weights may be used for."""

    RESEARCH = "research: part of its data states no terms"
    ANY = "anything, with the attributions of its data"


@dataclass(frozen=True, slots=True)
class TrainingData:
    """Pictures that weights were trained on.

    Attributes:
        name: as their makers call them.
        terms: the licence, or that none is stated.
        attribution: whom to name.
    """

    name: str
    terms: str
    attribution: str


PBVS = TrainingData(
    "PBVS 2023 thermal image super-resolution challenge, track 2, train",
    "none stated; challenge data, for research use",
    "Rivadeneira et al., CVPR workshops 2023",
)
ROADSCENE = TrainingData(
    "RoadScene", "none stated; derived from FLIR videos", "Xu et al., AAAI 2020"
)
TISR = TrainingData(
    "PBVS 2024/25 thermal image super-resolution challenge, track 1, a part of train",
    "none stated; challenge data, for research use",
    "Rivadeneira et al., CVPR workshops 2024",
)
M3SVD_CLIPS = TrainingData("M3SVD, frames of four clips", "MIT", "(c) 2025 Linfeng Tang")
M3SVD_ALL_CLIPS = TrainingData("M3SVD, frames of five clips", "MIT", "(c) 2025 Linfeng Tang")
M3SVD_VIDEOS = TrainingData(
    "M3SVD, frames of sixteen thermal videos", "MIT", "(c) 2025 Linfeng Tang"
)
HIT_UAV = TrainingData(
    "HIT-UAV, every tenth picture",
    "CC BY 4.0",
    "Suo et al., HIT-UAV: A high-altitude infrared thermal dataset, Scientific Data 2023",
)
SIMULATED = TrainingData(
    "pairs painted by `corefusion simulate`", "the code's own (Apache-2.0)", "this project"
)


@dataclass(frozen=True, slots=True)
class WeightSet:
    """One file of weights.

    Attributes:
        stem: of the file.
        trained_on: its data, those of the weights it started from and of its teachers included.
        terms: what follows from them.
    """

    stem: str
    trained_on: tuple[TrainingData, ...]
    terms: Terms


_ALL_OF_0_1 = (PBVS, ROADSCENE, M3SVD_CLIPS)

SETS = (
    WeightSet("fast-sensor", (*_ALL_OF_0_1, TISR), Terms.RESEARCH),
    WeightSet("fast-benchmark", (*_ALL_OF_0_1, TISR), Terms.RESEARCH),
    WeightSet("fast-open", (M3SVD_ALL_CLIPS, M3SVD_VIDEOS, HIT_UAV, SIMULATED), Terms.ANY),
    WeightSet("quality-sensor", _ALL_OF_0_1, Terms.RESEARCH),
    WeightSet("quality-benchmark", (*_ALL_OF_0_1, TISR), Terms.RESEARCH),
)
"""Every set that a name may stand for. `Terms.ANY` wants all of its data, and all of those of
what it grew from, under stated free terms."""

INTERPOLATIONS = ("nearest", "bilinear", "bicubic")

TO_BE_TRAINED = ("paper", "paper+")
"""Names of presets that no release has weights for."""


@dataclass(frozen=True, slots=True)
class ModelSource:
    """A model's name and its checkpoint; None for an interpolation.

    Attributes:
        window: of how many frames its results are made, where nothing else is asked for.
    """

    name: str
    weights: Path | None
    window: int = 1


def find_model(name: str) -> ModelSource:
    """Resolve a model NAME or a path to a checkpoint.

    Raises:
        ModelError: if it is neither, or a name without shipped weights.
        PathError: if its path cannot be looked at.
    """
    if name in INTERPOLATIONS:
        return ModelSource(name, None)
    if (named := VIDEO.get(name, name)) in FILES:
        path = WEIGHTS / f"{FILES[named]}.safetensors"
        if path.is_file():
            return ModelSource(name, path, VIDEO_WINDOW if name in VIDEO else 1)
    if name in TO_BE_TRAINED or named in FILES:
        preset = name.partition(":")[0]
        raise ModelError(
            f"model {name}: no weights are shipped in this release; corefusion train --preset "
            f"{preset} --data DIR --output RUN makes them, then --model RUN/best.safetensors"
        )
    path = Path(name)
    kind = kind_of(path)
    if path.suffix == ".safetensors" or kind is not PathKind.MISSING:
        if kind is not PathKind.FILE:
            raise ModelError(f"model {name}: no such checkpoint")
        # A run's files are all called alike; its folder says which run it was.
        alike = path.stem in ("best", "last")
        return ModelSource(
            f"{path.resolve().parent.name}/{path.stem}" if alike else path.stem, path
        )
    known = ", ".join([*shipped(), *VIDEO, *INTERPOLATIONS])
    raise ModelError(f"model {name}: wanted {known} or the path of a checkpoint")


def shipped() -> list[str]:
    """The names whose weights this release has."""
    return [name for name, stem in FILES.items() if (WEIGHTS / f"{stem}.safetensors").is_file()]


def default_model(degradation: str) -> str:
    """The model evaluated by default on a kind of low resolution."""
    points = degradation in ("given", "benchmark", "challenge24")
    return "fast:benchmark" if points else "fast:sensor"
