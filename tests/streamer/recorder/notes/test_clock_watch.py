"""When a recorder notes the time of day, and what it says of clocks that jump."""

from streamer.recorder.notes.clock_watch import ClockWatch
from streamer.recording.wall_clock import ClockNote

S = 1_000_000_000
OFFSET = 1_700_000_000 * S


class Host:
    """Clocks that go as the test says."""

    def __init__(self) -> None:
        self.stream_ns, self.offset_ns, self.suspended_ns = 5000 * S, OFFSET, 3 * S

    def read(self) -> ClockNote:
        return ClockNote(self.stream_ns, self.stream_ns + self.offset_ns, self.suspended_ns)


def test_the_time_is_noted_once_a_minute() -> None:
    host = Host()
    watch = ClockWatch(host.read)
    assert watch.note == host.read()
    noted = 0
    for _ in range(600):
        host.stream_ns += S
        due, words = watch.look()
        noted += due is not None
        assert words == []
    assert noted == 10


def test_a_clock_that_is_set_is_noted_at_once() -> None:
    host = Host()
    watch = ClockWatch(host.read)
    host.offset_ns += 3600 * S
    assert watch.look() == (host.read(), ["the clock was set forward by 3600.0 s"])
    host.offset_ns -= 2 * S
    assert watch.look()[1] == ["the clock was set back by 2.0 s"]
    assert watch.look() == (None, [])


def test_a_suspension_is_none_of_the_clock() -> None:
    host = Host()
    watch = ClockWatch(host.read)
    host.suspended_ns += 600 * S
    host.offset_ns += 600 * S  # the time of day went on
    assert watch.look() == (host.read(), ["the host was suspended for 600.0 s"])


def test_what_a_busy_host_takes_between_two_readings_is_no_jump() -> None:
    host = Host()
    watch = ClockWatch(host.read)
    host.offset_ns += 20_000_000
    host.suspended_ns += 20_000_000
    assert watch.look() == (None, [])
