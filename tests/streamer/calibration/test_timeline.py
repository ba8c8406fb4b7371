import pytest

from streamer.calibration.chosen import chosen_changes
from streamer.calibration.errors import CalibrationError
from streamer.calibration.plain_data import as_recorded
from streamer.calibration.timeline import CalibrationTimeline, TimedCalibration
from streamer.clock import StreamNs
from streamer.config.schema import CalibrationConfig, Config
from streamer.messages import CalibrationChange
from tests.streamer.calibration.test_warp import calibration

FIRST, SECOND, THIRD = (calibration(k1=number / 100) for number in (0, 1, 2))


def timed(from_ns, found):
    return TimedCalibration(StreamNs(from_ns), found)


def test_each_moment_has_the_calibration_that_holds_from_it_on():
    timeline = CalibrationTimeline(FIRST, [timed(200, THIRD), timed(100, SECOND)])
    held = [timeline.at(StreamNs(at)).calibration for at in (0, 99, 100, 199, 200, 10**12)]
    assert held == [FIRST, FIRST, SECOND, SECOND, THIRD, THIRD]


def test_a_run_of_days_keeps_the_newest():
    timeline = CalibrationTimeline(FIRST)
    for number in range(1, 1000):
        timeline.add(timed(number, SECOND if number % 2 else THIRD))
    assert timeline.at(StreamNs(999)).calibration == SECOND
    assert timeline.at(StreamNs(998)).calibration == THIRD
    assert timeline.at(StreamNs(990)).calibration == THIRD


def test_changes_of_a_recording_hold_unless_a_file_is_named():
    changes = [CalibrationChange(StreamNs(5), as_recorded(SECOND)), CalibrationChange(7, None)]
    found = chosen_changes(Config(), changes)
    assert [(one.from_ns, one.calibration) for one in found] == [(5, SECOND), (7, None)]
    named = Config(calibration=CalibrationConfig(file="none"))
    assert chosen_changes(named, changes) == ()


def test_a_change_that_is_no_calibration_is_told():
    with pytest.raises(CalibrationError, match="the recording's calibration is none"):
        chosen_changes(Config(), [CalibrationChange(StreamNs(5), {"matrix": 3})])
