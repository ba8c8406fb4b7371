"""The way from an Xtherm's counts to kelvin, by the constants that the camera sends along.

As others found it out (stawel/ht301_hacklib, netman69/inficam), the transmission of air after
https://doi.org/10.3390/s17081718. It was never compared with a camera here.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from streamer.messages import ZERO_CELSIUS_K

_FARTHEST_M = 20.0
_COUNTS = 1 << 14


@dataclass(frozen=True, slots=True)
class XthermConstants:
    """What the camera sends along.

    Attributes:
        shutter_count: what its shutter reads.
        calibration: five constants, of the sensor and of its focal plane.
        shutter_celsius: temperature of the shutter.
        fpa_celsius: temperature of the focal plane.
        shutter_shift: counts at 0 degrees, and counts a degree of the focal plane, that the
            shutter's reading is corrected by.
        correction: degrees, set by the user.
        reflected_celsius: temperature that is reflected, set by the user.
        air_celsius: temperature of the air, set by the user.
        humidity: of the air, 0 to 1, set by the user.
        emissivity: above 0 to 1, set by the user.
        distance_m: set by the user.
    """

    shutter_count: int
    calibration: tuple[float, float, float, float, float]
    shutter_celsius: float
    fpa_celsius: float
    shutter_shift: tuple[float, float]
    correction: float
    reflected_celsius: float
    air_celsius: float
    humidity: float
    emissivity: float
    distance_m: float

    @property
    def plausible(self) -> bool:
        """Whether temperatures can come of them."""
        numbers = (*self.calibration, self.correction, self.reflected_celsius, self.air_celsius)
        return (
            all(math.isfinite(number) for number in numbers)
            and self.calibration[0] != 0
            and 0 < self.emissivity <= 1
            and 0 <= self.humidity <= 1
            and 0 <= self.distance_m <= 1000
            and abs(self.air_celsius) < 100
            and abs(self.reflected_celsius) < 1000
        )


def kelvin_of_counts(constants: XthermConstants) -> NDArray[np.float64]:
    """(16384,) kelvin by count; below what the curve reaches, its lower end.

    At the shutter's own count, without air between and at an emissivity of 1, it is the shutter's
    temperature.
    """
    one, two, three, four, five = constants.calibration
    shutter, fpa = constants.shutter_celsius, constants.fpa_celsius
    shift, by_degree = constants.shutter_shift
    zero = constants.shutter_count - max(round(shift - fpa * by_degree), 0)
    slope = three * fpa**2 + four * fpa + five
    half = two / (2 * one)
    steps = np.arange(_COUNTS, dtype=np.float64) - zero
    squares = (steps * slope + one * shutter**2 + two * shutter) / one + half**2
    seen_k = np.sqrt(np.maximum(squares, 0.0)) - half + ZERO_CELSIUS_K
    distance_m = min(constants.distance_m, _FARTHEST_M)
    through = _transmission(constants.humidity, constants.air_celsius, distance_m)
    air_k, reflected_k = (
        celsius + ZERO_CELSIUS_K for celsius in (constants.air_celsius, constants.reflected_celsius)
    )
    stray = (1 - constants.emissivity) * through * reflected_k**4 + (1 - through) * air_k**4
    own = (seen_k**4 - stray) / (constants.emissivity * through)
    object_k = np.maximum(own, 0.0) ** 0.25
    spread = (distance_m * 0.85 - 1.125) / 100
    bent: NDArray[Any] = object_k + spread * (object_k - air_k) + constants.correction
    return np.asarray(np.maximum(bent, 0.0))


def _transmission(humidity: float, air_celsius: float, distance_m: float) -> float:
    """Of air for a long-wave camera, 0 to 1."""
    powers = (
        1.5587 + 0.06939 * air_celsius - 2.7816e-4 * air_celsius**2 + 6.8455e-7 * air_celsius**3
    )
    water = math.sqrt(humidity * math.exp(powers))
    path = -math.sqrt(distance_m)
    dry = 1.9 * math.exp(path * (0.006569 - 0.002276 * water))
    return dry - 0.9 * math.exp(path * (0.01262 - 0.00667 * water))
