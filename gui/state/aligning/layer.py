"""The visible picture as it lies over the thermal one while both are lined up. No Qt."""

from enum import StrEnum
from typing import Any

from numpy.typing import NDArray

from gui.imaging.edges import edges_of
from gui.imaging.registration import Registration
from gui.imaging.visible import colours_of_visible
from gui.state.looks.look import Layer
from streamer.calibration.calibration import Calibration
from streamer.calibration.geometry import Size

_COLUMNS = 480  # of what is made, about: a step of the keys has to be seen
_OPACITY = 0.5


class AlignLook(StrEnum):
    """How the pictures are put together."""

    BLEND = "blend"
    EDGES = "edges"
    POINTS = "points"  # side by side, as they came


class AlignLayer:
    """Works a calibration out once for all pictures of a size."""

    def __init__(self) -> None:
        self._registration = Registration(None)
        self._of: Calibration | None = None

    def layer(
        self,
        visible: NDArray[Any],
        sensor: Size,
        calibration: Calibration | None,
        look: AlignLook,
    ) -> Layer | None:
        """What lies over the thermal picture; None where both are side by side.

        Args:
            visible: (H, W, 3) BGR or (H, W).
            sensor: (h, w) of the thermal picture.
            calibration: None stretches the visible picture over all of it.
            look: how.
        """
        if look is AlignLook.POINTS:
            return None
        if calibration is not self._of:
            self._of, self._registration = calibration, Registration(calibration)
        times = max(1, round(_COLUMNS / sensor[1]))
        aligned = self._registration.aligned(visible, (sensor[0] * times, sensor[1] * times))
        if look is AlignLook.EDGES:
            return Layer(pixels=edges_of(aligned, 1.0), alpha=True)
        return Layer(pixels=colours_of_visible(aligned, _COLUMNS), opacity=_OPACITY)
