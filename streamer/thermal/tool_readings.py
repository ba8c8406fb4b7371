"""What a measuring tool reads off a picture, and where in it."""

import math
from collections.abc import Callable, Hashable
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from streamer.measuring.shapes import AnyTool, Line, region_of
from streamer.measuring.tool import Place
from streamer.messages import Uncertainty
from streamer.thermal.scale import Scale
from streamer.thermal.validity import Mask

STEADY_K = 0.3
"""An extreme stays where it is while it is one but for this, six times the noise of 50 mK cameras.

Of the thousands of pixels of an even wall the hottest lies 3.5 times the noise above it, and in the
next picture it is another one.
"""

_STEADY_SHARE = 0.02  # of the range, without degrees
_STEADY_COUNTS = 2.0


class ToolReading(msgspec.Struct, frozen=True, kw_only=True):
    """The readings of one tool; kelvin where the scale has degrees, else counts.

    Attributes:
        pixels: how many there are; those that are no reading do not count where others do.
        minimum: the coldest.
        mean: of all.
        maximum: the hottest.
        deviation: their standard deviation.
        coldest: where the coldest is.
        hottest: where the hottest is.
        coldest_sigma: how far it may be off, where that was foretold.
        hottest_sigma: likewise.
    """

    pixels: int
    minimum: float
    mean: float
    maximum: float
    deviation: float
    coldest: Place
    hottest: Place
    coldest_sigma: float | None = None
    hottest_sigma: float | None = None


class ExtremeTracker:
    """Holds the places of extremes, so that they do not jump from noise pixel to noise pixel."""

    def __init__(self) -> None:
        self._held: dict[Hashable, Place] = {}

    def place(
        self,
        key: Hashable,
        found: Place,
        value: float,
        value_at: Callable[[Place], float | None],
        margin: float,
    ) -> Place:
        """Where an extreme is to be marked.

        Args:
            key: which extreme of which tool.
            found: where it is in this picture.
            value: what it is.
            value_at: the value at another place; None where that does not belong to the tool.
            margin: by how much a value may differ and still be the same but for noise.
        """
        held = self._held.get(key)
        if held is not None:
            there = value_at(held)
            if there is not None and abs(there - value) <= margin:
                return held
        self._held[key] = found
        return found

    def forget_others(self, names: set[Hashable]) -> None:
        """Lets go of tools that are there no more; keys are (name, ...)."""
        self._held = {
            key: place
            for key, place in self._held.items()
            if isinstance(key, tuple) and key[0] in names
        }


def read_tool(
    tool: AnyTool,
    pixels: NDArray[Any],
    scale: Scale,
    *,
    valid: Mask | None = None,
    uncertainty: Uncertainty | None = None,
    tracker: ExtremeTracker | None = None,
    key: Hashable = "",
) -> ToolReading:
    """The readings of a tool on (H, W) counts.

    Args:
        tool: where.
        pixels: uint8 or uint16.
        scale: what they mean, for the object that the tool lies on.
        valid: which of them are readings; None where all are.
        uncertainty: how far they may be off, where that was foretold.
        tracker: keeps the places of extremes steady.
        key: of this picture, for the tracker: a sensor's extremes are others than a result's.
    """
    height, width = pixels.shape
    region = region_of(tool, height, width)
    part = pixels[region.rows, region.columns]
    inside = region.inside
    if valid is not None:
        readings = valid[region.rows, region.columns]
        both = readings if inside is None else readings & inside
        inside = both if both.any() else inside
    counts = part.ravel() if inside is None else part[inside]
    most, least = int(counts.argmax()), int(counts.argmin())
    gain_k = 1.0 if scale.radiometry is None else scale.radiometry.gain_k
    if gain_k < 0:
        most, least = least, most
    if scale.correction is None:
        offset_k = 0.0 if scale.radiometry is None else scale.radiometry.offset_k
        mean = gain_k * float(counts.mean()) + offset_k
        deviation = abs(gain_k) * float(counts.std())
    else:
        kelvins = scale.kelvins(counts)
        mean, deviation = float(kelvins.mean()), float(kelvins.std())
    ends = {"hottest": most, "coldest": least}
    values = {end: scale.kelvin(float(counts[at])) for end, at in ends.items()}
    places, sigmas = {}, {}
    for end, at in ends.items():
        row, column = _position(at, part.shape[1], inside)
        found = (
            (region.columns.start + column + 0.5) / width,
            (region.rows.start + row + 0.5) / height,
        )
        sigma = None
        if uncertainty is not None:
            sigma = scale.sigma_kelvin(float(counts[at]), uncertainty.at(*found))
        sigmas[end] = sigma
        places[end] = found
    if tracker is not None:
        for end in ends:

            def value_at(place: Place) -> float | None:
                row, column = int(place[1] * height), int(place[0] * width)
                row, column = row - region.rows.start, column - region.columns.start
                if not (0 <= row < part.shape[0] and 0 <= column < part.shape[1]):
                    return None
                if inside is not None and not inside[row, column]:
                    return None
                return scale.kelvin(float(part[row, column]))

            margin = steady_margin(scale, values["hottest"] - values["coldest"], sigmas[end])
            places[end] = tracker.place(
                (tool.name, key, end), places[end], values[end], value_at, margin
            )
    return ToolReading(
        pixels=counts.size,
        minimum=values["coldest"],
        mean=mean,
        maximum=values["hottest"],
        deviation=deviation,
        coldest=places["coldest"],
        hottest=places["hottest"],
        coldest_sigma=sigmas["coldest"],
        hottest_sigma=sigmas["hottest"],
    )


def steady_margin(scale: Scale, spread: float, sigma: float | None) -> float:
    """By how much two extremes may differ and be the same but for noise."""
    if scale.radiometry is None:
        return max(_STEADY_COUNTS, _STEADY_SHARE * abs(spread), sigma or 0.0)
    return max(STEADY_K, sigma or 0.0)


def profile_along(line: Line, pixels: NDArray[Any], scale: Scale) -> NDArray[np.float64]:
    """The readings along a line from its first point to its last, in kelvin or counts."""
    rows, columns = line.path(*pixels.shape)
    return scale.kelvins(pixels[rows, columns])


def difference(reading: ToolReading, reference: ToolReading) -> float:
    """By how much the mean of a tool is above that of another; NaN where one cannot be."""
    by = reading.mean - reference.mean
    return by if math.isfinite(by) else math.nan


def _position(at: int, columns: int, inside: Mask | None) -> tuple[int, int]:
    """Row and column, in the region, of the pixel that stands at a place of its readings."""
    if inside is not None:
        at = int(np.flatnonzero(inside)[at])
    return divmod(at, columns)
