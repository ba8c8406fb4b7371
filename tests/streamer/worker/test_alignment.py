import logging

import numpy as np

from models.imaging.canvas import fitted
from streamer.clock import NS_PER_S, HostNs, StreamNs
from streamer.messages import Mode, StreamState
from streamer.worker.alignment import GuideAlignment
from streamer.worker.modes import ModeMachine
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
