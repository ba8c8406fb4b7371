import os
import time

from streamer.load import LoadWatch


def test_the_watch_sees_what_this_process_costs():
    with LoadWatch() as load:
        end = time.monotonic() + 1.8
        while time.monotonic() < end:
            pass
    shares = load.shares(10.0)
    assert set(shares) == {"corefusion"}
    assert 0.2 < shares["corefusion"] < 1.5 * (os.cpu_count() or 1)


def test_a_watch_too_short_says_nothing():
    with LoadWatch() as load:
        pass
    assert load.shares(1.0) == {}
