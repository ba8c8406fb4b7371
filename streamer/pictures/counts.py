"""A stored picture as thermal counts: exact, or relative and said to be, or refused."""

from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from streamer.messages import ZERO_CELSIUS_K, Radiometry
from streamer.pictures.degrees import counts_of_kelvin, filled
from streamer.pictures.errors import Cause, PictureError
from streamer.pictures.stored import Metadata, StoredPicture

_AMBIENT_K = (223.15, 423.15)
"""Floating-point readings whose median lies here, none below 150, are kelvin."""

_COLDEST_K = 150.0
_HOTTEST_C = 3500.0
_SIGNED_ZERO = 32768


@dataclass(frozen=True, slots=True)
class ThermalPicture:
    """Counts, and what is known of them.

    Attributes:
        counts: (H, W) uint8 or uint16.
        radiometry: what they mean in kelvin; None where the file does not state it.
        relative: why they are no measurement, though they may be looked at; empty where they are
            counts.
        words: what was taken for granted, for a person to check; empty where nothing was.
        metadata: what the file says besides.
        none: (H, W), true where the file has no reading; None where it has all.
    """

    counts: NDArray[Any]
    radiometry: Radiometry | None
    relative: str = ""
    words: str = ""
    metadata: Metadata = field(default_factory=dict)
    none: NDArray[np.bool_] | None = None


def thermal_counts(
    stored: StoredPicture, name: str, given: Radiometry | None = None
) -> ThermalPicture:
    """A stored picture as counts.

    A rendering (in colour, with opacity or a palette) becomes its brightness, which is relative.
    Whole numbers that fit into 16 bits stay as they are. Floating-point readings are degrees.

    Args:
        stored: as decoded.
        name: what an error names.
        given: what a setting says that samples mean in kelvin.

    Raises:
        PictureError: its samples cannot be kept exactly, or the setting contradicts them.
    """
    if stored.rendering:
        if given is not None:
            raise PictureError(
                f"{name} is a picture {stored.rendering}: its counts are lost, and no degrees come "
                "of it; leave gain_k unset",
                Cause.COLOUR,
            )
        return ThermalPicture(_brightness(stored, name), None, stored.rendering)
    pixels = _one_channel(stored, name)
    if stored.kelvin or pixels.dtype.kind == "f":
        return _of_readings(stored, pixels, name, given)
    if stored.radiometry is not None and given not in (None, stored.radiometry):
        raise PictureError(
            f"{name} states {_line(stored.radiometry)}, and the setting {_line(given)}; "
            "leave gain_k unset",
            Cause.FORMAT,
        )
    counts, shift = _unsigned(pixels, name, given)
    line = stored.radiometry or given
    if line is not None and shift:
        line = Radiometry(line.gain_k, line.offset_k - shift * line.gain_k)
    if line is not None and line.kelvin(float(counts.max())) < 0 < line.gain_k:
        raise PictureError(
            f"{name}: {line.celsius(float(counts.max())):.0f} degrees at most by "
            f"{_line(given or line)}; of signed degrees Celsius offset_k is 273.15",
            Cause.FORMAT,
        )
    words = "raw counts, without degrees: it does not say how these become some"
    words = words if stored.heat and line is None else ""
    return ThermalPicture(counts, line, words=words, metadata=stored.metadata)


def _of_readings(
    stored: StoredPicture, pixels: NDArray[Any], name: str, given: Radiometry | None
) -> ThermalPicture:
    try:
        values, none = filled(pixels.astype(np.float64))
        kelvin, unit = _kelvin(stored, values, name, given)
        counts, line = counts_of_kelvin(kelvin) if unit else (kelvin.astype(np.uint16), None)
    except PictureError as error:
        if str(error).startswith(name):
            raise
        raise PictureError(f"{name}: {error}", error.cause) from error
    words = "" if stored.kelvin or not unit else f"its {pixels.dtype} samples are taken as {unit}"
    metadata = dict(stored.metadata)
    if not none.any():
        return ThermalPicture(counts, line, words=words, metadata=metadata)
    metadata["pixels_without_reading"] = int(none.sum())
    return ThermalPicture(counts, line, words=words, metadata=metadata, none=none)


def _kelvin(
    stored: StoredPicture, values: NDArray[np.float64], name: str, given: Radiometry | None
) -> tuple[NDArray[np.float64], str]:
    """The temperatures, and in which unit they stood; of whole counts, those, and no unit."""
    if stored.kelvin:
        _check_unset(given, values, name)
        return values, "kelvin"
    if stored.radiometry is not None:
        return values * stored.radiometry.gain_k + stored.radiometry.offset_k, "calibrated"
    low, middle, high = (float(each) for each in (values.min(), np.median(values), values.max()))
    if low >= _COLDEST_K and _AMBIENT_K[0] <= middle <= _AMBIENT_K[1]:
        _check_unset(given, values, name)
        return values, "kelvin"
    if low >= -ZERO_CELSIUS_K and high <= _HOTTEST_C:
        kelvin = values + ZERO_CELSIUS_K
        _check_unset(given, kelvin, name)
        return kelvin, "degrees Celsius"
    if given is not None:
        return values * given.gain_k + given.offset_k, _line(given)
    if low >= 0 and high <= 65535 and np.array_equal(values, np.rint(values)):
        return values, ""
    raise PictureError(
        f"{name}: samples of {low:g} to {high:g} are neither degrees nor 16-bit counts; "
        "gain_k and offset_k say what they are",
        Cause.FORMAT,
    )


def _check_unset(given: Radiometry | None, kelvin: NDArray[np.float64], name: str) -> None:
    """Refuses a setting that says otherwise than the file; what it would become may be said."""
    if given is None or given == counts_of_kelvin(kelvin)[1]:
        return
    raise PictureError(
        f"{name} holds temperatures, and the setting {_line(given)} would change them; "
        "leave gain_k unset",
        Cause.FORMAT,
    )


def _unsigned(
    pixels: NDArray[Any], name: str, given: Radiometry | None
) -> tuple[NDArray[Any], int]:
    """Whole numbers as uint8 or uint16, and what was added to them."""
    if pixels.dtype in (np.uint8, np.uint16):
        return pixels, 0
    if pixels.dtype.kind not in "ui":
        raise PictureError(f"{name}: pixels of {pixels.dtype} are not read", Cause.FORMAT)
    low, high = int(pixels.min()), int(pixels.max())
    if low >= 0 and high <= 65535:
        return pixels.astype(np.uint16), 0
    if low < -_SIGNED_ZERO or high >= _SIGNED_ZERO:
        raise PictureError(
            f"{name}: {pixels.dtype} samples of {low} to {high} do not fit into 16 bits",
            Cause.FORMAT,
        )
    if given is None:
        raise PictureError(
            f"{name}: {pixels.dtype} samples of {low} to {high}: gain_k and offset_k (273.15 for "
            "degrees Celsius) say what they are",
            Cause.FORMAT,
        )
    return (pixels.astype(np.int32) + _SIGNED_ZERO).astype(np.uint16), _SIGNED_ZERO


def _one_channel(stored: StoredPicture, name: str) -> NDArray[Any]:
    """(H, W) of grey in one channel or three."""
    pixels = stored.pixels
    if pixels.ndim == 2:
        return pixels
    return grey(pixels, lossy=stored.lossy)


def grey(pixels: NDArray[Any], *, lossy: bool) -> NDArray[Any]:
    """(H, W) of grey that is stored in three channels.

    Args:
        pixels: (H, W, 3) whose channels are equal, or nearly.
        lossy: whether a codec made them differ: brightness is what it kept best. Else the first
            channel is the picture, and what differs a mark that was drawn into it.
    """
    first = np.ascontiguousarray(pixels[..., 0])
    if not lossy or (
        np.array_equal(first, pixels[..., 1]) and np.array_equal(first, pixels[..., 2])
    ):
        return first
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY))


def _brightness(stored: StoredPicture, name: str) -> NDArray[Any]:
    pixels = stored.pixels
    if pixels.dtype not in (np.uint8, np.uint16):
        raise PictureError(
            f"{name} is a picture {stored.rendering} of {pixels.dtype}: not read", Cause.FORMAT
        )
    if pixels.ndim == 2:
        return pixels
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY))


def _line(line: Radiometry | None) -> str:
    return "nothing" if line is None else f"gain_k {line.gain_k:g}, offset_k {line.offset_k:g}"
