import pytest

from gui.state.playback.timeline import Timeline, clock_text
from gui.status.diagnosis import Severity
from streamer.clock import NS_PER_S
from streamer.messages import ModeInterval, RecordingTimeline, TimelineEvent

START = 100 * NS_PER_S
HALF = NS_PER_S // 2


INTERVALS = (ModeInterval(START, "guided"), ModeInterval(START + 4 * NS_PER_S, "hold"))


def timeline(*events):
    events = tuple(TimelineEvent(START + at, "gap", f"number {n}") for n, at in enumerate(events))
    return Timeline(START, START + 8 * NS_PER_S, RecordingTimeline(INTERVALS, events))


def test_moments_and_places_belong_together():
    for share in (0.0, 0.25, 1.0):
        assert timeline().share(timeline().moment(share)) == share
    assert timeline().moment(-1) == START
    assert timeline().share(START + 99 * NS_PER_S) == 1.0


def test_a_recording_of_one_moment():
    point = Timeline(START, START)
    assert point.share(START) == 0.0
    assert point.ticks(5) == []


def test_segments_reach_to_the_next_and_the_last_to_the_end():
    first, last = timeline().segments()
    assert (first.left, first.right, first.severity) == (0.0, 0.5, Severity.OK)
    assert (last.left, last.right, last.title) == (0.5, 1.0, "HOLD")


def test_description_of_a_place():
    text = timeline(4 * NS_PER_S, 7 * NS_PER_S).description(0.51, 0.02)
    assert text == "0:04.08  HOLD\n0:04.00  number 0"


def test_neighbours():
    marks = timeline(HALF, 6 * NS_PER_S, 6 * NS_PER_S + 50_000_000)  # the last two are one place
    assert marks.neighbour(START, forward=True) == START + HALF
    assert marks.neighbour(START + HALF, forward=True) == START + 4 * NS_PER_S
    assert marks.neighbour(START + 6 * NS_PER_S, forward=True) is None
    assert marks.neighbour(START + 8 * NS_PER_S, forward=False) == START + 6 * NS_PER_S
    later = START + 6 * NS_PER_S + HALF
    assert marks.neighbour(later, forward=False, slack_ns=NS_PER_S) == START + 4 * NS_PER_S
    assert marks.neighbour(START, forward=False) is None


@pytest.mark.parametrize(("most", "count"), [(1, 1), (4, 5), (8, 9), (100, 81)])
def test_ticks_are_round_times(most, count):
    ticks = timeline().ticks(most)
    assert len(ticks) == count
    assert ticks[0] == (0.0, clock_text(0.0, int(most == 100)))


def test_clock_words():
    assert clock_text(2.999) == "0:02"
    assert clock_text(62.35, 2) == "1:02.35"
    assert clock_text(3723.0, 1) == "1:02:03.0"
