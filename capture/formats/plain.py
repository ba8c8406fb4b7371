"""Frames that are all picture: 16 bits, 14 in 16, or eight of the camera's own contrast."""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from capture.formats.layout import DecodedFrame, LayoutError, ThermalFormat

_BITS = 0x3FFF
_GREY = (0x7E, 0x82)  # chroma without a colour, in YUYV


class Y16(ThermalFormat):
    """Every word is a pixel, and every bit of it counts."""

    name: ClassVar = "y16"
    cameras: ClassVar = "any that gives plain Y16, a Lepton, Boson or Tau without telemetry too"
    rows: ClassVar = "all picture, of any size"
    counts: ClassVar = "by capture.thermal.gain_k and offset_k; of a radiometric Lepton 0.01 K"
    origin: ClassVar = "Linux: Documentation/userspace-api/media/v4l/pixfmt-yuv-luma (Y16)"

    def decode(self, words: NDArray[np.uint16]) -> DecodedFrame:
        """The frame itself.

        Raises:
            LayoutError: not 16 bits a pixel.
        """
        self.check_size(words)
        return DecodedFrame(words)


class Y14(ThermalFormat):
    """The two highest bits are none of the picture's: some cores put marks there."""

    name: ClassVar = "y14"
    cameras: ClassVar = "cores of 14 bits that use the two highest bits otherwise"
    rows: ClassVar = "all picture, of any size; the two highest bits of each word are left out"
    counts: ClassVar = "by capture.thermal.gain_k and offset_k"
    origin: ClassVar = "Linux: Documentation/userspace-api/media/v4l/pixfmt-yuv-luma (Y14)"

    def decode(self, words: NDArray[np.uint16]) -> DecodedFrame:
        """The frame without its two highest bits.

        Raises:
            LayoutError: not 16 bits a pixel.
        """
        self.check_size(words)
        return DecodedFrame(words & np.uint16(_BITS))


class Agc8(ThermalFormat):
    """Eight bits of brightness, as the camera thinks that it looks best: no temperatures, ever.

    Of YUYV the brightness is taken, if there is no colour in it.
    """

    name: ClassVar = "agc8"
    cameras: ClassVar = "any that gives an 8-bit picture alone"
    rows: ClassVar = "all picture, of any size; 8 bits, or YUYV without colours"
    counts: ClassVar = "relative: the camera's own contrast"
    origin: ClassVar = "Linux: Documentation/userspace-api/media/v4l/pixfmt-yuv-luma (GREY), YUYV"
    fourcc: ClassVar = "GREY"

    def decode(self, words: NDArray[Any]) -> DecodedFrame:
        """The brightness.

        Raises:
            LayoutError: 16 bits that are no YUYV without colours.
        """
        if words.dtype == np.uint16:
            chroma = words >> 8
            if not ((chroma >= _GREY[0]) & (chroma <= _GREY[1])).mean() > 0.99:
                raise LayoutError(f"format {self.name} wants 8 bits without colours, others came")
            words = (words & 0xFF).astype(np.uint8)
        if words.dtype != np.uint8:
            raise LayoutError(f"format {self.name} wants 8 bits a pixel, {words.dtype} came")
        return DecodedFrame(words, relative="with the camera's own contrast (AGC)")
