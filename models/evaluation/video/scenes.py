"""A pair of pictures as a camera on the move sees it, frame by frame, and what moves in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from models.evaluation.video.paths import Pose
from models.imaging.metrics import Image

MARGIN = 0.9
"""Of the picture's width: what the moving camera sees of it at once."""

OBJECT_PX_A_FRAME = 4.0
"""How far an object moves by itself from frame to frame."""

_FEATHER_PX = 1.0


@dataclass(frozen=True, slots=True)
class Moment:
    """What both cameras see in one frame.

    Attributes:
        visible: (H, W, 3) uint8 BGR; None for a thermal picture without a guide.
        truth: (H, W) uint8 or uint16.
        moving: (H, W) bool: where something moves by itself, with what it has just uncovered.
    """

    visible: NDArray[np.uint8] | None
    truth: Image
    moving: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Scene:
    """A pair, and perhaps an object in front of it, cut out of another.

    Attributes:
        visible: (H, W, 3) uint8 BGR or None.
        thermal: (H, W) uint8 or uint16.
        other: the pair that the object is cut from, of the same size; None for no object.
    """

    visible: NDArray[np.uint8] | None
    thermal: Image
    other: "Scene | None" = None

    def window(self, scale: int) -> tuple[int, int]:
        """(H, W) of what the camera sees, multiples of the scale."""
        rows, columns = self.thermal.shape
        return int(rows * MARGIN) // scale * scale, int(columns * MARGIN) // scale * scale

    def frames(self, path: list[Pose], scale: int) -> Iterator[Moment]:
        """What is seen from each pose."""
        window = self.window(scale)
        nothing = np.zeros(window, dtype=bool)
        for number, pose in enumerate(path):
            moment = Moment(
                None if self.visible is None else _seen(self.visible, pose, window),
                _seen(self.thermal, pose, window),
                nothing,
            )
            if self.other is not None:
                moment = _before(moment, self.other, number)
            yield moment


def _before(scene: Moment, other: Scene, number: int) -> Moment:
    """The scene with the object in front of it, on its own way from left to right."""
    rows, columns = scene.truth.shape
    radius = rows // 7
    middle = (columns * 0.3 + OBJECT_PX_A_FRAME * number, rows * 0.5)
    pose = Pose(OBJECT_PX_A_FRAME * number)
    mask = _disc(middle, radius, (rows, columns))
    # Where the past has it and the present has not, a ghost would stand.
    trail = _disc((middle[0] - 2 * OBJECT_PX_A_FRAME, middle[1]), radius + 4, (rows, columns))
    visible = scene.visible
    if visible is not None and other.visible is not None:
        visible = _blended(visible, _seen(other.visible, pose, (rows, columns)), mask[..., None])
    truth = _blended(scene.truth, _seen(other.thermal, pose, (rows, columns)), mask)
    return Moment(visible, truth, (mask > 0) | (trail > 0))


def _disc(middle: tuple[float, float], radius: int, shape: tuple[int, int]) -> NDArray[np.float32]:
    """(H, W) 0 to 1: an ellipse, higher than wide, with a soft edge."""
    y, x = np.indices(shape, dtype=np.float32)
    away = np.hypot((x - middle[0]) * np.float32(1.3), y - middle[1])
    return np.asarray(np.clip((radius - away) / _FEATHER_PX + 0.5, 0, 1), dtype=np.float32)


def _blended(under: NDArray[Any], over: NDArray[Any], share: NDArray[np.float32]) -> NDArray[Any]:
    mixed = under * (1 - share) + over * share
    return np.asarray(np.rint(mixed), dtype=under.dtype)


def _seen(picture: NDArray[Any], pose: Pose, window: tuple[int, int]) -> NDArray[Any]:
    """The middle of a picture from a pose; beyond its border it is mirrored."""
    rows, columns = picture.shape[:2]
    turn = cv2.getRotationMatrix2D(((columns - 1) / 2, (rows - 1) / 2), pose.degrees, pose.zoom)
    turn[:, 2] += (pose.x + (window[1] - columns) / 2, pose.y + (window[0] - rows) / 2)
    moved = cv2.warpAffine(
        picture, turn, window[::-1], flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT
    )
    return np.asarray(moved, dtype=picture.dtype)
