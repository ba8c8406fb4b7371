import msgspec

from streamer.messages import Frame, FrameFlag
from streamer.worker.pairs.pairing import FramePair
from streamer.worker.pairs.paused import PausedFrames
from tests.support.frames import MS, frame


def visible(number: int) -> Frame:
    return frame("visible", number, number)


def thermal(number: int) -> Frame:
    return frame("thermal", number, number)


def test_a_jump_shows_its_frames_as_soon_as_both_are_there() -> None:
    still = PausedFrames()
    still.jumped({"visible": 7, "thermal": 9})
    still.take("thermal", thermal(3), 0)  # of before the jump
    assert not still.waiting
    still.take("thermal", thermal(9), 0)
    assert still.due(900 * MS) is None  # the other one is promised
    still.take("visible", visible(7), 900 * MS)
    made = still.due(900 * MS)
    assert isinstance(made, FramePair)
    assert (made.thermal.sequence, made.visible and made.visible.sequence) == (9, 7)
    still.take("visible", visible(8), 901 * MS)  # its companion, that the pairing waits for
    assert still.due(5000 * MS) is None


def test_a_promise_that_is_not_kept_is_not_waited_for_for_ever() -> None:
    still = PausedFrames()
    still.jumped({"visible": 7, "thermal": 9})
    still.take("thermal", thermal(9), 0)
    made = still.due(1000 * MS)
    assert isinstance(made, FramePair)
    assert made.visible is None


def test_what_was_under_way_when_time_stopped_is_shown_once_it_is_quiet() -> None:
    still = PausedFrames()
    still.take("visible", visible(4), 0)
    still.take("thermal", thermal(4), 20 * MS)
    assert still.due(49 * MS) is None
    assert isinstance(still.due(50 * MS), FramePair)
    still.went_on()
    still.take("visible", visible(5), 60 * MS)
    assert isinstance(still.due(90 * MS), Frame)


def test_a_shutter_is_nothing_to_look_at() -> None:
    still = PausedFrames()
    closed = msgspec.structs.replace(thermal(9), flags=(FrameFlag.FFC,))
    still.take("thermal", closed, 0)
    assert not still.waiting
