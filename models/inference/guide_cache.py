"""The handle of the newest guide."""

from collections.abc import Callable, Hashable

from models.engines.engine import Guide, GuideHandle
from models.imaging.canvas import Canvas


class GuideCache:
    """Keeps the handle of the newest guide that had a key."""

    def __init__(self) -> None:
        self._newest: tuple[tuple[Canvas, Hashable], GuideHandle] | None = None

    def handle(self, canvas: Canvas, key: Hashable, prepare: Callable[[], Guide]) -> GuideHandle:
        """The handle of a guide: the one before where canvas and key are its, else a new one.

        Args:
            canvas: (H, W) the guide is brought to.
            key: what tells this guide from every other; None is like no other.
            prepare: makes the pixels, (H, W, 3) at the engine's canvas; called if they are new.
        """
        if key is None:
            return GuideHandle(prepare())
        if self._newest is None or self._newest[0] != (canvas, key):
            self._newest = (canvas, key), GuideHandle(prepare())
        return self._newest[1]
