from collections.abc import Callable

import pytest

from streamer.config.schema import HealthConfig
from streamer.messages import FrameFlag, Mode, StreamState
from streamer.messages.sequence import SequenceCounter
from streamer.worker.pairs.health import StreamHealth
from streamer.worker.pairs.modes import ModeMachine, select_mode
from tests.support.frames import MS, frame

OK, LATE, FFC, STALE, LOST = StreamState


class Stream:
    """A stream fed at a steady rate, judged at any time in milliseconds."""

    def __init__(self, rate_hz: float = 30.0) -> None:
        self.health = StreamHealth(HealthConfig(), rate_hz)
        self.period_ms = 1000 / rate_hz
        self.at_ms = 1000.0
        self.sequence = 0

    def feed(self, count: int, *, flags: tuple[FrameFlag, ...] = ()) -> list[bool]:
        used = []
        for _ in range(count):
            self.at_ms += self.period_ms
            self.sequence += 1
            message = frame("thermal", self.sequence, self.at_ms, flags=flags)
            used.append(self.health.frame(message, round(self.at_ms * MS)))
        return used

    def silent(self, ms: float) -> None:
        self.at_ms += ms

    def state(self, after_ms: float = 0.0) -> StreamState:
        return self.health.state(round((self.at_ms + after_ms) * MS))


def test_the_first_frame_makes_a_stream_well() -> None:
    stream = Stream()
    assert stream.state() is LOST
    stream.feed(1)
    assert stream.state() is OK


@pytest.mark.parametrize(
    ("rate_hz", "silence_ms", "state"),
    [
        (30, 45, OK),
        (30, 55, LATE),
        (30, 149, LATE),
        (30, 155, STALE),
        (30, 999, STALE),
        (30, 1005, LOST),
        (9, 160, OK),
        (9, 170, LATE),
        (9, 330, LATE),
        (9, 340, STALE),
    ],
)
def test_silence_is_judged_by_the_period(
    rate_hz: float, silence_ms: float, state: StreamState
) -> None:
    stream = Stream(rate_hz)
    stream.feed(5)
    assert stream.state(silence_ms) is state


@pytest.mark.parametrize(
    ("breaks", "state"),
    [
        (lambda stream: stream.silent(200), STALE),
        (lambda stream: stream.silent(1500), LOST),
        (lambda stream: stream.health.lost(), LOST),  # its process is dead: at once
    ],
    ids=["stale", "lost", "dead"],
)
def test_a_broken_stream_stays_so_until_three_frames_came(
    breaks: Callable[[Stream], None], state: StreamState
) -> None:
    stream = Stream()
    stream.feed(5)
    breaks(stream)
    assert stream.state() is state
    stream.feed(2)
    assert stream.state() is state
    stream.feed(1)
    assert stream.state() is OK


def test_frames_that_are_not_in_a_row_are_counted_from_the_start_again() -> None:
    stream = Stream()
    stream.feed(5)
    for _ in range(2):
        stream.silent(200)
        stream.feed(2)
        assert stream.state() is STALE
    stream.feed(1)
    assert stream.state() is OK


def test_a_shutter_that_was_announced_is_no_loss() -> None:
    stream = Stream()
    stream.feed(5)
    assert stream.feed(20, flags=(FrameFlag.FFC,)) == [False] * 20
    assert stream.state() is FFC
    stream.feed(1)
    assert stream.state() is OK


def test_an_announced_shutter_may_fall_silent() -> None:
    stream = Stream()
    stream.feed(5)
    stream.feed(1, flags=(FrameFlag.FFC,))
    assert stream.state(2900) is FFC
    assert stream.state(3100) is LOST


def test_a_shutter_that_never_opens_is_a_loss() -> None:
    stream = Stream()
    stream.feed(5)
    stream.feed(150, flags=(FrameFlag.FFC,))
    assert stream.state() in (STALE, LOST)


def test_a_frozen_picture_is_stale_after_half_a_second() -> None:
    stream = Stream()
    stream.feed(5)
    used = stream.feed(14, flags=(FrameFlag.REPEATED,))
    assert all(used)
    assert stream.state() is OK
    assert stream.feed(3, flags=(FrameFlag.REPEATED,))[-1] is False
    assert stream.state() is STALE
    stream.feed(40, flags=(FrameFlag.REPEATED,))
    assert stream.state() is LOST
    stream.feed(3)
    assert stream.state() is OK


def test_the_measured_period_replaces_a_wrong_configured_one() -> None:
    stream = Stream(9)
    stream.health = StreamHealth(HealthConfig(), 30)
    stream.feed(25)
    assert stream.health.period_ns == pytest.approx(1e9 / 9, rel=0.01)
    assert stream.state(300) is LATE


@pytest.mark.parametrize(
    ("thermal", "visible", "mode"),
    [
        (OK, OK, Mode.GUIDED),
        (LATE, LATE, Mode.GUIDED),
        (OK, STALE, Mode.THERMAL_ONLY),
        (LATE, LOST, Mode.THERMAL_ONLY),
        (STALE, OK, Mode.HOLD),
        (FFC, OK, Mode.HOLD),
        (STALE, LOST, Mode.HOLD),
        (LOST, OK, Mode.VISIBLE_ONLY),
        (LOST, STALE, Mode.NO_SIGNAL),
        (LOST, LOST, Mode.NO_SIGNAL),
    ],
)
def test_the_table_of_modes(thermal: StreamState, visible: StreamState, mode: Mode) -> None:
    assert select_mode(thermal, visible) is mode


def test_a_change_of_mode_is_told_once_with_its_reason() -> None:
    machine = ModeMachine()
    change = machine.update(OK, OK, 5)
    assert change is not None
    assert (change.previous, change.current) == (Mode.NO_SIGNAL, Mode.GUIDED)
    assert machine.update(LATE, OK, 6) is None
    change = machine.update(OK, STALE, 7)
    assert change is not None
    assert change.reason == "thermal ok, visible stale"


def test_gaps_are_counted_and_a_restart_is_none() -> None:
    counter = SequenceCounter()
    assert [counter.missing(n) for n in (5, 6, 9, 10, 0, 1, 3)] == [0, 0, 2, 0, 0, 0, 1]


@pytest.mark.parametrize("rate_hz", [0.1, 0.5, 1, 4, 9, 30, 120, 240])
def test_thresholds_follow_a_streams_own_rate(rate_hz: float) -> None:
    stream = Stream(rate_hz)
    assert all(stream.feed(5))
    assert stream.state(1.4 * stream.period_ms) is OK
    assert stream.state(2.9 * stream.period_ms) in (OK, LATE)
    assert stream.state(max(4.1 * stream.period_ms, 1001)) is LOST
    assert stream.feed(3, flags=(FrameFlag.REPEATED,))[0], "one picture twice is no frozen sensor"
    assert stream.state() is OK


@pytest.mark.parametrize("rate_hz", [0.1, 1, 9, 60, 240])
def test_the_period_is_measured_at_any_rate(rate_hz: float) -> None:
    """Whatever was configured: a folder at 30 Hz whose pictures come one in ten seconds, say."""
    stream = Stream(rate_hz)
    stream.health = StreamHealth(HealthConfig(), 30.0)
    stream.feed(max(6, round(3 * rate_hz)))
    assert stream.health.period_ns == pytest.approx(1e9 / rate_hz, rel=0.01)
