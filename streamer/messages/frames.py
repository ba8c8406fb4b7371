"""Pictures: what a sensor saw, and what the worker made of it."""

from enum import StrEnum
from typing import Any

import msgspec
from numpy.typing import NDArray

from streamer.clock import StreamNs


class PixelFormat(StrEnum):
    """GenICam's words. BGR8 is (H, W, 3) uint8, MONO8 (H, W) uint8, MONO16 (H, W) uint16."""

    BGR8 = "BGR8"
    MONO8 = "MONO8"
    MONO16 = "MONO16"


_LAYOUT: dict[PixelFormat, tuple[str, int]] = {
    PixelFormat.BGR8: ("uint8", 3),
    PixelFormat.MONO8: ("uint8", 2),
    PixelFormat.MONO16: ("uint16", 2),
}


class Mode(StrEnum):
    """What the worker is making its output from."""

    GUIDED = "guided"
    THERMAL_ONLY = "thermal_only"
    HOLD = "hold"
    VISIBLE_ONLY = "visible_only"
    NO_SIGNAL = "no_signal"


class FrameFlag(StrEnum):
    """What a capture process knows about a frame besides its pixels."""

    FFC = "ffc"  # taken while the camera's shutter was closed, announced by the camera itself
    REPEATED = "repeated"  # bit-identical to the frame before: the sensor is frozen


class Radiometry(msgspec.Struct, frozen=True):
    """Maps counts to temperature: kelvin = gain_k * counts + offset_k. Absent where unknown."""

    gain_k: float
    offset_k: float

    def celsius(self, counts: float) -> float:
        """The temperature of a (possibly fractional) count, in degrees Celsius."""
        return self.gain_k * counts + self.offset_k - 273.15


class Frame(msgspec.Struct, frozen=True, kw_only=True, tag="frame"):
    """One picture of a sensor, untouched: counts stay counts.

    `timestamp_ns` is the capture time on this host's monotonic clock; `sequence` counts what the
    sensor made, so a reader sees every gap. `pixels` follows `pixel_format`.
    """

    stream: str
    sequence: int
    timestamp_ns: StreamNs
    pixel_format: PixelFormat
    pixels: NDArray[Any]
    radiometry: Radiometry | None = None
    flags: tuple[FrameFlag, ...] = ()
    metadata: dict[str, str | int | float | bool] = {}

    def __post_init__(self) -> None:
        _check_pixels(self.pixel_format, self.pixels)


class Source(msgspec.Struct, frozen=True):
    """The frame that a result was made from."""

    sequence: int
    timestamp_ns: StreamNs


class Consistency(msgspec.Struct, frozen=True):
    """How far the network left the measurement before it was brought back (the trust figure)."""

    max_counts: float
    max_mk: float | None


class SuperResolvedFrame(msgspec.Struct, frozen=True, kw_only=True, tag="sr"):
    """The worker's result, in the thermal's own unit.

    In `visible_only` mode the pixels are a relative picture (uint16, 0..65535 for 0..1) without
    radiometry: not a measurement. `timestamp_ns` is the capture time of the pivot frame.
    """

    sequence: int
    timestamp_ns: StreamNs
    published_ns: StreamNs
    mode: Mode
    pixel_format: PixelFormat
    pixels: NDArray[Any]
    thermal: Source | None
    visible: Source | None
    radiometry: Radiometry | None = None
    skew_ms: float | None = None
    stage_ms: dict[str, float] = {}
    consistency: Consistency | None = None

    def __post_init__(self) -> None:
        _check_pixels(self.pixel_format, self.pixels)


def _check_pixels(pixel_format: PixelFormat, pixels: NDArray[Any]) -> None:
    name, ndim = _LAYOUT[pixel_format]
    if pixels.dtype.name != name or pixels.ndim != ndim:
        raise ValueError(
            f"pixels of {pixels.dtype.name} with shape {pixels.shape} are not {pixel_format}"
        )
