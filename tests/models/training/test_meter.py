import pytest

from models.training.meter import LONGEST, Meter


def test_means_are_those_since_the_row_before():
    meter = Meter()
    meter.add({"loss": 1.0}, 0.1)
    meter.add({"loss": 3.0, "contrastive": 2.0}, 0.1)
    assert meter.take_means() == {"loss": 2.0, "contrastive": 1.0}
    assert meter.take_means() == {}
    meter.add({"loss": 5.0}, 0.1)
    assert meter.take_means() == {"loss": 5.0}


def test_a_pause_is_no_work():
    meter = Meter()
    assert meter.step_s == 0.0
    assert [meter.add({}, 0.1) for _ in range(9)] == [0.1] * 9
    assert meter.add({}, 3600.0) == pytest.approx(LONGEST * 0.1)
    assert meter.step_s == pytest.approx(0.1)
