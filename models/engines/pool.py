"""Engines of one model at several canvases, the latest few kept ready."""

from collections.abc import Callable

from models.engines.engine import Engine
from models.imaging.canvas import Canvas

KEPT = 4
"""A live stream needs one canvas, an evaluation several."""


class EnginePool:
    """Builds an engine when its canvas is first asked for; the one unused longest makes room."""

    def __init__(self, build: Callable[[Canvas], Engine], size: Canvas, first: Engine) -> None:
        """Begin with the engine of one size."""
        self._build = build
        self._engines = {size: first}

    def of(self, size: Canvas) -> Engine:
        """The engine of a canvas (H, W), multiples of the network's stride."""
        engine = self._engines.pop(size, None)
        if engine is None:
            engine = self._build(size)
            while len(self._engines) >= KEPT:
                self._engines.pop(next(iter(self._engines)))
        self._engines[size] = engine
        return engine
