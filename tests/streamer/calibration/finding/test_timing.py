import numpy as np
import pytest

from streamer.calibration.finding.timing import lag_between, motion_of


def filmed(rate_hz, late_ms, seed=3, seconds=10.0, phase_ms=0.0):
    """A stream of a square that is pushed about, whose times are too late by `late_ms`."""
    times = np.arange(0, seconds * 1000, 1000 / rate_hz) + phase_ms
    knots = np.random.default_rng(seed).uniform(4, 44, 40)
    planes = []
    for time in times:
        x = np.interp(time, np.linspace(0, 11000, 40), knots)
        columns = np.arange(64)
        planes.append(np.tile(np.clip(8 - abs(columns - x), 0, 4), (48, 1)).astype(np.float32))
    return motion_of(list(times + late_ms), planes)


@pytest.mark.parametrize(("late_ms", "rate_hz"), [(0.0, 30.0), (120.0, 30.0), (-60.0, 15.0)])
def test_the_lag_of_a_camera_is_found_from_what_moves(late_ms, rate_hz):
    lag = lag_between(filmed(rate_hz, late_ms, phase_ms=11.0), filmed(9.0, 0.0))
    assert lag is not None
    assert lag.accepted
    assert lag.offset_ms == pytest.approx(-late_ms, abs=20)


def test_motion_that_is_not_the_same_tells_nothing():
    lag = lag_between(filmed(30.0, 0.0), filmed(9.0, 0.0, seed=8))
    assert lag is None or not lag.accepted


def test_a_scene_that_stands_still_tells_nothing():
    rng = np.random.default_rng(1)
    still = motion_of(
        [i * 33.0 for i in range(200)], list(rng.normal(0, 1, (200, 48, 64)).astype(np.float32))
    )
    lag = lag_between(still, filmed(9.0, 0.0))
    assert lag is None or not lag.accepted
