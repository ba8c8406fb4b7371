"""A picture brought to the moment of a later guide: what is seen between two thermal frames.

carrier = Carrier()
carrier.begin(picture, grey)         # a result, and the guide it was made with
carried = carrier.carried(grey_now)  # each time from that result, never from a carried picture
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from models.temporal.motion import HALF, Grey, MotionEstimator, grid

LEAST_HELD = 0.5
"""With less of the present guide recognised, nothing is said about the present: a cut, smoke."""


@dataclass(frozen=True, slots=True)
class Carried:
    """A picture of a moment that was not measured.

    Attributes:
        pixels: (H, W) counts, of the type of the picture it comes from.
        held: 0 to 1: how much of the guide was recognised.
    """

    pixels: NDArray[Any]
    held: float


class Carrier:
    """The newest measured picture, ready to be moved. Not for use by two threads at once."""

    def __init__(self) -> None:
        self._motion = MotionEstimator()
        self._picture: NDArray[Any] | None = None
        self._guide: Grey | None = None

    def begin(self, picture: NDArray[Any] | None, guide: Grey | None) -> None:
        """Takes a measured picture, or None for no more.

        Args:
            picture: (H, W) uint8 or uint16 counts; not changed.
            guide: (H/2, W/2) grey, of the guide it was made with.
        """
        self._picture, self._guide = picture, guide

    def carried(self, guide: Grey) -> Carried | None:
        """The picture as it is at a later guide, (H/2, W/2) grey; None where that cannot be told.

        What the guide has just uncovered keeps what lay there: it was never measured.
        """
        if self._picture is None or self._guide is None or guide.shape != self._guide.shape:
            return None
        motion = self._motion.between(self._guide, guide)
        held = float(motion.held.mean())
        if held < LEAST_HELD:
            return None
        rows, columns = self._picture.shape
        at = motion.backward + grid((columns // HALF, rows // HALF))
        whole = (at + np.float32(0.5)) * np.float32(HALF) - np.float32(0.5)
        where = cv2.resize(whole, (columns, rows), interpolation=cv2.INTER_LINEAR)
        moved = cv2.remap(
            self._picture, where, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )  # type: ignore[call-overload]
        return Carried(moved, held)
