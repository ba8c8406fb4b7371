"""What every tool reads at one moment, of the result and of the sensor. No Qt."""

from typing import Any

import msgspec
from numpy.typing import NDArray

from gui.panes import Pane
from gui.state.picture import Picture
from streamer.measuring.object_parameters import ObjectParameters
from streamer.measuring.shapes import AnyTool
from streamer.measuring.tool import Place
from streamer.measuring.tool_set import ToolSet
from streamer.thermal.readings import Extremes, Reading, extremes
from streamer.thermal.scale import Scale
from streamer.thermal.tool_readings import (
    ExtremeTracker,
    ToolReading,
    difference,
    read_tool,
    steady_margin,
)
from streamer.thermal.validity import valid_pixels

_PICTURE = ""  # no tool has this name


class ToolValues(msgspec.Struct, frozen=True, kw_only=True):
    """What one tool reads.

    Attributes:
        tool: which.
        parameters: that hold for it.
        result: off the super-resolved picture; None where that is no measurement.
        sensor: off the sensor's own.
        result_scale: what the former means.
        sensor_scale: what the latter means.
        delta: mean minus the reference's, of the result or else of the sensor; in kelvin or counts.
    """

    tool: AnyTool
    parameters: ObjectParameters
    result: ToolReading | None = None
    sensor: ToolReading | None = None
    result_scale: Scale | None = None
    sensor_scale: Scale | None = None
    delta: float | None = None

    def of(self, pane: Pane) -> tuple[ToolReading, Scale] | None:
        """What it reads off a pane, if anything."""
        reading, scale = self.result, self.result_scale
        if pane is Pane.THERMAL:
            reading, scale = self.sensor, self.sensor_scale
        if reading is None or scale is None or pane not in (Pane.RESULT, Pane.THERMAL):
            return None
        return reading, scale


class ToolReader:
    """Reads all tools off a moment's pictures; keeps where extremes are from one to the next."""

    def __init__(self) -> None:
        self._tracker = ExtremeTracker()

    def read(
        self,
        tools: tuple[AnyTool, ...],
        tool_set: ToolSet,
        result: Picture | None,
        sensor: Picture | None,
    ) -> tuple[ToolValues, ...]:
        """What each tool reads.

        Args:
            tools: as they are to be seen.
            tool_set: what they belong to.
            result: the super-resolved picture; None where there is none.
            sensor: the sensor's.
        """
        self._tracker.forget_others({_PICTURE, *(tool.name for tool in tools)})
        values = []
        pictures = {
            Pane.RESULT: None if result is None or result.scale is None else result,
            Pane.THERMAL: None if sensor is None or sensor.scale is None else sensor,
        }
        valid = {
            pane: None if picture is None else valid_pixels(picture.pixels, picture.bad)
            for pane, picture in pictures.items()
        }
        for tool in tools:
            parameters = tool_set.parameters_of(tool)
            readings: dict[Pane, ToolReading] = {}
            scales: dict[Pane, Scale] = {}
            for pane, picture in pictures.items():
                if picture is None or picture.scale is None:
                    continue
                scale = Scale.of(picture.scale.radiometry, picture.scale.unit, parameters)
                scales[pane] = scale
                readings[pane] = read_tool(
                    tool,
                    picture.pixels,
                    scale,
                    valid=valid[pane],
                    uncertainty=picture.uncertainty,
                    tracker=self._tracker,
                    key=(pane, picture.model),
                )
            values.append(
                ToolValues(
                    tool=tool,
                    parameters=parameters,
                    result=readings.get(Pane.RESULT),
                    sensor=readings.get(Pane.THERMAL),
                    result_scale=scales.get(Pane.RESULT),
                    sensor_scale=scales.get(Pane.THERMAL),
                )
            )
        return _compared(tuple(values), tool_set.reference)

    def extremes(self, picture: Picture) -> Extremes | None:
        """The hottest and the coldest of a picture, at places that noise does not move."""
        counts, scale = picture.counts, picture.scale
        if counts is None or scale is None:
            return None
        found = extremes(counts, scale.radiometry, picture.bad)
        spread = scale.kelvin(found.hottest.counts) - scale.kelvin(found.coldest.counts)
        key = picture.pane, picture.model
        return Extremes(
            *(
                self._steady(counts, scale, reading, (_PICTURE, key, end), spread)
                for end, reading in (("hottest", found.hottest), ("coldest", found.coldest))
            )
        )

    def _steady(
        self,
        counts: NDArray[Any],
        scale: Scale,
        reading: Reading,
        key: tuple[object, ...],
        spread: float,
    ) -> Reading:
        """The extreme with its own value, where it was before if only noise has moved it."""
        height, width = counts.shape

        def value_at(place: Place) -> float:
            row, column = int(place[1] * height), int(place[0] * width)
            return scale.kelvin(float(counts[row, column]))

        place = self._tracker.place(
            key,
            (reading.u, reading.v),
            scale.kelvin(reading.counts),
            value_at,
            steady_margin(scale, spread, None),
        )
        column, row = int(place[0] * width), int(place[1] * height)
        return Reading(column, row, *place, reading.counts)


def _compared(values: tuple[ToolValues, ...], reference: str) -> tuple[ToolValues, ...]:
    """With how far each is from the reference."""
    to = next((each for each in values if each.tool.name == reference), None)
    if to is None:
        return values
    return tuple(
        msgspec.structs.replace(each, delta=_delta(each, to)) if each is not to else each
        for each in values
    )


def _delta(values: ToolValues, reference: ToolValues) -> float | None:
    if values.result is not None and reference.result is not None:
        return difference(values.result, reference.result)
    if values.sensor is not None and reference.sensor is not None:
        return difference(values.sensor, reference.sensor)
    return None
