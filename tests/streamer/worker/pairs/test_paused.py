import msgspec

from streamer.messages import Frame, FrameFlag
from streamer.worker.pairs.pairing import FramePair
from streamer.worker.pairs.paused import PausedFrames, Standstill
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


def test_without_a_jump_nothing_is_promised() -> None:
    still = PausedFrames()
    assert not still.promised
    still.take("visible", visible(4), 0)
    assert still.due(5000 * MS) is None
    still.jumped({"visible": 5})
    assert still.promised
    still.went_on()
    assert not still.promised


def test_time_that_stopped_settles_once_it_is_quiet() -> None:
    standstill = Standstill()
    assert not standstill.settles(0)
    standstill.look(0, came=False)
    standstill.look(20 * MS, came=True)
    standstill.look(40 * MS, came=False)
    assert standstill.waiting
    assert not standstill.settles(49 * MS)
    assert standstill.settles(50 * MS)
    assert not standstill.waiting
    assert not standstill.settles(60 * MS)  # once,
    standstill.look(900 * MS, came=True)  # and again for what came late
    assert standstill.waiting
    assert standstill.settles(930 * MS)
    standstill.went_on()
    assert not standstill.settles(5000 * MS)


def test_a_shutter_is_nothing_to_look_at() -> None:
    still = PausedFrames()
    still.jumped({"thermal": 9})
    closed = msgspec.structs.replace(thermal(9), flags=(FrameFlag.FFC,))
    still.take("thermal", closed, 0)
    assert not still.waiting
