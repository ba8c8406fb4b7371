from gui.state.rate_meter import RateMeter
from streamer.clock import NS_PER_MS, HostNs


def at(ms: float) -> HostNs:
    return HostNs(round(ms * NS_PER_MS))


def test_the_rate_is_of_the_last_second_and_falls_when_nothing_comes() -> None:
    arrivals = RateMeter()
    assert arrivals.rate_hz(at(0)) == 0
    for ms in range(0, 3000, 20):
        arrivals.add(at(ms))
    assert round(arrivals.rate_hz(at(2981))) == 50
    assert arrivals.rate_hz(at(2980 + 900)) < 6  # they have stopped coming
    assert arrivals.rate_hz(at(2980 + 2000)) == 0


def test_one_arrival_is_no_rate() -> None:
    arrivals = RateMeter()
    arrivals.add(at(5))
    assert arrivals.rate_hz(at(6)) == 0
