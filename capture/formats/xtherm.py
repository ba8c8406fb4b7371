"""InfiRay Xtherm T2 and T3, Hti HT-301: Y16 and four rows of calibration and telemetry below it."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from capture.formats.layout import FPA_KELVIN, DecodedFrame, LayoutError, Size, ThermalFormat
from capture.formats.shutter_control import ZoomValue
from capture.formats.xtherm_curve import XthermConstants, kelvin_of_counts
from streamer.messages import ZERO_CELSIUS_K, Radiometry

_ROWS = 4
_FPA = 1  # word of the first block
_SHUTTER_COUNT, _SHUTTER, _CORE, _CALIBRATION, _SETTINGS = 0, 1, 2, 3, 127  # words of the second
_BITS = 0x3FFF
_GAIN_K = 0.02  # 16 bits of it reach farther than any of these cameras


@dataclass(frozen=True, slots=True)
class _Core:
    """What differs between cores: the line of the focal plane's temperature, the second block."""

    zero: int
    steps_a_kelvin: float
    block_row: int
    shutter_shift: tuple[float, float] = (390.0, 7.05)


_CORES = {
    240: _Core(7800, 36.0, 1),
    256: _Core(8617, 37.682, 1, (170.0, 0.0)),
    384: _Core(7800, 36.0, 3),
    640: _Core(6867, 33.8, 3),
}


class Xtherm(ThermalFormat):
    """Counts are the sensor's own, 14 bits. Their way to kelvin is no straight line.

    The camera sends its constants along, and its maker's program bends counts by them; that curve
    is not drawn here, so that counts come without degrees. `xtherm_kelvin` draws it.
    """

    name: ClassVar[str] = "xtherm"
    cameras: ClassVar = "InfiRay Xtherm T2S+, T2L, T3S, Hti HT-301 and kin, in their raw mode"
    rows: ClassVar = (
        "256x196, 240x184, 384x292, 640x516: 192, 180, 288 or 512 rows of picture, 4 below it of "
        "calibration and telemetry"
    )
    counts: ClassVar[str] = "the sensor's own, 14 bits; no straight line to kelvin"
    origin: ClassVar = "stawel/ht301_hacklib; netman69/inficam (InfiFrame)"
    sizes: ClassVar[tuple[Size, ...]] = ((256, 196), (240, 184), (384, 292), (640, 516))
    usb: ClassVar[dict[str, str]] = {
        "1514:0001": "Hti HT-301 or InfiRay Xtherm",
        "04b4:0100": "InfiRay Xtherm T2S+",
    }
    fourcc: ClassVar = "YUYV"
    raw_command: ClassVar = 0x8004
    shutter: ClassVar = ZoomValue(0x8000)

    def picture_size(self, size: Size) -> Size:
        """Four rows less."""
        return size[0], size[1] - _ROWS

    def decode(self, words: NDArray[np.uint16]) -> DecodedFrame:
        """The picture, and the temperatures inside the camera.

        Raises:
            LayoutError: another size, or the last four rows say nothing that can be.
        """
        self.check_size(words)
        constants, core_celsius = self._constants(words)
        inside = {
            "fpa": constants.fpa_celsius,
            "shutter": constants.shutter_celsius,
            "core": core_celsius,
        }
        if not all(
            FPA_KELVIN[0] <= each + ZERO_CELSIUS_K <= FPA_KELVIN[1] for each in inside.values()
        ):
            raise LayoutError(
                f"format {self.name}: its last {_ROWS} rows hold no telemetry; "
                "is the camera in its raw mode?"
            )
        state: dict[str, Any] = {
            f"{name}_celsius": round(celsius, 2) for name, celsius in inside.items()
        }
        if 0 < constants.emissivity <= 1:
            state["emissivity"] = round(constants.emissivity, 3)
        return self._decoded(words[:-_ROWS] & np.uint16(_BITS), constants, state)

    def _decoded(
        self, picture: NDArray[np.uint16], constants: XthermConstants, state: dict[str, Any]
    ) -> DecodedFrame:
        return DecodedFrame(picture, state=state)

    def _constants(self, words: NDArray[np.uint16]) -> tuple[XthermConstants, float]:
        """What the four rows say, and the temperature of the core in degrees Celsius."""
        core = _CORES[words.shape[1]]
        first, second = words[-_ROWS], words[core.block_row - _ROWS :].reshape(-1)

        def numbers(word: int, count: int) -> list[float]:
            return [float(each) for each in second[word : word + 2 * count].copy().view("<f4")]

        one, two, three, four, five = numbers(_CALIBRATION, 5)
        correction, reflected, air, humidity, emissivity = numbers(_SETTINGS, 5)
        constants = XthermConstants(
            shutter_count=int(second[_SHUTTER_COUNT]),
            calibration=(one, two, three, four, five),
            shutter_celsius=int(second[_SHUTTER]) / 10 - ZERO_CELSIUS_K,
            fpa_celsius=20.0 - (int(first[_FPA]) - core.zero) / core.steps_a_kelvin,
            shutter_shift=core.shutter_shift,
            correction=correction,
            reflected_celsius=reflected,
            air_celsius=air,
            humidity=humidity,
            emissivity=emissivity,
            distance_m=float(second[_SETTINGS + 10]),
        )
        return constants, int(second[_CORE]) / 10 - ZERO_CELSIUS_K


class XthermKelvin(Xtherm):
    """As `xtherm`, counts bent to kelvin by the constants that the camera sends along.

    The curve is the one that others found out, for the normal range and the 13 mm lens; it was
    never compared with a camera here, so that it is taken only where it is named.
    """

    name: ClassVar[str] = "xtherm_kelvin"
    counts: ClassVar[str] = "0.02 K, by a curve that was never compared with a camera here"
    usb: ClassVar[dict[str, str]] = {}
    loose: ClassVar = True

    def _decoded(
        self, picture: NDArray[np.uint16], constants: XthermConstants, state: dict[str, Any]
    ) -> DecodedFrame:
        if not constants.plausible:
            raise LayoutError(
                f"format {self.name}: no temperatures come of the constants in its last rows"
            )
        table = np.rint(kelvin_of_counts(constants) / _GAIN_K)
        kelvin = np.minimum(table, 65535).astype(np.uint16)[picture]
        return DecodedFrame(kelvin, Radiometry(_GAIN_K, 0.0), state=state)
