from streamer.clock import NS_PER_MS, NS_PER_S
from streamer.messages import Band, Happening, Mode, ModeChange
from streamer.recording import Event, Recorded
from streamer.replay.chapters import chapters_of

START = 50 * NS_PER_S


def change(after_ms: int, previous: Mode, current: Mode) -> Recorded:
    at_ns = START + after_ms * NS_PER_MS
    return Recorded(ModeChange(at_ns, previous, current, "so it was"), at_ns)


def test_the_mode_of_the_start_is_what_the_first_change_left() -> None:
    shutter = Recorded(Event(1, "ffc", "the shutter closes"), START + NS_PER_S)
    found = chapters_of([shutter, change(2000, Mode.GUIDED, Mode.HOLD)], START)
    assert found.bands == (Band(START, "guided"), Band(START + 2 * NS_PER_S, "hold"))
    assert found.happenings == (Happening(START + NS_PER_S, "ffc", "the shutter closes"),)


def test_no_mode_before_the_first_frame_is_none() -> None:
    found = chapters_of([change(5, Mode.NO_SIGNAL, Mode.GUIDED)], START)
    assert found.bands == (Band(START, "guided"),)


def test_an_empty_log() -> None:
    assert chapters_of([], START).bands == ()
