"""Engines of one model at several canvases, the latest few kept ready."""

from models.engines.engine import Engine
from models.engines.factory import EngineFactory
from models.imaging.canvas import Canvas

KEPT = 4
"""A live stream needs one canvas, an evaluation several."""


class EnginePool:
    """Builds an engine when its canvas is first asked for; the one unused longest makes room."""

    def __init__(self, factory: EngineFactory) -> None:
        """Begin with the factory's first engine."""
        self._build = factory.build
        self._engines = {factory.canvas: factory.first}

    def of(self, canvas: Canvas) -> Engine:
        """The engine of a canvas (H, W), multiples of the network's stride."""
        engine = self._engines.pop(canvas, None)
        if engine is None:
            engine = self._build(canvas)
            while len(self._engines) >= KEPT:
                self._engines.pop(next(iter(self._engines)))
        self._engines[canvas] = engine
        return engine
