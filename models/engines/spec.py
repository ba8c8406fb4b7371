"""What an engine is built from, decided once and passed whole."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self, TypeVar

from models.errors import ModelError
from models.imaging.canvas import Canvas

USUAL_CANVAS = (480, 640)
"""Where engine and precision are chosen if no other canvas is set."""

VIEWS = (1, 2, 4, 8)
"""How many views of a frame an engine may average; see `models.engines.self_ensemble`."""

_Name = TypeVar("_Name", bound=StrEnum)


class EngineName(StrEnum):
    """What computes; `auto` is torch where it reaches a CUDA device, else OpenVINO."""

    AUTO = "auto"
    OPENVINO = "openvino"
    TORCH = "torch"

    @classmethod
    def of(cls, name: str) -> Self:
        """The engine of a name.

        Raises:
            ModelError: if there is none.
        """
        return _member(cls, "engine", name)


class Precision(StrEnum):
    """What an engine computes in, the fastest first; `auto` is the fastest that keeps the picture.

    An engine has some of them: OpenVINO int8, bf16 and f32, torch f32 and, on CUDA, fp16.
    """

    AUTO = "auto"
    INT8 = "int8"
    BF16 = "bf16"
    FP16 = "fp16"
    F32 = "f32"

    @classmethod
    def of(cls, name: str) -> Self:
        """The precision of a name.

        Raises:
            ModelError: if there is none.
        """
        return _member(cls, "precision", name)


@dataclass(frozen=True, slots=True)
class EngineSpec:
    """An engine, as far as it is decided.

    Attributes:
        weights: a checkpoint.
        engine: what computes.
        precision: what it computes in.
        threads: CPU threads, 0 for the engine's own choice.
        views: over how many mirrored views of a frame the answers are averaged, one of VIEWS.
        canvas: (H, W) in pixels. What is asked for may have any size; an engine is built for
            multiples of the network's stride.
        cache_dir: where measured choices and compiled graphs are kept; None keeps none.

    Raises:
        ModelError: for a number of views there is not.
    """

    weights: Path
    engine: EngineName = EngineName.AUTO
    precision: Precision = Precision.AUTO
    threads: int = 0
    views: int = 1
    canvas: Canvas = USUAL_CANVAS
    cache_dir: Path | None = None

    def __post_init__(self) -> None:
        if self.views not in VIEWS:
            raise ModelError(f"views: wanted {', '.join(map(str, VIEWS))}, got {self.views}")


def _member(names: type[_Name], setting: str, name: str) -> _Name:
    try:
        return names(name)
    except ValueError as error:
        *most, last = names
        wanted = f"{', '.join(most)} or {last}"
        raise ModelError(f"{setting}: wanted {wanted}, got {name!r}") from error
