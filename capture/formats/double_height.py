"""Two pictures above each other in one YUYV frame: what the camera shows, and its temperatures."""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from capture.formats.layout import DecodedFrame, LayoutError, Size, ThermalFormat
from streamer.messages import Radiometry

PLAUSIBLE_KELVIN = (200.0, 1023.0)
"""Of the scenes that these cameras measure."""

_SHARE = 0.99
_GREY = (0x7E, 0x82)  # chroma without a colour


class DoubleHeight(ThermalFormat):
    """The upper half is an 8-bit picture in YUYV, the lower one 16 bits a pixel, little-endian.

    Frames of two rows more have them between the halves, or one below each half; where the lower
    picture begins is found by which rows are temperatures.
    """

    name: ClassVar = "double_height"
    cameras: ClassVar = (
        "Topdon TC001 and TS001, InfiRay P2 Pro and Tiny1-C, HT820, Thermal Master P2"
    )
    rows: ClassVar = (
        "256x384: 192 rows shown, 192 rows of temperatures; 256x386: the same with two rows of "
        "telemetry between them, or a row below each (193 and 193)"
    )
    counts: ClassVar = "1/64 K"
    origin: ClassVar = (
        "LeoDJ/P2Pro-Viewer; leswright1977/PyThermalCamera; jvdillon/p3-ir-camera (two rows more)"
    )
    sizes: ClassVar[tuple[Size, ...]] = ((256, 384), (256, 386))
    fourcc: ClassVar = "YUYV"
    usb: ClassVar = {
        "0bda:5830": "InfiRay P2 Pro or Topdon TC001",
        "0bda:5840": "HT820",
        "3474:4281": "Thermal Master P2",
    }

    def picture_size(self, size: Size) -> Size:
        """256x192."""
        return size[0], size[0] * 3 // 4

    def decode(self, words: NDArray[np.uint16]) -> DecodedFrame:
        """The lower half.

        Raises:
            LayoutError: another size, or the lower half is no temperatures.
        """
        self.check_size(words)
        rows = self.picture_size((words.shape[1], words.shape[0]))[1]
        start = len(words) - rows
        if start > rows and _within(words[start - 1], words[start:-1]) > _within(
            words[-1], words[start:-1]
        ):
            start -= 1
        picture = words[start : start + rows]
        if not are_kelvin(picture, 64):
            raise LayoutError(f"format {self.name}: the lower half is not temperatures in 1/64 K")
        return DecodedFrame(picture, Radiometry(1 / 64, 0.0))

    def fits(self, words: NDArray[Any]) -> bool:
        """Whether the lower half is temperatures, and the upper one is not."""
        if not super().fits(words):
            return False
        return is_shown(words[: self.picture_size((words.shape[1], 0))[1]], 64)


def is_shown(words: NDArray[np.uint16], steps: int) -> bool:
    """Whether words are what a camera shows: YUYV, or brightness in the lower byte.

    Without colours that is told by the upper bytes, in colours by being no temperatures.
    """
    upper = words >> 8
    grey = ((upper >= _GREY[0]) & (upper <= _GREY[1])) | (upper == 0)
    return float(grey.mean()) >= _SHARE or not are_kelvin(words, steps)


def are_kelvin(words: NDArray[np.uint16], steps: int) -> bool:
    """Whether nearly all words are temperatures that a camera sees, in so many steps a kelvin."""
    low, high = (kelvin * steps for kelvin in PLAUSIBLE_KELVIN)
    return float(((words >= low) & (words <= high)).mean()) >= _SHARE


def _within(row: NDArray[Any], picture: NDArray[Any]) -> float:
    """How many of a row's words lie within the range of a picture, as a share."""
    return float(((row >= picture.min()) & (row <= picture.max())).mean())
