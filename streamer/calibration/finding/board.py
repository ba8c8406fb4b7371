"""From a board that both cameras see: warm squares, or circles cut out before a warm wall."""

from collections.abc import Iterator, Sequence
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from streamer.calibration.errors import CalibrationError
from streamer.calibration.finding.points import PointFit, from_points
from streamer.calibration.geometry import Points, Size
from streamer.calibration.registration.gradients import Plane

Kind = Literal["checkerboard", "circles"]

_ENLARGED = 640  # a small thermal picture is brought to this width


def find_board(picture: Plane, inner: tuple[int, int], kind: Kind) -> Points | None:
    """The corners or centres of a board, (N, 2) in pixels; None where none is seen.

    Args:
        picture: (H, W) grey, 0 to 255.
        inner: inner corners or circles of a row, and of a column.
        kind: of the board; circles are an asymmetric grid.
    """
    times = max(1, round(_ENLARGED / picture.shape[1]))
    size = (picture.shape[1] * times, picture.shape[0] * times)
    plain = np.clip(picture, 0, 255).astype(np.uint8)
    large = np.asarray(cv2.resize(plain, size, interpolation=cv2.INTER_CUBIC), np.uint8)
    for variant in _variants(large):
        if kind == "checkerboard":
            seen, corners = cv2.findChessboardCornersSB(variant, inner, flags=cv2.CALIB_CB_ACCURACY)
        else:
            seen, corners = cv2.findCirclesGrid(
                variant, inner, flags=cv2.CALIB_CB_ASYMMETRIC_GRID | cv2.CALIB_CB_CLUSTERING
            )
        if seen:
            return np.asarray((np.asarray(corners).reshape(-1, 2) + 0.5) / times - 0.5)
    return None


def from_board(
    pairs: Sequence[tuple[Plane, Plane]],
    sensor: Size,
    guide: Size,
    inner: tuple[int, int],
    kind: Kind = "checkerboard",
) -> PointFit:
    """The map that a board asks for, seen at one or more places.

    Args:
        pairs: grey (visible, thermal) of the same moments, of the sizes below.
        sensor: (h, w) of the thermal picture.
        guide: (h, w) of the visible picture.
        inner: inner corners or circles of a row, and of a column.
        kind: of the board.

    Raises:
        CalibrationError: no moment shows it to both cameras, or no map fits.
    """
    thermal, visible, seen = [], [], [0, 0]
    for light, heat in pairs:
        bright, warm = find_board(light, inner, kind), find_board(heat, inner, kind)
        seen[0] += bright is not None
        seen[1] += warm is not None
        if bright is not None and warm is not None:
            thermal.append(warm)
            visible.append(_in_order(bright, warm))
    if not thermal:
        raise CalibrationError(
            f"a {kind} of {inner[0]}x{inner[1]} was not found in both pictures of one moment: "
            f"the visible camera sees it in {seen[0]} of {len(pairs)}, the thermal one in {seen[1]}"
        )
    return from_points(np.concatenate(thermal), np.concatenate(visible), sensor, guide)


def _in_order(points: Points, like: Points) -> Points:
    """The points from the end that the other picture begins with: a board has no upper side."""
    way = like[-1] - like[0]
    return points if float(np.dot(points[-1] - points[0], way)) > 0 else points[::-1]


def _variants(picture: NDArray[Any]) -> Iterator[NDArray[Any]]:
    """The picture in ways that bring a faint or inverted board out."""
    clear = cv2.createCLAHE(clipLimit=3.0, tileGridSize=(4, 4)).apply(picture)
    for one in (picture, clear):
        yield one
        yield cv2.bitwise_not(one)
    soft = cv2.GaussianBlur(picture, (0, 0), 3)
    yield cv2.addWeighted(picture, 2.0, soft, -1.0, 0)
