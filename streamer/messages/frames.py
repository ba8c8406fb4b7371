"""Pictures: what a sensor saw, and what the worker made of it."""

import math
from enum import StrEnum
from typing import Any, Final

import msgspec
from numpy.typing import NDArray

from streamer.clock import StreamNs
from streamer.messages.calibrations import CalibrationChange
from streamer.messages.networks import NetworkChange
from streamer.messages.past_use import PastUse
from streamer.messages.uncertainty import Uncertainty


class PixelFormat(StrEnum):
    """GenICam's words. BGR8 is (H, W, 3) uint8, MONO8 (H, W) uint8, MONO16 (H, W) uint16."""

    BGR8 = "BGR8"  # blue, green, red
    MONO8 = "MONO8"  # grey, or 8-bit counts
    MONO16 = "MONO16"  # counts

    def message_bytes(self, width: int, height: int) -> int:
        """How long a message with such a picture is at most."""
        return width * height * _PIXEL_BYTES[self] + _HEADER_BYTES


_PIXEL_BYTES: Final = {PixelFormat.BGR8: 3, PixelFormat.MONO8: 1, PixelFormat.MONO16: 2}
_HEADER_BYTES: Final = 8192  # more than any camera has to say about a picture

ZERO_CELSIUS_K = 273.15
INFLUENCE_ZERO = 32768  # the count of "no difference" in an influence frame

_LAYOUT: dict[PixelFormat, tuple[str, int]] = {
    PixelFormat.BGR8: ("uint8", 3),
    PixelFormat.MONO8: ("uint8", 2),
    PixelFormat.MONO16: ("uint16", 2),
}


class Mode(StrEnum):
    """What the worker is making its output from."""

    GUIDED = "guided"  # both cameras
    THERMAL_ONLY = "thermal_only"  # the visible camera is gone: the thermal branch alone
    HOLD = "hold"  # thermal stalls, or its shutter is closed: the last result stands
    VISIBLE_ONLY = "visible_only"  # the thermal camera is gone: a picture, no measurement
    NO_SIGNAL = "no_signal"  # neither


class FrameFlag(StrEnum):
    """What a capture process knows about a frame besides its pixels."""

    FFC = "ffc"  # taken while the camera's shutter was closed, announced by the camera itself
    REPEATED = "repeated"  # bit-identical to the frame before: the sensor is frozen


class Radiometry(msgspec.Struct, frozen=True):
    """Maps counts to temperature: kelvin = gain_k * counts + offset_k. Absent where unknown."""

    gain_k: float
    offset_k: float

    @property
    def invertible(self) -> bool:
        """Whether a temperature has one count: the gain is not zero, and all is finite."""
        return self.gain_k != 0 and math.isfinite(self.gain_k) and math.isfinite(self.offset_k)

    def kelvin(self, counts: float) -> float:
        """The temperature of a (possibly fractional) count, in kelvin."""
        return self.gain_k * counts + self.offset_k

    def celsius(self, counts: float) -> float:
        """The temperature of a (possibly fractional) count, in degrees Celsius."""
        return self.kelvin(counts) - ZERO_CELSIUS_K

    def counts_of_kelvin(self, kelvin: float) -> float:
        """The inverse of `kelvin`; for an `invertible` radiometry only."""
        return (kelvin - self.offset_k) / self.gain_k


class Frame(msgspec.Struct, frozen=True, kw_only=True, tag="frame"):
    """One picture of a sensor, untouched: counts stay counts.

    Attributes:
        stream: `visible`, `thermal` or `truth`; of the viewer alone `influence`, `thumbnail`.
        sequence: counts what the sensor made, so that a reader sees every gap.
        timestamp_ns: capture time.
        pixel_format: what the pixels are.
        pixels: (H, W, 3) or (H, W), as `pixel_format` says.
        radiometry: what counts mean in kelvin; None where the camera does not say.
        flags: what is special about this frame.
        metadata: what the camera says besides.
        epoch: after which jump of a paced replay it was read (`PlayerState.epoch`); else left out.
    """

    stream: str
    sequence: int
    timestamp_ns: StreamNs
    pixel_format: PixelFormat
    pixels: NDArray[Any]
    radiometry: Radiometry | None = None
    flags: tuple[FrameFlag, ...] = ()
    metadata: dict[str, str | int | float | bool] = {}
    epoch: int | msgspec.UnsetType = msgspec.UNSET

    def __post_init__(self) -> None:
        _check_pixels(self.pixel_format, self.pixels)


class Source(msgspec.Struct, frozen=True):
    """The frame that a result was made from."""

    sequence: int
    timestamp_ns: StreamNs


class Consistency(msgspec.Struct, frozen=True):
    """How far the network left the measurement before it was brought back (the trust figure).

    Attributes:
        max_counts: the largest difference of a sensor pixel, in counts.
        max_mk: the same in millikelvin; None without radiometry.
    """

    max_counts: float
    max_mk: float | None


class SuperResolvedFrame(msgspec.Struct, frozen=True, kw_only=True, tag="sr"):
    """The worker's result, in the thermal's own unit.

    In `visible_only` mode the pixels are a relative picture (uint16, 0..65535 for 0..1) without
    radiometry: not a measurement.

    Attributes:
        sequence: counts results.
        timestamp_ns: capture time of the pivot frame: the thermal one, without it the visible one.
        published_ns: when the worker published it.
        mode: what it was made from.
        pixel_format: what the pixels are.
        pixels: (H, W) counts.
        thermal: the thermal frame it was made from, if any.
        visible: the visible frame it was made from, if any.
        radiometry: that of the thermal frame.
        skew_ms: capture time of the visible frame minus that of the thermal one.
        stage_ms: milliseconds of each stage of its making.
        consistency: how far the network was from the measurement.
        uncertainty: how far its pixels may be off, where the network can foretell it.
        past: what the frames before it gave it, where results are made of several.
        predicted: of a picture that was carried to a visible frame between two thermal ones: how
            much of the guide was recognised, 0 to 1. It is no measurement of its moment, and has
            a topic of its own. Left out of results.
        realigned: of the first result of another calibration than before: that one. It comes with
            the result, or what records both could miss one of them at its end. Left out of others.
        network: of the first result of another network than before: which, in the same way.
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
    uncertainty: Uncertainty | None = None
    past: PastUse | None = None
    predicted: float | msgspec.UnsetType = msgspec.UNSET
    realigned: CalibrationChange | msgspec.UnsetType = msgspec.UNSET
    network: NetworkChange | msgspec.UnsetType = msgspec.UNSET

    def __post_init__(self) -> None:
        _check_pixels(self.pixel_format, self.pixels)


def _check_pixels(pixel_format: PixelFormat, pixels: NDArray[Any]) -> None:
    name, ndim = _LAYOUT[pixel_format]
    if pixels.dtype.name != name or pixels.ndim != ndim:
        raise ValueError(
            f"pixels of {pixels.dtype.name} with shape {pixels.shape} are not {pixel_format}"
        )
