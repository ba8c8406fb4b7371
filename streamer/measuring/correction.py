"""From apparent to true temperature: the measurement formula of thermography.

A camera that is calibrated on black bodies gives the temperature of a black body that would send it
as much. What it receives comes from the object, from what the object mirrors, from the air and from
a window, each weakened by what is before it:

    total = w t e object + w t (1 - e) reflected + w (1 - t) air + (1 - w) window

with the emissivity e, and the transmission t of the air and w of the window. This is the formula of
FLIR's manuals ("The measurement formula") and of W. Minkina, S. Dudzik: Infrared Thermography,
Errors and Uncertainties (Wiley 2009), chapter 2; a window is what they call external optics.
Signals are those of a band from 7.5 to 14 um, by the calibration function that cameras use,
1 / (exp(B / T) - F), with B = 1428 K and F = 1.
"""

import math
from functools import lru_cache

import msgspec
import numpy as np
from numpy.typing import NDArray

from streamer.measuring.object_parameters import ObjectParameters

BAND_K = 1428.0
"""B of the calibration function for the band of uncooled cameras, in kelvin."""

_ZERO_CELSIUS_K = 273.15
_X = 1.9
_ALPHA = 0.006569, 0.01262
_BETA = -0.002276, -0.00667
_WATER = 1.5587, 6.939e-2, -2.7816e-4, 6.8455e-7


class Correction(msgspec.Struct, frozen=True):
    """The formula for one set of parameters.

    With an emissivity of 1, no air and no window, temperatures come back as they are, bit for bit.

    Attributes:
        parameters: of object, air and window.
        band_k: B of the camera's calibration function, in kelvin.
    """

    parameters: ObjectParameters
    band_k: float = BAND_K

    def object_kelvin(self, apparent_k: float) -> float:
        """The object's temperature, in kelvin.

        Args:
            apparent_k: of the black body that the camera takes it for.

        Returns:
            NaN where the camera receives less than what reflection and air alone would send.
        """
        if self.parameters.changes_nothing:
            return apparent_k
        share, added = _terms(self)
        return kelvin_of_signal(
            (signal_of_kelvin(apparent_k, self.band_k) - added) / share, self.band_k
        )

    def apparent_kelvin(self, object_k: float) -> float:
        """The inverse of `object_kelvin`."""
        if self.parameters.changes_nothing:
            return object_k
        share, added = _terms(self)
        return kelvin_of_signal(
            signal_of_kelvin(object_k, self.band_k) * share + added, self.band_k
        )

    def object_kelvins(self, apparent_k: NDArray[np.float64]) -> NDArray[np.float64]:
        """`object_kelvin` of an array of any shape."""
        if self.parameters.changes_nothing:
            return apparent_k
        share, added = _terms(self)
        with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
            signal = np.where(apparent_k > 0, 1 / np.expm1(self.band_k / apparent_k), 0.0)
            signal = (signal - added) / share
            return np.where(signal > 0, self.band_k / np.log1p(1 / signal), math.nan)


def signal_of_kelvin(kelvin: float, band_k: float = BAND_K) -> float:
    """What a camera receives of a black body, on a scale of its own; 0 at 0 K."""
    if not kelvin > 0:
        return math.nan if math.isnan(kelvin) else 0.0
    exponent = band_k / kelvin
    return 0.0 if exponent > 700 else 1 / math.expm1(exponent)


def kelvin_of_signal(signal: float, band_k: float = BAND_K) -> float:
    """The inverse of `signal_of_kelvin`; NaN for a signal that no black body sends."""
    return band_k / math.log1p(1 / signal) if signal > 0 else math.nan


def air_transmission(distance_m: float, humidity_percent: float, celsius: float) -> float:
    """The share of radiation (7.5 to 14 um) that so much air lets through, 0..1.

    After Passman and Larmore with the coefficients that cameras use; see Minkina and Dudzik (2009),
    chapter 2.

    Args:
        distance_m: metres of it.
        humidity_percent: relative.
        celsius: its temperature.
    """
    if distance_m <= 0:
        return 1.0
    water = (
        humidity_percent
        / 100
        * math.exp(sum(factor * celsius**power for power, factor in enumerate(_WATER)))
    )
    root, vapour = math.sqrt(distance_m), math.sqrt(water)
    near, far = (
        math.exp(-root * (alpha + beta * vapour)) for alpha, beta in zip(_ALPHA, _BETA, strict=True)
    )
    return min(max(_X * near + (1 - _X) * far, 0.01), 1.0)


@lru_cache(maxsize=64)
def _terms(correction: Correction) -> tuple[float, float]:
    """The share of the object's signal that arrives, and the signal of everything else."""
    parameters = correction.parameters
    air = air_transmission(
        parameters.distance_m, parameters.humidity_percent, parameters.atmosphere_celsius
    )
    window, emissivity = parameters.window_transmission, parameters.emissivity
    reflected, atmosphere, before_lens = (
        signal_of_kelvin(celsius + _ZERO_CELSIUS_K, correction.band_k)
        for celsius in (
            parameters.reflected_celsius,
            parameters.atmosphere_celsius,
            parameters.window_celsius,
        )
    )
    added = (
        window * air * (1 - emissivity) * reflected
        + window * (1 - air) * atmosphere
        + (1 - window) * before_lens
    )
    return window * air * emissivity, added
