import numpy as np
import pytest

from gui.state.aligning.moments import EVERY_NS, LONGEST_NS, WANTED, Moments
from streamer.clock import NS_PER_MS
from streamer.messages import Frame, FrameFlag, PixelFormat

PERIOD_NS = 100 * NS_PER_MS


def frame(stream, at_ns, value=0, **fields):
    kind = PixelFormat.BGR8 if stream == "visible" else PixelFormat.MONO16
    pixels = np.full((4, 6, 3), value, np.uint8)
    if stream == "thermal":
        pixels = np.full((4, 6), value, np.uint16)
    return Frame(
        stream=stream, sequence=0, timestamp_ns=at_ns, pixel_format=kind, pixels=pixels, **fields
    )


def test_a_thermal_picture_goes_with_the_visible_one_nearest_in_time():
    moments = Moments()
    for number in range(4):
        moments.add(frame("visible", number * PERIOD_NS, number), None, 0)
    assert moments.newest is None
    moments.add(None, frame("thermal", 2 * PERIOD_NS + 10, 9), 0)
    assert (moments.newest.visible[0, 0, 0], moments.newest.thermal[0, 0]) == (2, 9)


def test_moments_are_spread_over_some_seconds():
    moments, now = Moments(), 0
    moments.begin(now)
    found = None
    while found is None:
        assert now <= LONGEST_NS
        moments.add(frame("visible", now), frame("thermal", now), now)
        found = moments.complete(now)
        now += PERIOD_NS
    assert len(found) == WANTED
    assert now > (WANTED - 1) * EVERY_NS
    assert not moments.collecting


@pytest.mark.parametrize("flags", [(), (FrameFlag.FFC,)])
def test_pictures_of_other_times_and_behind_a_shutter_are_not_collected(flags):
    moments = Moments()
    apart = 0 if flags else 5 * PERIOD_NS
    moments.begin(0)
    moments.add(frame("visible", 0), frame("thermal", apart, flags=flags), 0)
    assert moments.share == 0
    assert (moments.newest is None) == bool(flags)


def test_pictures_that_stand_still_have_to_do_when_the_time_is_over():
    moments = Moments()
    moments.add(frame("visible", 0), frame("thermal", 0), 0)
    moments.begin(0)
    assert moments.complete(LONGEST_NS - 1) is None
    assert moments.complete(LONGEST_NS) == [moments.newest]
    assert moments.complete(LONGEST_NS) is None  # once
    moments.begin(LONGEST_NS)
    moments.cancel()
    assert moments.complete(3 * LONGEST_NS) is None
