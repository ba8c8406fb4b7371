"""The visible picture in the thermal one's place, where a calibration says how they lie."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from streamer.calibration.calibration import Calibration
from streamer.calibration.geometry import Size, pixel_grid, pixels_of

_ROWS = 480  # of the picture that is made: more cost time, and nobody sees them


class Registration:
    """Brings visible pictures to the view of the thermal camera; without OpenCV, by a lookup.

    Args:
        calibration: of the two cameras; None takes them for aligned.
    """

    def __init__(self, calibration: Calibration | None) -> None:
        self._calibration = calibration
        self._places: dict[tuple[Size, Size], NDArray[np.intp]] = {}

    def aligned(self, visible: NDArray[Any], shape: Size) -> NDArray[Any]:
        """The visible picture as the thermal camera would see it.

        Args:
            visible: (h, w, 3) or (h, w).
            shape: (H, W) of the thermal picture that it is to lie on.

        Returns:
            The same without a calibration; else of the thermal picture's proportions, 480 rows at
            most, its edge repeated where the visible camera does not look.
        """
        if self._calibration is None:
            return visible
        rows = min(_ROWS, shape[0])
        canvas = rows, max(1, round(rows * shape[1] / shape[0]))
        size = visible.shape[0], visible.shape[1]
        places = self._places.get((size, canvas))
        if places is None:
            places = self._places[size, canvas] = _places(self._calibration, size, canvas)
        flat = visible.reshape(size[0] * size[1], *visible.shape[2:])
        return np.asarray(np.take(flat, places, axis=0))


def _places(calibration: Calibration, size: Size, canvas: Size) -> NDArray[np.intp]:
    """For each pixel of a canvas, the one of the visible picture that lies there."""
    points = calibration.visible_points(pixel_grid(canvas))
    finite = np.nan_to_num(pixels_of(points, size), nan=0.0, posinf=0.0, neginf=0.0)
    columns = np.clip(np.rint(finite[..., 0]), 0, size[1] - 1)
    rows = np.clip(np.rint(finite[..., 1]), 0, size[0] - 1)
    return np.asarray(rows * size[1] + columns, np.intp)
