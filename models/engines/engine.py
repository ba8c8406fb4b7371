"""What every engine offers."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from models.engines.spec import EngineName, Precision

Base = NDArray[np.float32]
Guide = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class GuideHandle:
    """A guide at an engine's canvas; an engine keeps the guide's features under this very object.

    Two handles are never equal, whatever their pixels: whoever shows a guide again and holds on to
    its handle saves the engine the encoding. Passing a handle whose features have made room for
    others' is no error; they are computed again.

    Attributes:
        pixels: (H, W, 3) uint8 BGR, not to be written as long as the handle is used.
    """

    pixels: Guide


class Engine(Protocol):
    """A network made ready for one canvas (H, W), both multiples of its stride.

    Attributes:
        name: which engine it is.
        precision: what it really computes in.
        threads: CPU threads it computes with; 0 where a GPU computes.
    """

    name: EngineName
    precision: Precision
    threads: int

    def infer(self, base: Base | None, guide: GuideHandle | None) -> NDArray[np.float32]:
        """Run the graph of the inputs that are there.

        Args:
            base: (H, W), the thermal frame up-sampled to the canvas, about 0..1.
            guide: of the canvas's size. If it is the guide of the newest call with both, its
                features need not be computed again.

        Returns:
            (H, W): the residual over `base`; without a base the picture itself. It may be the
            engine's own memory, good until the next call.

        Raises:
            ValueError: if both are None.
        """
        ...


def check_inputs(base: Base | None, guide: GuideHandle | None) -> None:
    """Refuse a call with nothing to infer from.

    Raises:
        ValueError: if both are None.
    """
    if base is None and guide is None:
        raise ValueError("neither a base nor a guide: one of the two must be given")
