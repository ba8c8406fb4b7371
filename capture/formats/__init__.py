"""What thermal cameras wrap their picture in: rows of telemetry, halves, scales, 14 bits in 16.

    layout      the contract of a decoder, and what it gives
    lepton, boson, double_height, tc002c, xtherm, plain
                one decoder a layout, its rows and its source in its own words
    registry    all of them, by name
    choice      which of them frames of a source are in: by USB id, by size and content, by setting

Every decoder is a pure function of one frame. Rows of telemetry are no pixels: what they say goes
into the frame's state.
"""

from capture.formats.choice import FormatChoice
from capture.formats.layout import DecodedFrame, LayoutError, ThermalFormat, frame_words
from capture.formats.registry import FORMATS, format_named, formats_of_usb

__all__ = [
    "FORMATS",
    "DecodedFrame",
    "FormatChoice",
    "LayoutError",
    "ThermalFormat",
    "format_named",
    "formats_of_usb",
    "frame_words",
]
