"""InfiRay Xtherm T2 and T3, Hti HT-301: Y16 and four rows of calibration and telemetry below it."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from capture.formats.layout import FPA_KELVIN, DecodedFrame, LayoutError, Size, ThermalFormat
from streamer.messages import ZERO_CELSIUS_K

_ROWS = 4
_FPA, _SHUTTER, _CORE = 1, 1, 2  # words of the first block, and of the second
_EMISSIVITY = 135  # word of the second block
_BITS = 0x3FFF


@dataclass(frozen=True, slots=True)
class _Core:
    """What differs between cores: the line of the focal plane's temperature, the second block."""

    zero: int
    steps_a_kelvin: float
    block_row: int


_CORES = {
    240: _Core(7800, 36.0, 1),
    256: _Core(8617, 37.682, 1),
    384: _Core(7800, 36.0, 3),
    640: _Core(6867, 33.8, 3),
}


class Xtherm(ThermalFormat):
    """Counts are the sensor's own, 14 bits. Their way to kelvin is no straight line.

    The camera sends its constants along, and its maker's program bends counts by them; that curve
    is not drawn here, so that counts come without degrees.
    """

    name: ClassVar = "xtherm"
    cameras: ClassVar = "InfiRay Xtherm T2S+, T2L, T3S, Hti HT-301 and kin, in their raw mode"
    rows: ClassVar = (
        "256x196, 240x184, 384x292, 640x516: 192, 180, 288 or 512 rows of picture, 4 below it of "
        "calibration and telemetry"
    )
    counts: ClassVar = "the sensor's own, 14 bits; no straight line to kelvin"
    origin: ClassVar = "stawel/ht301_hacklib; netman69/inficam (InfiFrame)"
    sizes: ClassVar[tuple[Size, ...]] = ((256, 196), (240, 184), (384, 292), (640, 516))
    usb: ClassVar = {
        "1514:0001": "Hti HT-301 or InfiRay Xtherm",
        "04b4:0100": "InfiRay Xtherm T2S+",
    }
    fourcc: ClassVar = "YUYV"
    raw_command: ClassVar = 0x8004

    def picture_size(self, size: Size) -> Size:
        """Four rows less."""
        return size[0], size[1] - _ROWS

    def decode(self, words: NDArray[np.uint16]) -> DecodedFrame:
        """The picture, and the temperatures inside the camera.

        Raises:
            LayoutError: another size, or the last four rows say nothing that can be.
        """
        self.check_size(words)
        core = _CORES[words.shape[1]]
        first, second = words[-_ROWS], words[core.block_row - _ROWS :].reshape(-1)
        fpa_celsius = 20.0 - (int(first[_FPA]) - core.zero) / core.steps_a_kelvin
        inside_k = {
            "fpa": fpa_celsius + ZERO_CELSIUS_K,
            "shutter": int(second[_SHUTTER]) / 10,
            "core": int(second[_CORE]) / 10,
        }
        if not all(FPA_KELVIN[0] <= kelvin <= FPA_KELVIN[1] for kelvin in inside_k.values()):
            raise LayoutError(
                f"format {self.name}: its last {_ROWS} rows hold no telemetry; "
                "is the camera in its raw mode?"
            )
        state: dict[str, Any] = {
            f"{name}_celsius": round(kelvin - ZERO_CELSIUS_K, 2)
            for name, kelvin in inside_k.items()
        }
        emissivity = float(second[_EMISSIVITY : _EMISSIVITY + 2].copy().view("<f4")[0])
        if 0 < emissivity <= 1:
            state["emissivity"] = round(emissivity, 3)
        return DecodedFrame(words[:-_ROWS] & np.uint16(_BITS), state=state)
