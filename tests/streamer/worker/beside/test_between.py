from collections import Counter
from types import SimpleNamespace

import numpy as np
import pytest

from streamer.clock import NS_PER_MS
from streamer.messages import Frame, PixelFormat, PredictedUse
from streamer.worker.beside.between import BetweenFrames

MS = NS_PER_MS
PERIOD = 111 * MS


class Resolver:
    """One that has made a result of a guide at 1000 ms, and carries it in so many ms."""

    guided_ns = 1000 * MS

    def __init__(self, took_ms=10.0, sure=True):
        self._took_ms, self._sure = took_ms, sure
        self.carry_ms = 0.0

    def carried(self, visible):
        self.carry_ms = self._took_ms
        made = SimpleNamespace(of=visible.sequence, stage_ms={"carry": self._took_ms})
        return made if self._sure else None


def visible(at_ms, sequence=1):
    return Frame(
        stream="visible",
        sequence=sequence,
        timestamp_ns=at_ms * MS,
        pixel_format=PixelFormat.BGR8,
        pixels=np.zeros((2, 2, 3), np.uint8),
    )


@pytest.fixture
def drops():
    return Counter()


def test_each_visible_frame_once_and_the_newest(drops):
    between = BetweenFrames(Resolver(), drops)
    assert between.next(1010 * MS, PERIOD, 1.0) is None
    between.take(visible(1033, 7))
    between.take(visible(1066, 8))
    assert between.next(1070 * MS, PERIOD, 1.0).of == 8
    assert between.next(1071 * MS, PERIOD, 1.0) is None
    assert not drops


@pytest.mark.parametrize("at_ms", [900, 1000, 1300])
def test_what_is_not_between_two_thermal_frames_has_no_picture(drops, at_ms):
    between = BetweenFrames(Resolver(), drops)
    between.take(visible(at_ms))
    assert between.next((at_ms + 5) * MS, PERIOD, 1.0) is None
    assert not drops


def test_a_thermal_frame_that_is_due_comes_first(drops):
    between = BetweenFrames(Resolver(took_ms=20.0), drops)
    between.take(visible(1033))
    assert between.next(1040 * MS, PERIOD, 1.0) is not None  # how long it takes is known from now
    between.take(visible(1090))
    assert between.next(1095 * MS, PERIOD, 1.0) is None
    assert drops == {"predicted/late": 1}
    between.take(visible(1066))
    assert between.next(1080 * MS, PERIOD, 2.0) is None  # a replay at twice its pace


def test_a_thermal_frame_that_did_not_come_is_not_waited_for(drops):
    between = BetweenFrames(Resolver(took_ms=20.0), drops)
    between.take(visible(1180))
    assert between.next(1185 * MS, PERIOD, 1.0) is not None


def test_one_slow_moment_does_not_end_it(drops):
    resolver = Resolver(took_ms=500.0)
    between = BetweenFrames(resolver, drops)
    between.take(visible(1033))
    assert between.next(1040 * MS, PERIOD, 1.0) is not None
    resolver._took_ms = 10.0
    for _ in range(20):
        between.take(visible(1033))
        if between.next(1040 * MS, PERIOD, 1.0) is not None:
            break
    assert 0 < drops["predicted/late"] < 12
    between.take(visible(1066))
    assert between.next(1070 * MS, PERIOD, 1.0) is not None


def test_a_guide_that_is_not_recognised_is_counted(drops):
    between = BetweenFrames(Resolver(sure=False), drops)
    between.take(visible(1033))
    assert between.next(1040 * MS, PERIOD, 1.0) is None
    assert drops == {"predicted/unsure": 1}


def test_a_try_without_a_picture_costs_as_much_as_one_with_it(drops):
    resolver = Resolver(took_ms=20.0, sure=False)
    between = BetweenFrames(resolver, drops)
    assert between.use is None
    between.take(visible(1033))
    assert between.next(1040 * MS, PERIOD, 1.0) is None
    between.take(visible(1090))
    assert between.next(1095 * MS, PERIOD, 1.0) is None  # there is no time for another
    assert drops == {"predicted/unsure": 1, "predicted/late": 1}
    resolver._took_ms, resolver._sure = 10.0, True
    between.take(visible(1066))
    assert between.next(1070 * MS, PERIOD, 1.0) is not None
    assert between.use == PredictedUse(made=1, unsure=1, took_ms=15.0)


def test_after_a_jump_and_before_the_rate_is_known_there_is_none(drops):
    between = BetweenFrames(Resolver(), drops)
    between.take(visible(1033))
    between.forget()
    assert between.next(1040 * MS, PERIOD, 1.0) is None
    between.take(visible(1033))
    assert between.next(1040 * MS, None, 1.0) is None
