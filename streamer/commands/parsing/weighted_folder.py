"""`--data DIR=WEIGHT`: a data folder and how often it is drawn from."""

import math
from dataclasses import dataclass
from pathlib import Path

import typer

from streamer.paths import PathKind, kind_of


@dataclass(frozen=True, slots=True)
class WeightedFolder:
    """A data folder and the factor to how often it is drawn from; 1 where none was given."""

    path: Path
    weight: float = 1.0


def weighted_folder(text: str) -> WeightedFolder:
    """Parse DIR or DIR=WEIGHT.

    What follows the last `=` is a weight if it is a number and nothing is called by the whole text,
    so that a folder named `run=2` is given as itself, and with a weight as `run=2=0.5`.

    Raises:
        typer.BadParameter: if the weight is not above 0 and finite.
    """
    name, separator, number = text.rpartition("=")
    if not separator or not name or kind_of(Path(text)) is not PathKind.MISSING:
        return WeightedFolder(Path(text))
    try:
        weight = float(number)
    except ValueError:
        return WeightedFolder(Path(text))
    if not 0 < weight < math.inf:
        raise typer.BadParameter(
            f"{name}: wanted a finite weight above 0, got {number}; a folder that is not to be "
            "drawn from is left out"
        )
    return WeightedFolder(Path(name), weight)
