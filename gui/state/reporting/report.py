"""What a report says of one moment. No Qt."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from gui.language import mark, tr
from gui.state.measuring.tool_text import COLUMNS, TableRow
from gui.status.alarm_words import alarm_name, alarm_words
from gui.status.told import told
from streamer.measuring.object_parameters import ObjectParameters
from streamer.messages import Mode
from streamer.messages.alarms import AlarmState

_NOTHING = ("", "\N{EN DASH}")
_TITLES = {
    "recording": mark("Recording"),
    "thermal_camera": mark("Thermal camera"),
    "visible_camera": mark("Visible camera"),
    "model": mark("Super-resolved by"),
    "engine": mark("Engine, precision"),
    "thermal_sequence": mark("Thermal frame"),
}
_MADE_FROM: dict[Mode | None, str] = {
    Mode.GUIDED: mark("thermal and visible picture"),
    Mode.THERMAL_ONLY: mark("the thermal picture alone"),
    Mode.HOLD: mark("the last pictures before: it is held"),
    Mode.VISIBLE_ONLY: mark("the visible picture alone: not a measurement"),
}


TITLE = mark("Thermal inspection")
"""Of a report that was given none."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One moment, as it is handed to somebody else.

    Attributes:
        title: what it is about.
        author: who answers for it; empty for nobody.
        when: when the picture was taken, or saved where that is not known.
        stamp: what the picture bears: that it is no measurement, held, frozen.
        caption: what the picture is.
        second: what the picture beside it is; empty where there is none.
        facts: what it was taken from and how, by title.
        columns: titles of the table of tools.
        rows: its cells.
        curves: what is plotted; empty for no plot.
        alarms: where each alarm stands, in words.
        remarks: as they were typed.
    """

    title: str = TITLE
    author: str = ""
    when: str = ""
    stamp: str = ""
    caption: str = ""
    second: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    curves: str = ""
    alarms: tuple[str, ...] = ()
    remarks: str = ""


def when_of(facts: Mapping[str, str]) -> str:
    """When a picture with these facts was taken, to the second; the saving is named as such."""
    said = facts.get("captured")
    moment = f"{datetime.fromisoformat(said or facts['saved']):%Y-%m-%d %H:%M:%S %z}".rstrip()
    return moment if said else tr("made {moment}", moment=moment)


def fact_lines(
    facts: Mapping[str, str], parameters: ObjectParameters, mode: Mode | None, *, degrees: bool
) -> tuple[tuple[str, str], ...]:
    """What a report tells of where a picture came from.

    Args:
        facts: as a saved picture has them.
        parameters: of the objects in the whole picture.
        mode: of a result; None of a sensor's own picture.
        degrees: whether the picture has any.
    """
    lines = [(tr(title), facts[name]) for name, title in _TITLES.items() if facts.get(name)]
    if "recording_s" in facts:
        lines.append(
            (tr("Moment of it"), tr("{seconds} s from its start", seconds=facts["recording_s"]))
        )
    if mode in _MADE_FROM:
        lines.insert(0, (tr("Made from"), tr(_MADE_FROM[mode])))
    if not degrees:
        return (*lines, (tr("Values"), tr("relative: this picture has no degrees")))
    return (*lines, *_parameter_lines(parameters))


def table_of(rows: Sequence[TableRow]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Titles and cells of the table of tools, without columns in which nothing stands."""
    kept = [
        column
        for column in range(len(COLUMNS))
        if any(row.cells[column] not in _NOTHING for row in rows)
    ]
    cells = tuple(tuple(row.cells[column] for column in kept) for row in rows)
    return tuple(tr(COLUMNS[column]) for column in kept), cells


def alarm_lines(alarms: Sequence[AlarmState]) -> tuple[str, ...]:
    """Where each alarm stands."""
    lines = []
    for alarm in alarms:
        if alarm.problem:
            stands = tr("cannot hold: {problem}", problem=told(alarm.problem))
        else:
            stands = tr("ALARM") if alarm.active else tr("no alarm")
        lines.append(
            f"{alarm_name(alarm.name)}: {stands}. {alarm_words(alarm.text)}".removesuffix(". ")
        )
    return tuple(lines)


def _parameter_lines(parameters: ObjectParameters) -> list[tuple[str, str]]:
    if parameters.changes_nothing:
        return [(tr("Emissivity"), tr("1.00: the camera's own temperatures"))]
    lines = [
        (tr("Emissivity"), f"{parameters.emissivity:.2f}"),
        (tr("Reflected temperature"), f"{parameters.reflected_celsius:g} °C"),
    ]
    if parameters.distance_m:
        air = tr(
            "{atmosphere_celsius:g} °C, {humidity_percent:g} % humidity",
            atmosphere_celsius=parameters.atmosphere_celsius,
            humidity_percent=parameters.humidity_percent,
        )
        lines.append((tr("Air"), f"{parameters.distance_m:g} m, {air}"))
    if parameters.window_transmission < 1:
        window = tr(
            "{window_transmission:.2f} at {window_celsius:g} °C",
            window_transmission=parameters.window_transmission,
            window_celsius=parameters.window_celsius,
        )
        lines.append((tr("Transmission of the window"), window))
    return lines
