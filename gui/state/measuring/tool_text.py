"""Tools and their values as text: on the picture, in the table, on the clipboard. No Qt."""

from collections.abc import Sequence

import msgspec

from gui.language import mark, tr
from gui.panes import Pane
from gui.state.annotations import ToolMark
from gui.state.measuring.readings import ToolValues
from streamer.measuring.shapes import Spot
from streamer.thermal.scale import Scale, Unit
from streamer.thermal.tool_readings import ToolReading

_NOTHING = "\N{EN DASH}"
COLUMNS = (
    mark("Name"),
    mark("SR mean"),
    mark("SR min"),
    mark("SR max"),
    mark("SR SD"),
    mark("Sensor mean"),
    mark("Sensor min"),
    mark("Sensor max"),
    mark("Sensor SD"),
    mark("Pixels"),
    "\N{GREEK CAPITAL LETTER DELTA}",
    "\N{GREEK SMALL LETTER EPSILON}",
)
TIPS = (
    mark("Double-click, or F2, to name it"),
    mark("Mean of its super-resolved pixels"),
    mark(
        "The coldest of its super-resolved pixels, with how far it may be off where that was "
        "foretold"
    ),
    mark(
        "The hottest of its super-resolved pixels, with how far it may be off where that was "
        "foretold"
    ),
    mark("Standard deviation of its super-resolved pixels"),
    mark("Mean of its sensor pixels: what was measured"),
    mark("The coldest of its sensor pixels"),
    mark("The hottest of its sensor pixels"),
    mark("Standard deviation of its sensor pixels"),
    mark("How many pixels it covers: super-resolved, and of the sensor"),
    mark("Its mean minus that of the reference (D makes the selected tool the reference)"),
    mark("Emissivity that holds for it"),
)


class TableRow(msgspec.Struct, frozen=True):
    """One tool in the table: a text a column, in the order of COLUMNS."""

    cells: tuple[str, ...]

    @property
    def name(self) -> str:
        """Of the tool."""
        return self.cells[0]


def table_rows(values: Sequence[ToolValues], reference: str) -> tuple[TableRow, ...]:
    """A row for each tool."""
    return tuple(TableRow(_cells(each, reference)) for each in values)


def table_text(rows: Sequence[TableRow], unit: str) -> str:
    """The table as tab-separated text with a line of titles, as spreadsheets paste it."""
    titles = (f"{tr(COLUMNS[0])} ({unit})", *map(tr, COLUMNS[1:]))
    return "\n".join("\t".join(cells) for cells in (titles, *(row.cells for row in rows))) + "\n"


def tool_mark(
    values: ToolValues, pane: Pane, *, selected: bool, marked: bool, alarmed: bool
) -> ToolMark:
    """A tool as it is drawn onto a pane.

    Args:
        values: what it reads.
        pane: onto which; on one that is no measurement it has a name and no value.
        selected: whether its handles are shown.
        marked: whether its hottest and coldest are.
        alarmed: whether an alarm holds for it.
    """
    tool, read = values.tool, values.of(pane)
    area = not isinstance(tool, Spot)
    reading = read[0] if read is not None and area and marked else None
    return ToolMark(
        outline=tool.outline(),
        closed=tool.closed,
        labels=(tool.name,) if read is None else _labels(values, *read, pane, whole=selected),
        handles=tool.handles() if selected else (),
        hottest=None if reading is None else reading.hottest,
        coldest=None if reading is None else reading.coldest,
        alarmed=alarmed,
    )


def difference_of(kelvin: float, scale: Scale) -> str:
    """A signed difference of temperatures, or of counts."""
    if kelvin != kelvin:  # NaN
        return _NOTHING
    if scale.radiometry is None:
        return f"{kelvin:+.0f}"
    symbol = "°F" if scale.unit is Unit.FAHRENHEIT else "K"
    return f"{kelvin * scale.unit.per_kelvin:+.1f} {symbol}"


def _labels(
    values: ToolValues, reading: ToolReading, scale: Scale, pane: Pane, *, whole: bool
) -> tuple[str, ...]:
    """The forms of a label, the fullest first; each says which kind of pixel gave the value."""
    tool, tail = values.tool, tr(" sensor") if pane is Pane.THERMAL else tr(" SR")
    if tool.parameters is not None and scale.radiometry is not None:
        tail += f" \N{GREEK SMALL LETTER EPSILON} {tool.parameters.emissivity:.2f}"
    high = scale.kelvin_text(reading.maximum, reading.hottest_sigma)
    if isinstance(tool, Spot):
        return f"{tool.name}  {high}{tail}", tool.name
    short = tr("{name}  max {high}{tail}", name=tool.name, high=high, tail=tail)
    if not whole:
        return short, tool.name
    low, mean = scale.kelvin_text(reading.minimum), scale.kelvin_text(reading.mean)
    return (
        tr(
            "{name}  mean {mean}, {low} to {high}{tail}",
            name=tool.name,
            mean=mean,
            low=low,
            high=high,
            tail=tail,
        ),
        short,
        tool.name,
    )


def _cells(values: ToolValues, reference: str) -> tuple[str, ...]:
    tool = values.tool
    sides: list[str] = []
    for reading, scale in (
        (values.result, values.result_scale),
        (values.sensor, values.sensor_scale),
    ):
        sides += _side(reading, scale)
    pixels = " / ".join(
        str(reading.pixels) for reading in (values.result, values.sensor) if reading is not None
    )
    scale = values.result_scale or values.sensor_scale
    delta = ""
    if tool.name == reference:
        delta = tr("reference")
    elif values.delta is not None and scale is not None:
        delta = difference_of(values.delta, scale)
    degrees = scale is not None and scale.radiometry is not None
    emissivity = f"{values.parameters.emissivity:.2f}" if degrees else _NOTHING
    if degrees and tool.parameters is not None:
        emissivity += tr(" own")
    return (tool.name, *sides, pixels or _NOTHING, delta, emissivity)


def _side(reading: ToolReading | None, scale: Scale | None) -> tuple[str, str, str, str]:
    if reading is None or scale is None:
        return _NOTHING, _NOTHING, _NOTHING, _NOTHING
    spread = reading.deviation * scale.unit.per_kelvin
    deviation = f"{reading.deviation:.0f}" if scale.radiometry is None else f"{spread:.2f}"
    return (
        scale.kelvin_text(reading.mean),
        scale.kelvin_text(reading.minimum, reading.coldest_sigma),
        scale.kelvin_text(reading.maximum, reading.hottest_sigma),
        deviation,
    )
