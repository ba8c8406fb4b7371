import numpy as np
import pytest

from capture.timing import TimingMeter
from streamer.clock import NS_PER_MS, NS_PER_S


def meter_of(stamps_ns):
    meter = TimingMeter()
    meter.opened = 1
    for stamp_ns in stamps_ns:
        meter.note(int(stamp_ns))
    return meter


def test_an_even_camera_has_its_rate_and_no_jitter():
    timing = meter_of(np.arange(40) * NS_PER_S / 25).timing(0)
    assert (timing.rate_hz, timing.jitter_ms, timing.longest_ms) == (25.0, 0.0, 40.0)
    assert (timing.duplicates, timing.reopened) == (0, 0)


def test_jitter_and_a_shutter_leave_the_rate_as_it_is():
    rng = np.random.default_rng(0)
    stamps = np.cumsum(NS_PER_S / 9 + rng.uniform(-20, 20, 200) * NS_PER_MS)
    stamps[100:] += NS_PER_S
    timing = meter_of(stamps).timing(7)
    assert timing.rate_hz == pytest.approx(9.0, rel=0.03)
    assert 15 < timing.jitter_ms < 22
    assert timing.longest_ms > 1000
    assert timing.duplicates == 7


def test_what_was_long_ago_is_told_by_the_longest_interval_alone():
    slow, fast = np.arange(20) * NS_PER_S, 20 * NS_PER_S + np.arange(2000) * NS_PER_S / 50
    timing = meter_of([*slow, *fast]).timing(0)
    assert (timing.rate_hz, timing.longest_ms) == (50.0, 1000.0)


def test_a_few_pictures_tell_nothing():
    assert meter_of([0, NS_PER_S]).timing(0) is None
    assert meter_of([5, 5, 5, 5, 5]).timing(0) is None
