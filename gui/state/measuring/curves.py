"""What tools read over time: seconds at once, a day in coarse steps, in memory that is bounded."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gui.state.measuring.readings import ToolValues
from streamer.thermal.scale import Scale

Points = NDArray[np.float64]
"""(points, 4): seconds, then minimum, mean and maximum in kelvin, or in counts."""

SPANS_S: Final = (10.0, 60.0, 600.0, 3600.0, 86400.0)
"""What can be looked at."""

_LEVELS: Final = ((0.1, 1200), (2.0, 1800), (30.0, 2880))  # step in seconds, steps kept
_BACK_S = 0.5  # time that goes back by more than this has jumped


class _Level:
    """A ring of steps: of all that came within one, minimum, mean and maximum are kept."""

    def __init__(self, step_s: float, capacity: int) -> None:
        self.step_s, self.reach_s = step_s, step_s * capacity
        self._rows = np.full((capacity, 4), np.nan)
        self._next = 0
        self._filled = 0
        self._step: int | None = None
        self._count = 0

    def add(self, at_s: float, low: float, mean: float, high: float) -> None:
        step = int(at_s // self.step_s)
        if step != self._step:
            self._step, self._count = step, 1
            self._rows[self._next] = at_s, low, mean, high
            self._next = (self._next + 1) % len(self._rows)
            self._filled = min(self._filled + 1, len(self._rows))
            return
        row = self._rows[self._next - 1]
        self._count += 1
        row[1] = min(row[1], low)
        row[2] += (mean - row[2]) / self._count
        row[3] = max(row[3], high)

    def since(self, from_s: float) -> Points:
        rows = np.roll(self._rows, -self._next, axis=0)[len(self._rows) - self._filled :]
        return rows[rows[:, 0] >= from_s]


class Curve:
    """What one tool read."""

    def __init__(self) -> None:
        self._levels = [_Level(*level) for level in _LEVELS]

    def add(self, at_s: float, low: float, mean: float, high: float) -> None:
        """Takes what it read at a moment."""
        for level in self._levels:
            level.add(at_s, low, mean, high)

    def points(self, now_s: float, span_s: float) -> Points:
        """The last seconds, in the finest steps that reach so far back."""
        level = next((each for each in self._levels if each.reach_s >= span_s), self._levels[-1])
        return level.since(now_s - span_s)


class Curves:
    """The curves of all tools; values of another kind of scale, or a jump in time, begin anew.

    Attributes:
        now_s: when something was added last.
    """

    def __init__(self) -> None:
        self.now_s = -np.inf
        self._curves: dict[str, Curve] = {}
        self._radiometric: bool | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Of the tools that have one."""
        return tuple(self._curves)

    def add(self, at_s: float, values: Sequence[ToolValues]) -> None:
        """Takes what every tool reads: super-resolved, else of the sensor.

        Args:
            at_s: when, in seconds of the frames' time.
            values: of all tools; a tool that is not among them has no curve any more.
        """
        read = {}
        for each in values:
            reading, scale = each.result or each.sensor, each.result_scale or each.sensor_scale
            if reading is not None and scale is not None:
                read[each.tool.name] = reading
                self._begin_with(scale)
        if at_s < self.now_s - _BACK_S:
            self._curves.clear()
        self.now_s = at_s
        names = {each.tool.name for each in values}
        self._curves = {name: curve for name, curve in self._curves.items() if name in names}
        for name, reading in read.items():
            if name not in self._curves:  # a new one is 190 kB: not made to be thrown away
                self._curves[name] = Curve()
            if np.isfinite(reading.mean):
                self._curves[name].add(at_s, reading.minimum, reading.mean, reading.maximum)

    def renamed(self, name: str, to: str) -> None:
        """A tool has another name."""
        if name in self._curves:
            self._curves[to] = self._curves.pop(name)

    def points(self, name: str, span_s: float) -> Points:
        """The last seconds of a tool's curve; none where there is none."""
        curve = self._curves.get(name)
        return np.empty((0, 4)) if curve is None else curve.points(self.now_s, span_s)

    def table(self, scale: Scale, span_s: float, between: str) -> str:
        """The last seconds of all curves: a line a step, minimum, mean and maximum of each tool.

        Args:
            scale: what values are told in.
            span_s: how far back.
            between: what stands between two values: a comma, or a tabulator.
        """
        unit = scale.symbol
        steps: dict[float, dict[str, Points]] = {}
        for name in self._curves:
            for row in self.points(name, span_s):
                steps.setdefault(float(row[0]), {})[name] = row[1:]
        titles = [
            f"{name} {end} ({unit})" for name in self._curves for end in ("min", "mean", "max")
        ]
        lines = [between.join(_quoted(title) for title in ("seconds", *titles))]
        first_s = min(steps, default=0.0)
        for at_s in sorted(steps):
            cells = [f"{at_s - first_s:.2f}"]
            for name in self._curves:
                row = steps[at_s].get(name)
                cells += ["", "", ""] if row is None else [_number(value, scale) for value in row]
            lines.append(between.join(cells))
        return "\n".join(lines) + "\n"

    def _begin_with(self, scale: Scale) -> None:
        radiometric = scale.radiometry is not None
        if radiometric is not self._radiometric:
            self._radiometric = radiometric
            self._curves.clear()


def _number(value: float, scale: Scale) -> str:
    if scale.radiometry is None:
        return f"{value:.1f}"
    return f"{scale.unit.from_kelvin(float(value)):.2f}"


def _quoted(text: str) -> str:
    """As CSV wants a text that may hold its signs, and as no spreadsheet takes for a formula."""
    if text[:1] in "=+-@":
        text = f"'{text}"
    quoted = text.replace('"', '""')
    return f'"{quoted}"' if any(sign in text for sign in ',"\n\t') else text
