"""The page formats.md: how thermal cameras lay out their frames, in the decoders' own words."""

import inspect

from capture.drivers.raw_file import RAW_SUFFIXES
from capture.formats import FORMATS, ThermalFormat
from tools.reference.markdown import code, page, prose, table

_HEAD = """
Thermal cameras wrap their picture in rows of telemetry, show and measure in two halves of one
frame, or scale it. `capture.thermal.format` names the layout; `auto` finds it by USB id, by the
size of the frame and by what stands where telemetry or temperatures ought to. It holds alike for a
device, a video (16-bit grey, or raw YUYV kept by `ffmpeg -c copy`), a folder of pictures and a
file of bare frames.
"""

_STATE = """
Rows of telemetry are no pixels: what they say goes along with each frame as its metadata, into
recordings too: `ffc_state`, `sensor_counter`, `uptime_ms`, `since_ffc_s`, `frames_since_ffc`,
`fpa_celsius`, `housing_celsius`, `shutter_celsius`, `core_celsius`, `emissivity`, `telemetry`
(where it stood). A closed shutter holds the last result (mode `hold`). Of a device the counter
numbers the frames, so that a gap is told as what the sensor made and nobody received; a Lepton
sends each picture three times, which counts once.
"""

_UNKNOWN = """
A frame in no layout that is known is shown, not guessed: the error tells its size, what its first
rows and its last hold, and which formats would fit. A frame that is torn is left out and counted as
`pixel format`.
"""


def formats_page() -> str:
    """The page."""
    raw = prose(
        f"Files of bare frames end in {', '.join(map(code, RAW_SUFFIXES))}. Their layout is the "
        "one that the first frame is in, or the one that is named. Of plain frames (`y16`, `y14`, "
        "`agc8`) the size is `capture.thermal.width` and `height`; `capture.thermal.rate_hz` is "
        "their rate."
    )
    names = [
        [code(each.name), each.cameras, each.counts, ", ".join(map(code, each.usb))]
        for each in FORMATS.values()
    ]
    return page(
        "Thermal formats",
        prose(_HEAD),
        table(["format", "cameras", "counts", "USB id"], names),
        prose(_STATE),
        prose(_UNKNOWN),
        "## Bare frames",
        raw,
        *(part for each in FORMATS.values() for part in _section(each)),
    )


def _section(layout: ThermalFormat) -> list[str]:
    rows = [
        ["frame", layout.rows],
        ["asked for as", code(layout.fourcc.strip())],
        ["source", layout.origin],
    ]
    if layout.raw_command is not None:
        rows.append(["told by its zoom control", code(hex(layout.raw_command))])
    return [
        f"## {code(layout.name)}",
        prose(inspect.getdoc(type(layout)) or ""),
        table(["", ""], rows),
    ]
