"""FLIR Lepton behind a PureThermal board: Y16 with rows of telemetry."""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from capture.formats.layout import FPA_KELVIN, DecodedFrame, LayoutError, Size, ThermalFormat, dword
from capture.formats.shutter_control import ExtensionUnit
from streamer.messages import ZERO_CELSIUS_K, Radiometry
from streamer.pictures.stored import Metadata

_TELEMETRY_WORDS = 240  # rows A, B and C of 80 words each; a fourth, reserved, fills a Lepton 3's
_FFC_STATES = ("never", "imminent", "in progress", "complete")
_IN_PROGRESS = 2

# Words of row A.
_UPTIME, _STATUS, _COUNTER = 1, 3, 20
_FPA, _HOUSING, _LAST_FFC = 24, 26, 30
_AGC_ROI = slice(34, 38)  # top, left, bottom, right
# Words of row C.
_TLINEAR, _RESOLUTION = 160 + 48, 160 + 49

_AGC_BIT = 12


class Lepton(ThermalFormat):
    """Telemetry is three rows of 80 words (A, B, C), before the picture or after it.

    A Lepton 2.x has them as three rows of its 80 columns, a Lepton 3.x as two rows of 160 columns.
    Which end they are at is found by what stands there: the region of the camera's contrast lies
    within the picture, and the focal plane is as warm as one can be.
    """

    name: ClassVar = "lepton"
    cameras: ClassVar = "FLIR Lepton 2.x and 3.x on a PureThermal board, telemetry on"
    rows: ClassVar = (
        "160x122: 120 rows of picture, 2 of telemetry; 80x63: 60 and 3; telemetry first or last"
    )
    counts: ClassVar = "0.01 or 0.1 K where telemetry says TLinear, else the sensor's own"
    origin: ClassVar = (
        "FLIR Lepton engineering data sheet, telemetry; groupgets/purethermal1-firmware; "
        "LJMUAstroecology/flirpy; themainframe/leptonic (words of 32 bits: the lower half first)"
    )
    sizes: ClassVar[tuple[Size, ...]] = ((160, 122), (80, 63))
    usb: ClassVar = {"1e4e:0100": "FLIR Lepton on a PureThermal board"}
    shutter: ClassVar = ExtensionUnit(6, 17)  # unit SYS, (0x42 >> 2) + 1: RUN_FFC of Lepton's SDK
    repeats: ClassVar = True

    def picture_size(self, size: Size) -> Size:
        """160x120 or 80x60."""
        return size[0], size[0] * 3 // 4

    def decode(self, words: NDArray[np.uint16]) -> DecodedFrame:
        """The picture, and what its telemetry says.

        Raises:
            LayoutError: another size, or neither end holds telemetry.
        """
        self.check_size(words)
        rows = self.picture_size((words.shape[1], words.shape[0]))[1]
        for place, telemetry, picture in (
            ("footer", words[rows:], words[:rows]),
            ("header", words[: len(words) - rows], words[len(words) - rows :]),
        ):
            line = telemetry.reshape(-1)[:_TELEMETRY_WORDS]
            if _is_telemetry(line, picture.shape):
                return _decoded(picture, line, place)
        count = len(words) - rows
        raise LayoutError(
            f"format {self.name}: neither the first nor the last {count} rows are telemetry"
        )


def _is_telemetry(line: NDArray[np.uint16], shape: tuple[int, ...]) -> bool:
    top, left, bottom, right = (int(word) for word in line[_AGC_ROI])
    inside = top <= bottom < shape[0] and left <= right < shape[1]
    return inside and FPA_KELVIN[0] <= line[_FPA] / 100 <= FPA_KELVIN[1]


def _decoded(picture: NDArray[np.uint16], line: NDArray[np.uint16], place: str) -> DecodedFrame:
    status = dword(line, _STATUS)
    ffc_state = status >> 4 & 3
    agc = bool(status >> _AGC_BIT & 1)
    uptime_ms, counter = dword(line, _UPTIME), dword(line, _COUNTER)
    state: Metadata = {
        "telemetry": place,
        "ffc_state": _FFC_STATES[ffc_state],
        "sensor_counter": counter,
        "uptime_ms": uptime_ms,
        "fpa_celsius": round(int(line[_FPA]) / 100 - ZERO_CELSIUS_K, 2),
        "housing_celsius": round(int(line[_HOUSING]) / 100 - ZERO_CELSIUS_K, 2),
    }
    last_ffc_ms = dword(line, _LAST_FFC)
    if 0 < last_ffc_ms <= uptime_ms:
        state["since_ffc_s"] = (uptime_ms - last_ffc_ms) / 1000
    radiometry = None
    if line[_TLINEAR] == 1 and not agc:
        radiometry = Radiometry(0.01 if line[_RESOLUTION] else 0.1, 0.0)
    return DecodedFrame(
        picture,
        radiometry,
        relative="with the camera's own contrast (AGC)" if agc else "",
        ffc=ffc_state == _IN_PROGRESS,
        counter=counter,
        state=state,
    )
