"""Geometric self-ensemble: the mean of an engine's answers to mirrored views of the same frames.

The test-time augmentation by which EDSR became EDSR+ (Lim et al., CVPR workshops 2017), with eight
views its x8.
"""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from models.engines.engine import Base, Engine, Guide, GuideHandle, check_inputs
from models.imaging.canvas import Canvas


class SelfEnsemble:
    """An engine that runs another once a view (Timofte et al., CVPR 2016, section 3.6).

    The views: the frame; with two, also mirrored left to right; with four, also upside down; with
    eight, all of these transposed. A network is never quite symmetric; its errors differ from view
    to view, and their mean is smaller. It takes `views` times as long, and each view of a guide
    makes the features of the one before give way: none are kept.

    Attributes:
        name, precision, threads: those of the engine within.
    """

    def __init__(self, build: Callable[[Canvas], Engine], canvas: Canvas, views: int) -> None:
        """Build what the views need: for eight an engine for transposed frames too."""
        self._upright = build(canvas)
        self._transposed = build((canvas[1], canvas[0])) if views == 8 else None
        # cv2.flip's codes: about the vertical axis, the horizontal one, both.
        self._flips: tuple[int | None, ...] = (None, 1, 0, -1)[: min(views, 4)]
        self.name = self._upright.name
        self.precision, self.threads = self._upright.precision, self._upright.threads

    def infer(self, base: Base | None, guide: GuideHandle | None) -> NDArray[np.float32]:
        """See `Engine.infer`."""
        check_inputs(base, guide)
        pixels = None if guide is None else guide.pixels
        mean = self._sum(self._upright, base, pixels)
        count = len(self._flips)
        if self._transposed is not None:
            turned = self._sum(self._transposed, _transposed(base), _transposed(pixels))
            mean += turned.T
            count *= 2
        mean /= count
        return mean

    def _sum(self, engine: Engine, base: Base | None, guide: Guide | None) -> NDArray[np.float32]:
        total: NDArray[np.float32] | None = None
        for flip in self._flips:
            handle = None if guide is None else GuideHandle(_flipped(guide, flip))
            answer = engine.infer(_flipped(base, flip), handle)
            answer = np.asarray(_flipped(answer, flip))
            if total is None:
                total = answer.copy()  # the engine's memory is written again by the next view
            else:
                total += answer
        assert total is not None  # there is always the frame itself
        return total


def _flipped(image: NDArray[Any] | None, flip: int | None) -> Any:
    return image if image is None or flip is None else cv2.flip(image, flip)


def _transposed(image: NDArray[Any] | None) -> Any:
    return None if image is None else cv2.transpose(image)
