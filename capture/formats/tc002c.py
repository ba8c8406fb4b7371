"""Topdon TC002C Duo: a band of temperatures above the picture that the camera shows."""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from capture.formats.double_height import are_kelvin, is_shown
from capture.formats.layout import DecodedFrame, LayoutError, Size, ThermalFormat
from streamer.messages import Radiometry

_WIDTH, _HEIGHT = 256, 192
_BAND_ROWS = _HEIGHT // 2
_SHOWN = slice(98, 482)


class Tc002c(ThermalFormat):
    """Two rows of the sensor lie side by side in each of the first 96 rows."""

    name: ClassVar = "tc002c"
    cameras: ClassVar = "Topdon TC002C Duo, in its mode 512x484"
    rows: ClassVar = (
        "512x484: rows 0 to 95 hold 256x192 temperatures, two rows of them in one; 96 and 97 "
        "telemetry; 98 to 481 what the camera shows; 482 and 483 telemetry"
    )
    counts: ClassVar = "1/16 K"
    origin: ClassVar = "AronNovak/PyThermalCamera, docs/TC002C-DUO.md"
    sizes: ClassVar[tuple[Size, ...]] = ((512, 484),)
    fourcc: ClassVar = "YUYV"
    usb: ClassVar = {"2bdf:0102": "Topdon TC002C Duo"}

    def picture_size(self, size: Size) -> Size:
        """256x192."""
        return _WIDTH, _HEIGHT

    def decode(self, words: NDArray[np.uint16]) -> DecodedFrame:
        """The band.

        Raises:
            LayoutError: another size, or no temperatures: these cameras lose a frame's beginning
                now and then.
        """
        self.check_size(words)
        picture = words[:_BAND_ROWS].reshape(_HEIGHT, _WIDTH)
        if not are_kelvin(picture, 16):
            raise LayoutError(
                f"format {self.name}: its first 96 rows are not temperatures in 1/16 K"
            )
        return DecodedFrame(picture, Radiometry(1 / 16, 0.0))

    def fits(self, words: NDArray[Any]) -> bool:
        """Whether the band is temperatures, and what is below it is not."""
        return super().fits(words) and is_shown(words[_SHOWN], 16)
