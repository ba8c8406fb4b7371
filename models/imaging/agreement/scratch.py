"""Memory that is written again at each frame.

A fresh array of a picture's size comes from the system page by page, which takes longer than what
is then worked out in it.
"""

import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Scratch(threading.local):
    """Planes by name, to each thread its own; of each name the one of the newest size is kept."""

    def __init__(self) -> None:
        self._planes: dict[str, NDArray[Any]] = {}

    def plane(
        self, name: str, shape: tuple[int, ...], dtype: "np.dtype[Any] | type" = np.float32
    ) -> NDArray[Any]:
        """A plane with whatever is in it; who asks for the same name gets the same memory."""
        plane = self._planes.get(name)
        if plane is None or plane.shape != shape or plane.dtype != dtype:
            plane = self._planes[name] = np.empty(shape, dtype)
        return plane
