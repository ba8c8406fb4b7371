from streamer.clock import NS_PER_MS, NS_PER_S
from streamer.messages import Mode, ModeChange, ModeInterval, TimelineEvent
from streamer.recording import TimestampedMessage
from streamer.replay.timeline import timeline_of

START = 50 * NS_PER_S


def change(after_ms: int, previous: Mode, current: Mode) -> TimestampedMessage:
    at_ns = START + after_ms * NS_PER_MS
    return TimestampedMessage(ModeChange(at_ns, previous, current, "so it was"), at_ns)


def test_the_mode_of_the_start_is_what_the_first_change_left() -> None:
    shutter = TimestampedMessage(TimelineEvent(1, "ffc", "the shutter closes"), START + NS_PER_S)
    found = timeline_of([shutter, change(2000, Mode.GUIDED, Mode.HOLD)], START)
    assert found.intervals == (
        ModeInterval(START, "guided"),
        ModeInterval(START + 2 * NS_PER_S, "hold"),
    )
    assert found.events == (TimelineEvent(START + NS_PER_S, "ffc", "the shutter closes"),)


def test_no_mode_before_the_first_frame_is_none() -> None:
    found = timeline_of([change(5, Mode.NO_SIGNAL, Mode.GUIDED)], START)
    assert found.intervals == (ModeInterval(START, "guided"),)


def test_an_empty_log() -> None:
    assert timeline_of([], START).intervals == ()


def test_a_recording_full_of_events_makes_no_long_message() -> None:
    shout = TimelineEvent(1, "ffc" * 1000, "the shutter closes" * 1000)
    recorded = [TimestampedMessage(shout, START + number) for number in range(6000)]
    modes = (Mode.GUIDED, Mode.HOLD)
    recorded += [change(30 * n, modes[n % 2], modes[n % 2 - 1]) for n in range(6000)]
    found = timeline_of(recorded, START)
    assert len(found.events) == len(found.intervals) == 5000
    assert {len(one.kind) + len(one.text) for one in found.events} == {400}
