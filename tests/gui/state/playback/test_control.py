"""What the hands wish of the player, with the time handed in."""

import pytest

from gui.state.playback.control import PlaybackControl
from streamer.clock import NS_PER_MS, NS_PER_S, HostNs, StreamNs
from streamer.messages import (
    ModeInterval,
    PlaybackAction,
    PlaybackCommand,
    PlayerState,
    RecordingTimeline,
)

START = 7_000 * NS_PER_S  # of another boot
HOST = 40 * NS_PER_S
TIMELINE = RecordingTimeline(
    intervals=(
        ModeInterval(StreamNs(START), "guided"),
        ModeInterval(StreamNs(START + 2 * NS_PER_S), "thermal_only"),
        ModeInterval(StreamNs(START + 3 * NS_PER_S), "guided"),
    )
)


def host(ms: float) -> HostNs:
    return HostNs(HOST + round(ms * NS_PER_MS))


def media(seconds: float) -> StreamNs:
    return StreamNs(START + round(seconds * NS_PER_S))


def player(at_s: float, *, rate: float = 1.0, paused: bool = False) -> PlayerState:
    return PlayerState(
        host_ns=host(0),
        media_ns=media(at_s),
        rate=rate,
        paused=paused,
        start_ns=media(0),
        end_ns=media(6),
        epoch=0,
    )


@pytest.fixture
def sent() -> list[PlaybackCommand]:
    return []


@pytest.fixture
def playback(sent: list[PlaybackCommand]) -> PlaybackControl:
    playback = PlaybackControl(sent.append)
    playback.on_player_state(player(1.0, paused=True), TIMELINE)
    return playback


def test_a_drag_asks_for_its_last_place_and_not_for_all(
    playback: PlaybackControl, sent: list[PlaybackCommand]
) -> None:
    for ms in range(400):  # a mouse that reports a thousand times a second
        playback.seek(media(ms / 100), host(ms))
        playback.flush(host(ms))
    playback.flush(host(500))
    assert len(sent) == 11  # one per 40 ms, and the last
    assert sent[-1] == PlaybackCommand(PlaybackAction.SEEK, 3.99)


def test_steps_that_come_fast_are_taken_together(
    playback: PlaybackControl, sent: list[PlaybackCommand]
) -> None:
    for ms in range(10):
        playback.step(1, host(ms))
    playback.flush(host(39))
    assert sent == [PlaybackCommand(PlaybackAction.STEP, 1.0)]
    playback.flush(host(40))
    assert sent[1:] == [PlaybackCommand(PlaybackAction.STEP, 9.0)]


@pytest.mark.parametrize(
    ("rate", "paused", "mark_s"),
    [
        (1.0, False, 2.0),  # passed 0.2 s ago: the one before that
        (0.1, False, 3.0),  # 0.2 s of the recording are two seconds here
        (1.0, True, 3.0),  # time stands still: nothing is being passed
    ],
)
def test_the_mark_before_is_not_the_one_just_passed(
    playback: PlaybackControl, sent: list[PlaybackCommand], rate: float, paused: bool, mark_s: float
) -> None:
    playback.on_player_state(player(3.2, rate=rate, paused=paused), TIMELINE)
    playback.to_mark(host(1), forward=False)
    assert sent == [PlaybackCommand(PlaybackAction.SEEK, mark_s)]


def test_the_play_head_is_at_the_hand_until_the_player_has_heard(playback: PlaybackControl) -> None:
    playback.seek(media(4), host(0))
    assert playback.media_ns(host(5)) == media(4)
    said = player(1.0, paused=True)
    playback.on_player_state(said, TIMELINE)  # it said this before it could know
    assert playback.media_ns(host(5)) == media(4)
