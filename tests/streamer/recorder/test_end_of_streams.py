"""When a recording may be closed: nothing that was sent is still on its way."""

import msgspec
import pytest

from streamer.messages import ProcessHealth, ProcessState, SessionStatus
from streamer.recorder.end_of_streams import EndOfStreams
from tests.support.recordings import session

STREAMS = ("visible", "thermal", "sr")
NAMES = ("capture.visible", "capture.thermal", "inference")
HALF_A_SECOND, LONG = 25, 200  # in turns


def told(last: int | None = None, *, alive: bool = False, who: tuple[str, ...] = NAMES):
    status = session(1).statuses["inference"]
    return msgspec.structs.replace(
        session(1),
        processes={name: ProcessHealth(ProcessState.RUNNING, "", 0, alive) for name in who},
        statuses={
            name: msgspec.structs.replace(status, process=name, last_sequence=last) for name in who
        },
    )


def ends(*, came: int, session: SessionStatus | None, turns: int, orphaned: bool = False) -> bool:
    end = EndOfStreams(STREAMS)
    for stream in STREAMS:
        end.frame(stream, came)
    for _ in range(turns):
        if session is not None:
            end.session(session)
        end.nothing(orphaned=orphaned)
    return end.reached


@pytest.mark.parametrize(
    ("came", "said", "turns", "reached"),
    [
        (5, told(5), 1, True),  # the last frame of each is here
        (5, told(5), 0, False),  # no look was taken since it came
        (4, told(5), HALF_A_SECOND, False),  # one is missing: it was told of, and is on its way,
        (4, told(5), LONG, True),  # and does not come
        (5, told(5, alive=True), 3, False),  # they may still send
        (5, told(None), 3, False),  # killed: nobody knows what it sent last
        (5, told(None), HALF_A_SECOND, True),
        (5, told(5, who=NAMES[:2]), 1, True),  # without a worker there is no result
        (5, None, HALF_A_SECOND, False),  # nobody tells anything, who may have no turn,
        (5, None, LONG, True),  # so the run itself has gone
    ],
)
def test_the_end_is_reached_when_all_is_here_or_nobody_sends(
    came: int, said: SessionStatus | None, turns: int, reached: bool
) -> None:
    assert ends(came=came, session=said, turns=turns) is reached


def test_an_orphan_does_not_wait_for_words() -> None:
    assert not ends(came=5, session=None, turns=3, orphaned=True)
    assert ends(came=5, session=None, turns=HALF_A_SECOND, orphaned=True)


def test_a_truth_that_no_camera_gives_is_not_waited_for_for_long() -> None:
    end = EndOfStreams(("thermal", "truth"))
    end.frame("thermal", 5)
    for _ in range(HALF_A_SECOND):
        end.session(told(5))
        end.nothing()
    assert end.reached


def test_a_frame_that_comes_late_is_waited_for_anew() -> None:
    end = EndOfStreams(("thermal",))
    for _ in range(LONG):
        end.session(told(None))
        end.nothing()
    end.frame("thermal", 1)
    end.nothing()
    assert not end.reached


def test_while_sources_live_and_the_run_speaks_it_goes_on() -> None:
    end = EndOfStreams(("thermal",))
    for _ in range(LONG):
        end.session(told(5, alive=True))
        end.nothing()
    assert not end.reached
