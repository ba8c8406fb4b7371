import logging

import numpy as np
import pytest

from models.imaging.canvas import fitted
from streamer.calibration.calibration import Calibration, Parallax, View, rows_of
from streamer.calibration.geometry import similarity
from streamer.calibration.timeline import TimedCalibration
from streamer.clock import NS_PER_S, HostNs, StreamNs
from streamer.messages import FollowedDrift, Mode, StreamState
from streamer.worker.guides.alignment import GuideAlignment
from streamer.worker.pairs.modes import ModeMachine
from tests.streamer.calibration.test_warp import CANVAS, SENSOR, calibration, picture

OK = StreamState.OK


def test_without_a_calibration_guides_come_as_ever():
    plain = GuideAlignment(None, 0.0)
    guide = picture(90, 160)
    assert plain.takes((90, 160), SENSOR, CANVAS)
    assert np.array_equal(plain.fit(guide, CANVAS), fitted(guide, CANVAS))
    assert plain.state is None


def test_a_calibration_of_other_pictures_is_refused_and_the_run_goes_on_thermal_only(caplog):
    alignment = GuideAlignment(calibration(size=(90, 160)), 0.0)
    with caplog.at_level(logging.WARNING):
        assert not alignment.takes((120, 160), SENSOR, CANVAS)
        assert not alignment.takes((120, 160), SENSOR, CANVAS)
    assert len(caplog.messages) == 1
    assert alignment.state is not None
    assert "160x90, and 160x120 came" in alignment.state.refused
    modes = ModeMachine()
    modes.guide_refused = alignment.refused
    change = modes.update(OK, OK, StreamNs(0))
    assert change is not None
    assert (change.current, change.reason) == (Mode.THERMAL_ONLY, alignment.refused)
    assert modes.update(OK, OK, StreamNs(1)) is None
    assert alignment.takes((90, 160), SENSOR, CANVAS)  # the camera is back in its own format
    assert alignment.refused == ""


def test_a_drift_is_warned_of_once(caplog):
    alignment = GuideAlignment(None, 2.0)
    guide = picture(480, 640)
    heat = guide[::4, ::4, 1].astype(np.uint16)
    moved = np.roll(guide, (0, 24), axis=(0, 1))
    now = 0
    with caplog.at_level(logging.WARNING):
        for look in range(8):
            now = HostNs(look * 2 * NS_PER_S)
            assert alignment.due(now)
            alignment.look(moved, heat, (480, 640), now)
            assert not alignment.due(HostNs(now + NS_PER_S))
    assert len(caplog.messages) == 1
    assert "lies +24, +0 px beside" in caplog.messages[0]
    assert alignment.state is not None
    assert alignment.state.drift_px == (24.0, 0.0)


FULL = (120, 160)


def moved(pixels):
    return calibration(similarity(1.0, 0.0, (pixels / 80, 0.0)))


def test_an_order_holds_from_the_first_result_that_is_later_than_all_others():
    guide = picture()
    alignment = GuideAlignment(moved(0), 0.0)
    assert alignment.begin(StreamNs(100)) is None
    assert alignment.takes(FULL, SENSOR, CANVAS)
    before = alignment.fit(guide, CANVAS)
    alignment.order(moved(8), 1)
    assert alignment.begin(StreamNs(90)) is None  # of a stream that is behind
    assert np.array_equal(alignment.fit(guide, CANVAS), before)
    told = alignment.begin(StreamNs(110))
    assert told is not None
    assert (told.from_ns, told.calibration, told.order) == (110, moved(8), 1)
    assert np.array_equal(alignment.fit(guide, CANVAS)[:, :152], guide[:, 8:])
    assert alignment.begin(StreamNs(120)) is None
    number = alignment.number
    late = alignment.begin(StreamNs(95))  # by its own time, as a replay will make it
    assert late is not None
    assert late.calibration == moved(0)
    assert alignment.number != number


def test_a_replay_lines_up_by_the_moment_and_anew_where_that_is_asked_for():
    changes = [TimedCalibration(StreamNs(50), moved(8)), TimedCalibration(StreamNs(70), None)]
    alignment = GuideAlignment(None, 0.0, changes)
    assert alignment.begin(StreamNs(49)) is None
    assert alignment.begin(StreamNs(50)).calibration == moved(8)
    assert alignment.begin(StreamNs(70)).calibration is None
    assert alignment.begin(StreamNs(55)).calibration == moved(8)  # after a jump back
    alignment.replace(moved(16), 3)
    told = alignment.begin(StreamNs(71))
    assert (told.calibration, told.order) == (moved(16), 3)
    assert alignment.begin(StreamNs(10)) is None


def test_an_order_that_cannot_be_right_leaves_what_was_used(caplog):
    alignment = GuideAlignment(moved(0), 0.0)
    alignment.begin(StreamNs(1))
    assert alignment.takes(FULL, SENSOR, CANVAS)
    alignment.order(calibration(np.diag([-1.0, 1.0, 1.0])), 1)
    with caplog.at_level(logging.WARNING):
        assert alignment.begin(StreamNs(2)) is None
    assert alignment.takes(FULL, SENSOR, CANVAS)
    assert "mirrors the visible picture: the one before is used on" in caplog.text
    assert alignment.state is not None
    assert "mirrors" in alignment.state.declined
    alignment.order(moved(8), 2)
    assert alignment.begin(StreamNs(3)) is not None
    assert alignment.state.declined == ""


def test_a_distance_that_no_baseline_gives_is_not_followed_and_that_is_said(caplog):
    with caplog.at_level(logging.WARNING):
        alignment = GuideAlignment(moved(0), 0.0, follows=True)
    assert "does not know the cameras' baseline" in caplog.text
    assert not alignment.due(HostNs(10**12))
    assert alignment.state.distance is None


def followed(alignment, guide, heat, looks, now=0):
    """The reasons of what changes meanwhile, and when it ends."""
    reasons = []
    for look in range(looks):
        told = alignment.begin(StreamNs(now + look))
        reasons += [told.reason] if told is not None else []
        assert alignment.takes(guide.shape[:2], heat.shape, (480, 640))
        moment = HostNs((now + look) * NS_PER_S)
        assert alignment.due(moment)
        alignment.look(guide, heat, (480, 640), moment)
    return reasons


def test_a_drift_is_taken_out_without_a_calibration_and_with_one(caplog):
    guide = picture(480, 640)
    heat = guide[::4, ::4, 1].astype(np.uint16)
    beside = np.roll(guide, (0, 6), axis=(0, 1))
    with caplog.at_level(logging.WARNING):
        alignment = GuideAlignment(None, 2.0, follows_drift=True)
        assert set(followed(alignment, beside, heat, 24)) == {"drift"}
        told = alignment.state.drift
        assert told.shift_px == pytest.approx((6, 0), abs=0.6)
        assert (told.steps >= 6, told.unsure) == (True, 0)
        lined_up = alignment.fit(beside, (480, 640))[:, 40:-40].astype(int)
        assert np.abs(lined_up - guide[:, 40:-40]).mean() < 12
        given = calibration(similarity(1.0, 0.0, (6 / 320, 0.0)), size=(480, 640))
        alignment.order(given, 1)  # by a person: what was seen until now holds no longer
        assert followed(alignment, beside, heat, 12, 24) == ["given"]
        assert alignment.state.drift == FollowedDrift((0.0, 0.0))
    assert not caplog.messages  # of a drift that is taken out nobody is warned


def test_where_the_distance_follows_too_a_drift_is_what_is_left_of_it():
    """The guide lies 6 px aside along the baseline, and 6 px across it as no distance explains."""
    parallax = Parallax(baseline_m=(0.05, 0.0), field_of_view_deg=57.0, distance_m=5.0)
    known = Calibration(
        method="hand",
        visible=View(width=640, height=480),
        thermal=View(width=160, height=120),
        matrix=rows_of(np.eye(3)),
        parallax=parallax,
    )
    guide = picture(480, 640)
    heat = guide[::4, ::4, 1].astype(np.uint16)
    beside = np.roll(guide, (6, -6), axis=(0, 1))
    alignment = GuideAlignment(known, 0.0, follows=True, follows_drift=True)
    reasons = followed(alignment, beside, heat, 50)
    assert set(reasons) == {"distance", "drift"}
    assert reasons.index("distance") < reasons.index("drift")
    assert not followed(alignment, beside, heat, 6, 50)
    right, down = alignment.state.drift.shift_px
    assert (abs(right) < 1.5, down) == (True, pytest.approx(6, abs=1))
    lined_up = alignment.fit(beside, (480, 640))[40:-40, 40:-40].astype(int)
    assert np.abs(lined_up - guide[40:-40, 40:-40]).mean() < 12


def test_a_distance_is_followed_from_the_next_result_on():
    """The guide lies beside the thermal picture as it does for what is nearer."""
    parallax = Parallax(baseline_m=(0.05, 0.0), field_of_view_deg=57.0, distance_m=5.0)
    known = Calibration(
        method="hand",
        visible=View(width=640, height=480),
        thermal=View(width=160, height=120),
        matrix=rows_of(np.eye(3)),
        parallax=parallax,
    )
    guide = picture(480, 640)
    heat = guide[::4, ::4, 1].astype(np.uint16)
    nearer = np.roll(guide, -8, axis=1)
    alignment = GuideAlignment(known, 0.0, follows=True)
    reasons = set()
    for look in range(24):
        told = alignment.begin(StreamNs(look))
        reasons |= {told.reason} if told is not None else set()
        assert alignment.takes((480, 640), (120, 160), (480, 640))
        now = HostNs(look * NS_PER_S)
        assert alignment.due(now)
        alignment.look(nearer, heat, (480, 640), now)
    assert reasons == {"distance"}
    followed = alignment.state.distance
    truth_m = 1 / (1 / 5 + 8 / (320 * 0.05 / np.tan(np.radians(57 / 2))))
    assert followed.distance_m == pytest.approx(truth_m, rel=0.1)
    assert followed.steps >= 7
    lined_up = alignment.fit(nearer, (480, 640))[:, 40:-40].astype(int)
    assert np.abs(lined_up - guide[:, 40:-40]).mean() < 12
