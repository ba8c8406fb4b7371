"""What every engine offers."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Base = NDArray[np.float32]
Guide = NDArray[np.uint8]


class Engine(Protocol):
    """A network made ready for one canvas (H, W), both multiples of its stride.

    Attributes:
        name: `openvino` or `torch`.
        precision: `int8`, `bf16`, `f32` or `fp16`, as it really runs.
        threads: CPU threads it computes with; 0 where a GPU computes.
    """

    name: str
    precision: str
    threads: int

    def infer(
        self, base: Base | None, guide: Guide | None, *, same_guide: bool = False
    ) -> NDArray[np.float32]:
        """Run the graph of the inputs that are there.

        Args:
            base: (H, W), the thermal frame up-sampled to the canvas, about 0..1.
            guide: (H, W, 3), BGR.
            same_guide: the guide is, pixel for pixel, that of the newest call with both: what was
                made of it need not be made again.

        Returns:
            (H, W): the residual over `base`; without a base the picture itself. It may be the
            engine's own memory, good until the next call.

        Raises:
            ValueError: if both are None.
        """
        ...
