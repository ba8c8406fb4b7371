"""A plot of lines as values: its axes, its lines, and what the cursor reads. No Qt."""

import math
from collections.abc import Sequence

import msgspec
import numpy as np

from gui.language import tr
from gui.state.measuring.curves import Curves, Points
from gui.state.measuring.readings import ToolValues
from gui.state.picture import Picture
from streamer.measuring.shapes import Line
from streamer.thermal.scale import Scale
from streamer.thermal.ticks import ticks
from streamer.thermal.tool_readings import profile_along

_GAP = 3.0  # so many steps without a value are a gap
_FLATTEST_K = 1.0
_MEAN, _HIGH = 2, 3


class PlotLine(msgspec.Struct, frozen=True):
    """A line: its name, its colour by number, its points as x and y in the units of the axes."""

    name: str
    colour: int
    x: tuple[float, ...]
    y: tuple[float, ...]


class Plot(msgspec.Struct, frozen=True):
    """What is to be drawn.

    Attributes:
        lines: all of them.
        x_range: of the horizontal axis.
        y_range: of the vertical one.
        x_unit: as written at its end.
        y_unit: likewise.
        empty: what is said where there are no lines.
    """

    lines: tuple[PlotLine, ...] = ()
    x_range: tuple[float, float] = (0.0, 1.0)
    y_range: tuple[float, float] = (0.0, 1.0)
    x_unit: str = ""
    y_unit: str = ""
    empty: str = ""

    def x_ticks(self, most: int) -> list[float]:
        """Where the horizontal axis is labelled."""
        return ticks(*self.x_range, most)

    def y_ticks(self, most: int) -> list[float]:
        """Where the vertical one is."""
        return ticks(*self.y_range, most)

    def read(self, share: float) -> tuple[float, list[tuple[PlotLine, float]]]:
        """What the cursor reads at a share of the width: x, and each line's value nearest to it."""
        low, high = self.x_range
        x = low + share * (high - low)
        read = []
        for line in self.lines:
            xs = np.asarray(line.x)
            known = np.flatnonzero(~np.isnan(xs))
            if known.size:
                nearest = known[int(np.abs(xs[known] - x).argmin())]
                read.append((line, line.y[nearest]))
        return x, read


def curves_plot(
    curves: Curves, values: Sequence[ToolValues], scale: Scale | None, span_s: float
) -> Plot:
    """The curves of all tools over the last seconds: of spots the value, of others the hottest."""
    if scale is None or not values:
        return Plot(empty=tr("Tools draw their curves here: click into the picture"))
    per_s, unit = _time_unit(span_s)
    lines = []
    for number, each in enumerate(values):
        points = curves.points(each.tool.name, span_s)
        if len(points):
            points = _with_gaps(points)
            x = (points[:, 0] - curves.now_s) / per_s
            y = _shown(points[:, _HIGH], scale)
            lines.append(PlotLine(each.tool.name, number, tuple(x), tuple(y)))
    return Plot(
        lines=tuple(lines),
        x_range=(-span_s / per_s, 0.0),
        y_range=_range(lines, scale),
        x_unit=unit,
        y_unit=scale.symbol,
        empty="" if lines else tr("no value yet"),
    )


def profile_plot(line: Line | None, pictures: Sequence[tuple[str, Picture | None]]) -> Plot:
    """The profile of a line, off each picture that is a measurement.

    Args:
        line: which; None where there is none.
        pictures: by what is written at the curve.
    """
    if line is None:
        return Plot(empty=tr("A line has a profile: N, then drag"))
    lines, scale = [], None
    for number, (name, picture) in enumerate(pictures):
        if picture is None or picture.scale is None:
            continue
        parameters = line.parameters
        scale = picture.scale
        if parameters is not None:
            scale = Scale.of(scale.radiometry, scale.unit, parameters)
        y = _shown(profile_along(line, picture.pixels, scale), scale)
        x = np.linspace(0, 100, len(y)) if len(y) > 1 else np.array([50.0])
        lines.append(PlotLine(f"{line.name} {name}", number, tuple(x), tuple(y)))
    if scale is None:
        return Plot(empty=tr("No measurement, no profile"))
    return Plot(tuple(lines), (0.0, 100.0), _range(lines, scale), tr("% of the line"), scale.symbol)


def _shown(kelvins: Points, scale: Scale) -> Points:
    if scale.radiometry is None:
        return kelvins
    return np.array([scale.unit.from_kelvin(float(kelvin)) for kelvin in kelvins])


def _with_gaps(points: Points) -> Points:
    """With a row of NaN where nothing was read for a while."""
    if len(points) < 3:
        return points
    apart = np.diff(points[:, 0])
    gaps = np.flatnonzero(apart > _GAP * max(float(np.median(apart)), 0.2)) + 1
    return np.insert(points, gaps, np.nan, axis=0) if gaps.size else points


def _range(lines: Sequence[PlotLine], scale: Scale) -> tuple[float, float]:
    known = [value for line in lines for value in line.y if math.isfinite(value)]
    if not known:
        return 0.0, 1.0
    low, high = min(known), max(known)
    flattest = 2.0 if scale.radiometry is None else _FLATTEST_K * scale.unit.per_kelvin
    room = max(flattest - (high - low), 0.1 * (high - low)) / 2
    return low - room, high + room


def _time_unit(span_s: float) -> tuple[float, str]:
    """Seconds in the unit that a span is told in, and its name."""
    if span_s <= 60:
        return 1.0, "s"
    return (60.0, "min") if span_s <= 3600 else (3600.0, "h")
