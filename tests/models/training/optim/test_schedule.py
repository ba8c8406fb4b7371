import pytest

from models.training.config import settings_of
from models.training.optim.schedule import FLOOR, Schedule


def schedule(preset="fast", epoch_steps=10, **changes) -> Schedule:
    return Schedule(settings_of(preset, changes), epoch_steps)


def test_each_budget_counts_its_own_way():
    assert schedule(steps=200).progress(50, 9e9) == 0.25
    assert schedule(minutes=2.0).progress(9, 30.0) == 0.25
    assert schedule("paper", epochs=4).progress(10, 0.0) == 0.25
    assert schedule("paper", epochs=4).epoch(25) == 2.5
    assert schedule(steps=200).epoch(25) is None


def test_the_rate_rises_in_steps_and_falls_with_progress():
    rate = schedule(steps=100, learning_rate=1.0, warm_up_steps=4).learning_rate
    assert [rate(step, 0.0) for step in range(5)] == [0.25, 0.5, 0.75, 1.0, 1.0]
    falling = [rate(50, progress / 10) for progress in range(11)]
    assert falling == sorted(falling, reverse=True)
    assert falling[5] == pytest.approx((1 + FLOOR) / 2)
    assert falling[10] == rate(50, 1.3) == pytest.approx(FLOOR)
    constant = schedule("paper", steps=100, learning_rate=1.0).learning_rate
    assert constant(0, 0.0) == constant(99, 0.99) == 1.0


def test_what_is_due():
    timed = schedule(steps=100, dev_seconds=60.0, save_seconds=20.0, norms_frozen_from=0.6)
    assert not timed.validation_due(10, 59.9)
    assert timed.validation_due(11, 60.0)
    assert timed.save_due(20.0)
    assert not timed.save_due(19.9)
    assert [timed.norms_frozen(progress) for progress in (0.59, 0.6, 1.0)] == [False, True, True]
    counted = schedule("paper", epochs=4, dev_epochs=2)
    assert [step for step in range(1, 61) if counted.validation_due(step, 9e9)] == [20, 40, 60]
