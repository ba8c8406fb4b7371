"""Model names and the weights behind them."""

from dataclasses import dataclass
from pathlib import Path

from models.errors import ModelError

WEIGHTS = Path(__file__).with_name("weights")

SHIPPED = {
    "fast": "fast.safetensors",
    "fast:sensor": "fast.safetensors",
    "fast:benchmark": "fast.safetensors",
}
"""One file serves both kinds of low resolution: it was trained on both."""

INTERPOLATIONS = ("bilinear", "bicubic")
WITHOUT_WEIGHTS = ("paper", "paper+", "quality", "quality:sensor", "quality:benchmark")


@dataclass(frozen=True, slots=True)
class ModelSource:
    """A model's name and its checkpoint; None for an interpolation."""

    name: str
    weights: Path | None


def find_model(name: str) -> ModelSource:
    """Resolve a model NAME or a path to a checkpoint.

    Raises:
        ModelError: if it is neither, or a name without shipped weights.
    """
    if name in INTERPOLATIONS:
        return ModelSource(name, None)
    if name in SHIPPED:
        return ModelSource(name, WEIGHTS / SHIPPED[name])
    if name in WITHOUT_WEIGHTS:
        raise ModelError(
            f"model {name}: no weights are shipped in this release; "
            f"use {', '.join(['fast', *INTERPOLATIONS])} or a checkpoint"
        )
    path = Path(name)
    if path.suffix == ".safetensors" or path.exists():
        if not path.is_file():
            raise ModelError(f"model {name}: no such checkpoint")
        return ModelSource(path.stem, path)
    known = ", ".join([*SHIPPED, *INTERPOLATIONS])
    raise ModelError(f"model {name}: wanted {known} or the path of a checkpoint")


def default_model(degradation: str) -> str:
    """The model evaluated by default on a kind of low resolution."""
    return "fast:benchmark" if degradation in ("given", "benchmark") else "fast:sensor"
