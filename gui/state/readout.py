"""The values read off the large picture: marks on it, and one line of text. No Qt."""

import math

import msgspec

from gui.language import mark, tr
from gui.panes import Pane
from gui.state.measuring.parameter_form import parameters_text
from gui.state.picture import Origin, Picture
from gui.state.viewer_state import Threshold, ViewerState
from streamer.messages import INFLUENCE_ZERO, Mode, SuperResolvedFrame
from streamer.thermal.isotherm import Isotherm
from streamer.thermal.readings import Extremes, Reading, extremes, reading_at
from streamer.thermal.scale import Scale
from streamer.thermal.validity import count_invalid

_HINT = mark("click for a spot, drag for a box")


class Readout(msgspec.Struct, frozen=True):
    """What can be read off one picture at one moment."""

    line: str
    cursor: float | None = None
    extremes: Extremes | None = None


def read_off(picture: Picture | None, state: ViewerState, found: Extremes | None = None) -> Readout:
    """Takes every reading the state asks for; none from what is no measurement.

    Args:
        picture: off which.
        state: the user's choices.
        found: its hottest and coldest, where they are known already.
    """
    if picture is None:
        return Readout("")
    counts, scale = picture.counts, picture.scale
    if counts is None or scale is None:
        if picture.pane is Pane.VISIBLE:
            return Readout(tr("The visible picture carries no temperatures"))
        return Readout(tr("Not a measurement: no temperatures without the thermal camera"))
    under = reading_at(counts, *state.cursor) if state.cursor else None
    if picture.pane is Pane.INFLUENCE:
        return _influence(picture, under)
    found = found or extremes(counts, scale.radiometry, picture.bad)
    origin = picture.origin.short if picture.origin else ""
    values = tr(
        "{origin}: hottest {hottest}, coldest {coldest}",
        origin=origin,
        hottest=picture.text(found.hottest),
        coldest=picture.text(found.coldest),
    )
    parts = [values]
    if picture.isotherm is not None:
        parts.insert(0, _isotherm_text(picture.isotherm, scale))
    if under is not None:
        place = f"{picture.origin.words if picture.origin else ''} {under.column}, {under.row}"
        parts.insert(0, f"{picture.text(under)}  ({place})")
    if picture.origin is Origin.SENSOR and (none := count_invalid(counts, picture.bad)):
        found_bad = 0 if picture.bad is None else int(picture.bad.sum())
        over_time = tr(", {found_bad} found over time", found_bad=found_bad) if found_bad else ""
        parts.append(
            tr("{none} pixels without a reading (grey{over_time})", none=none, over_time=over_time)
        )
    if scale.correction is not None:
        parts.append(parameters_text(scale.correction.parameters))
    if len(parts) == 1 and not state.measuring.tools.tools:
        parts.append(tr(_HINT))
    line = "   \N{MIDDLE DOT}   ".join(parts)
    return Readout(line, under.counts if under else None, found if state.markers else None)


def threshold_of(picture: Picture, state: ViewerState) -> Threshold | None:
    """The value under the pointer, or one near the hot end, as an end of the isotherm."""
    counts, scale, span = picture.counts, picture.scale, picture.span
    if counts is None or scale is None or span is None:
        return None
    under = reading_at(counts, *state.cursor) if state.cursor else None
    value = under.counts if under else span.low + 0.8 * span.width
    return Threshold(scale.kelvin(value), scale.radiometry is not None)


def _isotherm_text(isotherm: Isotherm, scale: Scale) -> str:
    low = "" if isotherm.low is None else scale.text(isotherm.low)
    high = "" if isotherm.high is None else scale.text(isotherm.high)
    if not (low and high):
        return tr("green from {low}", low=low) if low else tr("green up to {high}", high=high)
    if isotherm.is_band:
        return tr("green from {low} to {high}", low=low, high=high)
    return tr("green up to {high} and from {low}", high=high, low=low)


def hottest_value(result: SuperResolvedFrame | None, state: ViewerState) -> tuple[float, str]:
    """The hottest value of a result and its unit; NaN and no unit where nothing is measured."""
    if result is None or result.mode is Mode.VISIBLE_ONLY:
        return math.nan, ""
    scale = Scale.of(result.radiometry, state.unit, state.measuring.tools.parameters)
    return scale.value(extremes(result.pixels, scale.radiometry).hottest.counts), scale.symbol


def _influence(picture: Picture, under: Reading | None) -> Readout:
    assert picture.scale is not None
    if under is None:
        return Readout(
            tr("What the guide added: guided minus thermal alone; dark is no difference")
        )
    by = under.counts - INFLUENCE_ZERO
    difference = picture.scale.difference_text(by)
    if by > 0:
        text = tr("The guide made this pixel {difference} warmer", difference=difference)
    elif by < 0:
        text = tr("The guide made this pixel {difference} colder", difference=difference)
    else:
        text = tr("The guide left this pixel as it was")
    return Readout(text, under.counts)
