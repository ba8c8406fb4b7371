"""A calibration as plain data and back: of a file, of a message, of a recording."""

import math
from typing import Any

import msgspec
import numpy as np

from streamer.calibration.calibration import FORMAT, Calibration
from streamer.calibration.errors import CalibrationError
from streamer.shareable import struct_without_folders


def calibration_of(tree: Any, origin: str) -> Calibration:
    """Plain data as a calibration.

    Args:
        tree: what a file or a recording holds.
        origin: what it is called in an error.

    Raises:
        CalibrationError: it is none.
    """
    if not isinstance(tree, dict) or "corefusion_calibration" not in tree:
        raise CalibrationError(
            f"{origin} is none: `corefusion calibrate --output F.yaml` writes one"
        )
    version = tree["corefusion_calibration"]
    if isinstance(version, int) and version > FORMAT:
        raise CalibrationError(
            f"{origin}: its form is {version}, this version reads forms up to {FORMAT}: update it"
        )
    try:
        found = msgspec.convert(tree, Calibration, strict=True)
    except msgspec.ValidationError as error:
        reason, _, where = str(error).partition(" - at `$.")
        place = f"{where.rstrip('`')}: " if where else ""
        raise CalibrationError(f"{origin}: {place}{reason[:1].lower()}{reason[1:200]}") from error
    _check(found, origin)
    return found


def _check(found: Calibration, origin: str) -> None:
    matrix = np.array(found.matrix)
    numbers = [*matrix.ravel(), *(n for view in _views(found) for n in (view.k1, view.k2))]
    if not all(math.isfinite(number) and abs(number) < 1e3 for number in numbers):
        raise CalibrationError(f"{origin}: finite numbers below 1000 wanted in matrix, k1 and k2")
    if abs(matrix[2, 2]) < 1e-6 or abs(np.linalg.det(matrix)) < 1e-6:
        raise CalibrationError(f"{origin}: matrix: one that can be inverted wanted")
    for view in _views(found):
        if not (8 <= view.width <= 8192 and 8 <= view.height <= 8192):
            raise CalibrationError(
                f"{origin}: a picture of 8 to 8192 pixels a side wanted, "
                f"{view.width}x{view.height} came"
            )
    if (parallax := found.parallax) is not None and not (
        0 < parallax.distance_m < 1e6
        and 1 <= parallax.field_of_view_deg <= 170
        and all(abs(metres) < 100 for metres in parallax.baseline_m)
    ):
        raise CalibrationError(
            f"{origin}: parallax: a distance above 0 m, a field of view of 1 to 170 degrees and a "
            "baseline below 100 m wanted"
        )


def _views(found: Calibration) -> tuple[Any, Any]:
    return found.visible, found.thermal


def as_recorded(calibration: Calibration | None) -> dict[str, Any] | None:
    """A calibration as a recording carries it, without the folders of its sources."""
    if calibration is None:
        return None
    plain: dict[str, Any] = msgspec.to_builtins(struct_without_folders(calibration))
    return plain
