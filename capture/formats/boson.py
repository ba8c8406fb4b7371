"""FLIR Boson and Tau: 14 or 16 bits, perhaps with rows of telemetry at one end."""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from capture.formats.layout import FPA_KELVIN, DecodedFrame, LayoutError, Size, ThermalFormat
from streamer.messages import ZERO_CELSIUS_K
from streamer.pictures.stored import Metadata

# Bytes of the first row of a Boson's telemetry.
_SERIAL, _FRAME_RATE, _COUNTER, _FFC_COUNTER, _FPA, _FPA_AT_FFC = 2, 56, 84, 88, 94, 96
_RATES_HZ = (1, 120)
_LOOKED_AT = 8  # one column in so many: medians of all take 10 ms
_APART = 8  # times the picture's own change from row to row: an edge that is no part of it


class Boson(ThermalFormat):
    """One or two rows of telemetry, the first filled, before the picture or after it.

    Which end they are at, and in which order their bytes are, is found by what stands there: a rate
    that a Boson has, and a focal plane as warm as one can be.
    """

    name: ClassVar = "boson"
    cameras: ClassVar = "FLIR Boson and Boson+, Y16, telemetry on"
    rows: ClassVar = (
        "640x514, 640x513, 320x258, 320x257: 512 or 256 rows of picture, 1 or 2 of telemetry, "
        "first or last"
    )
    counts: ClassVar = "the sensor's own; of a radiometric Boson 0.01 K, by capture.thermal.gain_k"
    origin: ClassVar = (
        "FLIR Boson software interface description, telemetry; byte offsets as in Elphel's "
        "Boson640Telemetry; frame sizes from the camera's USB descriptors (saki4510t/UVCCamera#690)"
    )
    sizes: ClassVar[tuple[Size, ...]] = ((640, 514), (640, 513), (320, 258), (320, 257))
    usb: ClassVar = {"09cb:4007": "FLIR Boson"}

    def picture_size(self, size: Size) -> Size:
        """640x512 or 320x256."""
        return size[0], size[0] * 4 // 5

    def decode(self, words: NDArray[np.uint16]) -> DecodedFrame:
        """The picture, its number, and the temperature of the focal plane.

        Raises:
            LayoutError: another size, or neither end holds telemetry.
        """
        self.check_size(words)
        rows = self.picture_size((words.shape[1], words.shape[0]))[1]
        count = len(words) - rows
        for place, line, picture in (
            ("header", words[0], words[count:]),
            ("footer", words[rows], words[:rows]),
        ):
            for order in (">", "<"):
                if (state := _telemetry(line, order)) is not None:
                    counter = int(state["sensor_counter"])
                    return DecodedFrame(
                        picture, counter=counter, state={"telemetry": place, **state}
                    )
        raise LayoutError(
            f"format {self.name}: neither the first nor the last {count} rows are telemetry"
        )


def _telemetry(line: NDArray[np.uint16], order: str) -> Metadata | None:
    """What a row says, if its bytes are in this order; None if they are not."""
    data = np.ascontiguousarray(line).tobytes()

    def number(offset: int, size: int) -> int:
        return int.from_bytes(data[offset : offset + size], "big" if order == ">" else "little")

    fpa_k, ffc_k = number(_FPA, 2) / 10, number(_FPA_AT_FFC, 2) / 10
    warm = all(FPA_KELVIN[0] <= kelvin <= FPA_KELVIN[1] for kelvin in (fpa_k, ffc_k))
    if not warm or not _RATES_HZ[0] <= number(_FRAME_RATE, 2) <= _RATES_HZ[1]:
        return None
    counter, at_ffc = number(_COUNTER, 4), number(_FFC_COUNTER, 4)
    state: Metadata = {
        "sensor_counter": counter,
        "fpa_celsius": round(fpa_k - ZERO_CELSIUS_K, 2),
        "fpa_celsius_at_ffc": round(ffc_k - ZERO_CELSIUS_K, 2),
    }
    if at_ffc <= counter:
        state["frames_since_ffc"] = counter - at_ffc
    return state


class Tau(ThermalFormat):
    """One row more than the picture has, before it or after it; what it says is not read.

    The row is the one that stands apart from its neighbours.
    """

    name: ClassVar = "tau"
    cameras: ClassVar = "FLIR Tau 2, Quark and Vue cores with the telemetry row on"
    rows: ClassVar = "640x513, 336x257, 324x257, 160x129: one row of telemetry, first or last"
    counts: ClassVar = "the sensor's own, 14 bits; with TLinear by capture.thermal.gain_k"
    origin: ClassVar = "FLIR Tau 2 product specification: a row is added; its content is not read"
    sizes: ClassVar[tuple[Size, ...]] = ((640, 513), (336, 257), (324, 257), (160, 129))
    loose: ClassVar = True

    def picture_size(self, size: Size) -> Size:
        """A row less."""
        return size[0], size[1] - 1

    def decode(self, words: NDArray[np.uint16]) -> DecodedFrame:
        """The picture.

        Raises:
            LayoutError: another size, or neither the first nor the last row stands apart.
        """
        self.check_size(words)
        levels = words[:, ::_LOOKED_AT].astype(np.int32)
        inside = float(np.median(np.abs(np.diff(levels[1:-1], axis=0))))
        steps = [
            float(np.median(np.abs(levels[one] - levels[two]))) for one, two in ((0, 1), (-1, -2))
        ]
        if max(steps) <= _APART * max(inside, 1.0):
            raise LayoutError(
                f"format {self.name}: neither the first nor the last row stands apart"
            )
        header = steps[0] > steps[1]
        picture = words[1:] if header else words[:-1]
        return DecodedFrame(picture, state={"telemetry": "header" if header else "footer"})
