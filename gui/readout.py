"""The values read off the large picture: marks on it, and one line of words. No Qt."""

import msgspec

from gui.measure import Extremes, Reading, extremes, reading_at
from gui.pictures import Picture
from gui.render import INFLUENCE_ZERO
from gui.viewer_state import Pane, ViewerState

_HINT = "point to read, click to pin a spot"


class Readout(msgspec.Struct, frozen=True):
    """What can be read off one picture at one moment."""

    line: str
    cursor: float | None = None
    extremes: Extremes | None = None
    spots: tuple[Reading, ...] = ()


def read_off(picture: Picture | None, state: ViewerState) -> Readout:
    """Takes every reading the state asks for; none from what is no measurement."""
    if picture is None:
        return Readout("")
    counts, scale = picture.counts, picture.scale
    if counts is None or scale is None:
        if picture.pane is Pane.VISIBLE:
            return Readout("The visible picture carries no temperatures")
        return Readout("Not a measurement: no temperatures without the thermal camera")
    under = reading_at(counts, *state.cursor) if state.cursor else None
    if picture.pane is Pane.INFLUENCE:
        return _influence(picture, under)
    found = extremes(counts, scale.radiometry)
    values = (
        f"hottest {scale.text(found.hottest.counts)}, coldest {scale.text(found.coldest.counts)}"
    )
    if under is None:
        line = f"{values}   \N{MIDDLE DOT}   {_HINT}"
    else:
        place = f"{picture.origin} {under.column}, {under.row}"
        line = f"{scale.text(under.counts)}  ({place})   \N{MIDDLE DOT}   {values}"
    spots = tuple(reading_at(counts, u, v) for u, v in state.spots) if state.markers else ()
    cursor = under.counts if under else None
    return Readout(line, cursor, found if state.markers else None, spots)


def _influence(picture: Picture, under: Reading | None) -> Readout:
    assert picture.scale is not None
    if under is None:
        return Readout("What the guide added: guided minus thermal alone; dark is no difference")
    by = under.counts - INFLUENCE_ZERO
    word = "warmer" if by > 0 else "colder"
    text = f"The guide made this pixel {picture.scale.difference_text(by)} {word}" if by else ""
    return Readout(text or "The guide left this pixel as it was", under.counts)
