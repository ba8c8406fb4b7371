"""From two fields of view: where to begin when nothing else is known."""

import math

from streamer.calibration.errors import CalibrationError
from streamer.calibration.finding.fit import Fit
from streamer.calibration.geometry import similarity


def from_fields_of_view(visible_deg: float, thermal_deg: float) -> Fit:
    """Two cameras that look the same way from one place.

    Args:
        visible_deg: horizontal field of view of the visible camera.
        thermal_deg: of the thermal one.

    Raises:
        CalibrationError: an angle of which no flat picture is made.
    """
    for name, angle in (("visible", visible_deg), ("thermal", thermal_deg)):
        if not 1 <= angle <= 170:
            raise CalibrationError(
                f"a {name} field of view of 1 to 170 degrees wanted, {angle:g} came"
            )
    scale = math.tan(math.radians(thermal_deg / 2)) / math.tan(math.radians(visible_deg / 2))
    return Fit.given(similarity(scale, 0.0, (0.0, 0.0)))
