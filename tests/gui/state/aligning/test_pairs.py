import numpy as np
import pytest

from gui.panes import Pane
from gui.state.aligning.pairs import ClickedPairs
from streamer.calibration.errors import CalibrationError

SIZES = (480, 640), (120, 160)
CORNERS = ((0.1, 0.1), (0.9, 0.15), (0.1, 0.9), (0.85, 0.9))


def click(pairs, places):
    for place in places:
        pairs.click(Pane.VISIBLE, place)
        pairs.click(Pane.THERMAL, place)


def test_pairs_are_complete_when_both_are_clicked():
    pairs = ClickedPairs()
    pairs.click(Pane.THERMAL, (0.5, 0.5))
    assert pairs.words() == "Now the same place 1 in the visible picture, on the left."
    pairs.click(Pane.THERMAL, (0.4, 0.5))  # thought better of it
    pairs.click(Pane.VISIBLE, (1.2, 0.5))  # beside the picture
    assert (pairs.complete, pairs.places(Pane.THERMAL)) == (0, ((0.4, 0.5),))
    pairs.click(Pane.VISIBLE, (0.4, 0.5))
    assert pairs.complete == 1
    assert "3 more pairs at least" in pairs.words()
    click(pairs, CORNERS[:2])
    assert "1 more pair at least" in pairs.words()


def test_the_last_point_is_taken_back_and_a_whole_pair_at_once():
    pairs = ClickedPairs()
    click(pairs, CORNERS[:2])
    pairs.click(Pane.VISIBLE, (0.5, 0.5))
    pairs.take_back()
    assert (len(pairs.places(Pane.VISIBLE)), pairs.complete) == (2, 2)
    pairs.take_back()
    assert (len(pairs.places(Pane.VISIBLE)), pairs.complete) == (1, 1)
    pairs.take_back()
    pairs.take_back()
    assert pairs.places(Pane.THERMAL) == ()


def test_the_same_places_in_both_are_no_change_at_all():
    pairs = ClickedPairs()
    click(pairs, CORNERS)
    assert pairs.enough
    found = pairs.fit(*SIZES)
    assert found.fit.matrix == pytest.approx(np.eye(3), abs=1e-6)
    assert found.residual_px == pytest.approx(0, abs=1e-3)


def test_too_few_and_those_on_a_line_are_refused_in_words():
    pairs = ClickedPairs()
    click(pairs, CORNERS[:3])
    with pytest.raises(CalibrationError, match="4 pairs of points"):
        pairs.fit(*SIZES)
    pairs.clear()
    click(pairs, [(0.2 * step, 0.2 * step) for step in range(1, 5)])
    with pytest.raises(CalibrationError, match="lie on a line"):
        pairs.fit(*SIZES)
