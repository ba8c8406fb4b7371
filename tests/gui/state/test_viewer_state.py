import pytest

from gui.panes import Pane
from gui.state.viewer_state import ViewerState
from streamer.config.schema import ViewerConfig
from streamer.messages import Radiometry
from streamer.thermal.palettes import PALETTES
from streamer.thermal.scale import Scale, Unit
from streamer.thermal.span import LockedSpan, Span

SCALE = Scale(Radiometry(0.01, 0.0), Unit.CELSIUS)


def test_begins_as_configured():
    state = ViewerState.from_config(ViewerConfig(palette="magma", unit="kelvin"))
    assert (state.palette, state.unit) == ("magma", Unit.KELVIN)


def test_palettes_go_round():
    state = ViewerState()
    for _ in PALETTES:
        state.next_palette(1)
    assert state.palette == "iron"
    state.next_palette(-1)
    assert state.palette == list(PALETTES)[-1]


def test_swapping_keeps_every_pane():
    state = ViewerState()
    for pane in (Pane.THERMAL, Pane.THERMAL, Pane.INFLUENCE, Pane.RESULT):
        state.enlarge(pane)
        assert state.large is pane
        assert sorted(state.slots) == sorted(Pane)


def test_a_span_locked_in_counts_is_not_taken_for_kelvin():
    state = ViewerState()
    state.lock(Span(10, 200), Scale(None, Unit.CELSIUS))
    assert state.locked == LockedSpan(10, 200, radiometric=False)
    assert state.locked.counts(SCALE) is None


def test_span_steps():
    state, span = ViewerState(), Span(29000, 30000)
    state.stretch(span, SCALE, 1)
    assert state.locked.counts(SCALE).width == pytest.approx(1100)
    state.stretch(span, SCALE, -1)
    assert state.locked.counts(SCALE).width == pytest.approx(900)
    state.shift(span, SCALE, 1)
    assert state.locked.counts(SCALE).low == pytest.approx(29100)
    state.lock(Span(29000, 29000), SCALE)
    assert state.locked.counts(SCALE).width > 0
