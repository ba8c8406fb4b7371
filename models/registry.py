"""The model registry: names, and the weights behind them."""

from dataclasses import dataclass
from pathlib import Path

from models.errors import ModelError
from streamer.paths import PathKind, kind_of

WEIGHTS = Path(__file__).with_name("weights")

FILES = {
    "fast": "fast-sensor",
    "fast:sensor": "fast-sensor",
    "fast:benchmark": "fast-benchmark",
    "quality": "quality-sensor",
    "quality:sensor": "quality-sensor",
    "quality:benchmark": "quality-benchmark",
}
"""Two sets of weights a tier: for the low resolution of a sensor, and of the benchmark."""

INTERPOLATIONS = ("nearest", "bilinear", "bicubic")

TO_BE_TRAINED = ("paper", "paper+")
"""Names of presets that no release has weights for."""


@dataclass(frozen=True, slots=True)
class ModelSource:
    """A model's name and its checkpoint; None for an interpolation."""

    name: str
    weights: Path | None


def find_model(name: str) -> ModelSource:
    """Resolve a model NAME or a path to a checkpoint.

    Raises:
        ModelError: if it is neither, or a name without shipped weights.
        PathError: if its path cannot be looked at.
    """
    if name in INTERPOLATIONS:
        return ModelSource(name, None)
    if name in FILES:
        path = WEIGHTS / f"{FILES[name]}.safetensors"
        if path.is_file():
            return ModelSource(name, path)
    if name in TO_BE_TRAINED or name in FILES:
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
    known = ", ".join([*shipped(), *INTERPOLATIONS])
    raise ModelError(f"model {name}: wanted {known} or the path of a checkpoint")


def shipped() -> list[str]:
    """The names whose weights this release has."""
    return [name for name, stem in FILES.items() if (WEIGHTS / f"{stem}.safetensors").is_file()]


def default_model(degradation: str) -> str:
    """The model evaluated by default on a kind of low resolution."""
    points = degradation in ("given", "benchmark", "challenge24")
    return "fast:benchmark" if points else "fast:sensor"
