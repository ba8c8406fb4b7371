from datetime import UTC, datetime

import numpy as np
import pytest

from gui.state.aligning.alignment import Alignment
from gui.state.aligning.words import placement_text
from streamer.calibration.calibration import Calibration, Placement, View
from streamer.calibration.finding.fit import Fit
from streamer.calibration.stored import load_calibration, save_calibration

THERMAL = View(camera="core", width=160, height=120)
WIDE = View(camera="webcam", width=1280, height=720)
SQUARE = View(camera="webcam", width=640, height=480)
RUN = Calibration(
    method="itself",
    residual_px=0.4,
    confidence=0.9,
    visible=SQUARE,
    thermal=THERMAL,
    matrix=((1.1, 0.0, 0.0), (0.0, 1.1, 0.0), (0.0, 0.0, 1.0)),
)


def test_a_wide_picture_begins_by_covering_the_thermal_one():
    first = Alignment(WIDE, THERMAL, None).calibration
    corners = first.visible_points(np.array([[1.0, 0.75], [-1.0, -0.75]]))
    assert np.abs(corners[:, 1]).max() == pytest.approx(720 / 1280)
    assert np.abs(corners[:, 0]).max() < 1
    assert first.method == "hand"


def test_the_runs_own_calibration_is_where_it_begins_and_before():
    alignment = Alignment(SQUARE, THERMAL, RUN)
    assert alignment.calibration is RUN
    alignment.shift(10, 0)
    alignment.before = True
    assert alignment.shown is RUN
    assert placement_text(alignment).startswith("Before, as this run has it: ")
    alignment.turn(1)  # whoever changes something looks at what it becomes
    assert alignment.shown is alignment.calibration


def test_what_is_moved_by_hand_carries_no_residual_of_what_was_found():
    alignment = Alignment(SQUARE, THERMAL, None)
    found = alignment.take(Fit.given(np.eye(3)), "itself", 0.51234, 0.98765)
    assert (found.residual_px, found.confidence) == (0.512, 0.988)
    assert "0.5 px from what it was made of" in placement_text(alignment)
    alignment.enlarge(2)
    now = alignment.calibration
    assert (now.method, now.residual_px, now.confidence) == ("itself", None, None)
    assert Placement.of(now).scale == pytest.approx(1 / 1.005**2)


def test_every_step_can_be_taken_back_and_starting_over_too():
    alignment = Alignment(SQUARE, THERMAL, None)
    first = alignment.calibration
    alignment.shift(3, 4)
    moved = alignment.calibration
    alignment.start_over()
    assert alignment.calibration is first
    alignment.undo()
    assert alignment.calibration is moved
    alignment.undo()
    alignment.undo()
    assert alignment.calibration is first
    assert not alignment.can_undo


def test_long_work_keeps_the_first_step():
    alignment = Alignment(SQUARE, THERMAL, None)
    first = alignment.calibration
    for _ in range(500):
        alignment.shift(0.1, 0)
    assert Placement.of(alignment.calibration).shift_px[0] == pytest.approx(-50)
    while alignment.can_undo:
        alignment.undo()
    assert alignment.calibration is first


def test_what_is_saved_is_what_is_seen_and_reads_back(tmp_path):
    alignment = Alignment(SQUARE, THERMAL, None)
    alignment.shift(3, 4)
    kept = alignment.to_save(datetime(2026, 5, 1, tzinfo=UTC))
    assert alignment.unsaved  # nothing has been written yet
    save_calibration(kept, tmp_path / "pair.yaml")
    alignment.saved()
    assert not alignment.unsaved
    read = load_calibration(tmp_path / "pair.yaml")
    assert (read.method, read.date, read.visible) == ("hand", "2026-05-01T00:00:00+00:00", SQUARE)
    assert read.matrix == alignment.calibration.matrix
