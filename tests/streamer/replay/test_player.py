"""Playing a recording: what is due when, after jumps and steps, and in lockstep."""

from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from streamer.messages import (
    Frame,
    FrameFlag,
    PlaybackAction,
    PlaybackCommand,
    ProcessHealth,
    ProcessState,
)
from streamer.recording import RecordingReader, TimestampedMessage
from streamer.replay.lockstep import Planned, plan
from streamer.replay.player import Player
from streamer.supervision.metrics.result_digest import ResultDigest
from tests.support.recordings import MS, PERIOD, START, S, messages, recorded, result, session

HOST = 77 * S
COUNT = 60
FIRST = START + 4 * MS  # the first arrival


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> RecordingReader:
    return RecordingReader(recorded(tmp_path_factory.mktemp("play") / "a.mcap", COUNT))


def sequences(shown: list[TimestampedMessage], stream: str) -> list[int]:
    frames = [one.message for one in shown if isinstance(one.message, Frame)]
    return [frame.sequence % 2**33 for frame in frames if frame.stream == stream]


def test_frames_come_when_they_are_due(reader: RecordingReader) -> None:
    player = Player(reader, HOST)
    assert sequences(player.due(HOST), "visible") == [0]
    due = player.due(HOST + 3 * PERIOD)
    assert sequences(due, "visible") == [1, 2, 3]
    assert sequences(due, "thermal") == [0, 1, 2]
    assert sequences(due, "truth") == [0, 1, 2]
    assert player.next_ns(HOST + 3 * PERIOD) == HOST + 3 * PERIOD + MS
    assert player.state(HOST + 3 * PERIOD).media_ns == FIRST + 3 * PERIOD
    assert not player.ended(HOST + 3 * PERIOD)
    assert player.ended(HOST + 99 * S)
    assert player.state(HOST + 99 * S).paused


def test_a_rate_and_a_part(reader: RecordingReader) -> None:
    player = Player(reader, HOST, first_s=0.5, last_s=1.0, rate=2.0)
    due = player.due(HOST + round(0.1 * S))
    assert player.state(HOST + round(0.1 * S)).media_ns == FIRST + round(0.7 * S)
    assert sequences(due, "thermal") == [16, 17, 18, 19, 20, 21]
    assert player.ended(HOST + S)
    with pytest.raises(ValueError, match="is no part of"):
        Player(reader, HOST, first_s=99)


def test_what_cannot_be_shown_in_time_is_skipped(reader: RecordingReader) -> None:
    player = Player(reader, HOST)
    due = player.due(HOST + S)
    assert sequences(due, "thermal") == [24, 25, 26, 27, 28, 29, 30][-6:]
    assert player.skipped["thermal"] == 24 + 1


def test_standing_still_a_jump_shows_its_frame_at_once(reader: RecordingReader) -> None:
    player = Player(reader, HOST)
    player.due(HOST)
    player.handle(PlaybackCommand(PlaybackAction.PAUSE), HOST)
    assert player.next_ns(HOST) is None
    epoch = player.state(HOST).epoch
    player.handle(PlaybackCommand(PlaybackAction.SEEK, 1.0), HOST + 5 * S)
    assert player.next_ns(HOST + 5 * S) == HOST + 5 * S
    shown = player.due(HOST + 5 * S)
    assert sequences(shown, "thermal") == [30]
    assert sequences(shown, "visible") == [30, 31]  # the second ends the wait for a nearer one
    assert player.due(HOST + 50 * S) == []
    state = player.state(HOST + 50 * S)
    assert (state.media_ns, state.paused, state.epoch) == (FIRST + S, True, epoch + 1)
    assert state.shows == {"visible": 30, "thermal": 2**33 + 30}
    player.handle(PlaybackCommand(PlaybackAction.RESUME), HOST + 50 * S)
    assert sequences(player.due(HOST + 50 * S + PERIOD), "thermal") == [31]


def test_steps_go_from_one_thermal_frame_to_the_next(reader: RecordingReader) -> None:
    player = Player(reader, HOST)
    player.handle(PlaybackCommand(PlaybackAction.SEEK, 1.0), HOST)
    player.due(HOST)
    for frames, wanted in ((1, 31), (1, 32), (3, 35), (-1, 34), (-2, 32)):
        player.handle(PlaybackCommand(PlaybackAction.STEP, frames), HOST)
        assert sequences(player.due(HOST), "thermal")[-1] == wanted
    player.handle(PlaybackCommand(PlaybackAction.STEP, 500), HOST)
    assert sequences(player.due(HOST), "thermal")[-1] == COUNT - 1
    assert player.state(HOST).paused


def test_a_closed_shutter_shows_what_was_held(reader: RecordingReader) -> None:
    """The result is made again from the frames before it closed, not guessed from the visible."""
    player = Player(reader, HOST, paused=True)
    player.handle(PlaybackCommand(PlaybackAction.SEEK, (31 * PERIOD + 5 * MS) / S), HOST)
    shown = player.due(HOST)
    thermal = [one.message for one in shown if sequences([one], "thermal")]
    assert [(frame.sequence - 2**33, FrameFlag.FFC in frame.flags) for frame in thermal] == [
        (30, False),
        (31, True),
    ]
    assert player.state(HOST).shows == {"visible": 30, "thermal": 2**33 + 30}
    assert sequences(shown, "visible")[-1] >= 31  # the pane of the visible is of that moment


def test_who_comes_while_time_stands_still_is_shown_the_moment_once_more(
    reader: RecordingReader,
) -> None:
    player = Player(reader, HOST)
    player.handle(PlaybackCommand(PlaybackAction.SEEK, 1.0), HOST)
    player.due(HOST)
    player.show_again(HOST)
    assert player.due(HOST) == []  # time runs: more comes soon
    player.handle(PlaybackCommand(PlaybackAction.PAUSE), HOST)
    epoch = player.state(HOST).epoch
    player.show_again(HOST + 5 * S)
    assert sequences(player.due(HOST + 5 * S), "thermal") == [30]
    state = player.state(HOST + 5 * S)
    assert (state.epoch, state.paused) == (epoch + 1, True)
    end = HOST + 99 * S
    player.handle(PlaybackCommand(PlaybackAction.RESUME), HOST + 5 * S)
    player.due(end)
    player.show_again(end)
    assert sequences(player.due(end), "thermal")[-1] == COUNT - 1
    assert player.state(end).ended


def test_to_the_next_mark_and_the_one_before(reader: RecordingReader) -> None:
    player = Player(reader, HOST)
    for forward, wanted in (
        (1, 4 * PERIOD + 6 * MS),
        (1, 4 * PERIOD + 7 * MS),
        (1, 14 * PERIOD + 6 * MS),
    ):
        player.handle(PlaybackCommand(PlaybackAction.MARK, forward), HOST)
        assert player.state(HOST).media_ns == START + wanted
    player.handle(PlaybackCommand(PlaybackAction.MARK, -1), HOST)
    assert player.state(HOST).media_ns == START + 4 * PERIOD + 7 * MS


def test_it_begins_again_where_it_loops(reader: RecordingReader) -> None:
    player = Player(reader, HOST, loop=True)
    length = player.state(HOST).end_ns - player.state(HOST).start_ns
    player.due(HOST + length - PERIOD)
    epoch = player.state(HOST).epoch
    shown = player.due(HOST + length + 10 * PERIOD)
    assert sequences(shown, "thermal") == [9]
    assert player.state(HOST + length + 10 * PERIOD).epoch == epoch + 1
    player.handle(PlaybackCommand(PlaybackAction.LOOP, 0), HOST + length + 10 * PERIOD)
    assert player.ended(HOST + 3 * length)
    player.handle(PlaybackCommand(PlaybackAction.RESUME), HOST + 3 * length)
    assert sequences(player.due(HOST + 3 * length + PERIOD), "visible")[0] == 0


def test_from_a_to_b_again_and_again(reader: RecordingReader) -> None:
    player = Player(reader, HOST)
    assert player.state(HOST).part is None
    player.handle(
        PlaybackCommand(PlaybackAction.SET_LOOP_START, 0.5), HOST
    )  # the present lies before: it goes there
    state = player.state(HOST)
    assert (state.media_ns, state.loop, state.epoch) == (FIRST + S // 2, True, 1)
    player.handle(PlaybackCommand(PlaybackAction.SET_LOOP_END, 1.0), HOST)
    assert player.state(HOST).part == (FIRST + S // 2, FIRST + S)
    again = HOST + round(0.6 * S)
    assert sequences(player.due(again), "thermal") == [18]  # seen at 0.6 s, after one round
    assert player.state(again).media_ns == FIRST + round(0.6 * S)
    player.handle(
        PlaybackCommand(PlaybackAction.SET_LOOP_END, 0.52), again
    )  # shorter than any use: not taken
    assert player.state(again).part == (FIRST + S // 2, FIRST + S)
    player.handle(PlaybackCommand(PlaybackAction.SEEK, 0.0), again)
    assert player.state(again).media_ns == FIRST + S // 2  # A is its beginning
    player.handle(PlaybackCommand(PlaybackAction.CLEAR_LOOP_RANGE), again)
    state = player.state(again)
    assert (state.part, state.loop) == (None, False)
    player.due(again + 9 * S)
    assert player.ended(again + 9 * S)


def test_a_loop_outlives_a_and_b(reader: RecordingReader) -> None:
    player = Player(reader, HOST, loop=True)
    player.handle(PlaybackCommand(PlaybackAction.SET_LOOP_END, 1.0), HOST)
    player.handle(PlaybackCommand(PlaybackAction.CLEAR_LOOP_RANGE), HOST)
    assert player.state(HOST).loop


def test_a_part_asked_for_at_the_start_is_told(reader: RecordingReader) -> None:
    player = Player(reader, HOST, first_s=0.5, last_s=1.0)
    assert player.state(HOST).part == (FIRST + S // 2, FIRST + S)
    assert not player.state(HOST).loop


def test_a_player_that_is_made_standing_begins_when_it_is_told(reader: RecordingReader) -> None:
    player = Player(reader, HOST, paused=True)
    player.handle(PlaybackCommand(PlaybackAction.RESUME), HOST + S)
    assert sequences(player.due(HOST + S), "visible") == [0]
    assert player.state(HOST + S).media_ns == FIRST


def test_a_rate_out_of_range_is_the_nearest_in_it(reader: RecordingReader) -> None:
    player = Player(reader, HOST)
    player.handle(PlaybackCommand(PlaybackAction.RATE, 99), HOST)
    assert player.state(HOST).rate == 10


def test_an_empty_recording_cannot_be_played(tmp_path: Path) -> None:
    empty = RecordingReader(recorded(tmp_path / "a.mcap", 0))
    with pytest.raises(ValueError, match="nothing in it"):
        Player(empty, HOST)


def test_time_of_the_recording_follows_the_state(reader: RecordingReader) -> None:
    player = Player(reader, HOST, rate=2.0)
    state = player.state(HOST)
    assert state.now(HOST + 100 * MS) == state.media_ns + 200 * MS
    assert state.now(HOST + 1000 * S) == state.end_ns
    assert msgspec.structs.replace(state, paused=True).now(HOST + S) == state.media_ns


def test_in_lockstep_time_passes_in_ticks_between_arrivals(reader: RecordingReader) -> None:
    steps = list(plan(reader.read(("visible", "thermal", "truth", "session"))))
    times = [step.now_ns for step in steps]
    assert times == sorted(times)
    assert max(b - a for a, b in pairwise(times)) <= 10 * MS
    frames = [step for step in steps if step.frame is not None]
    assert len(frames) == 3 * COUNT
    assert steps[-1].now_ns >= frames[-1].now_ns + 50 * MS
    names = [step.frame.stream for step in frames if step.frame is not None]
    for number in range(COUNT):
        assert names[3 * number : 3 * number + 3] == ["visible", "truth", "thermal"]


def test_a_silence_is_walked_through() -> None:
    given = [
        one for one in messages(40) if not 10 <= getattr(one.message, "sequence", 0) % 2**33 < 30
    ]
    steps = list(plan(one for one in given if isinstance(one.message, Frame)))
    silent = [step for step in steps if step.frame is None]
    assert len(silent) > 60


def test_the_death_of_a_camera_process_is_given_on() -> None:
    def told(at_ns: int, alive: bool) -> TimestampedMessage:
        health = ProcessHealth(ProcessState.RUNNING, "", 0, alive)
        message = msgspec.structs.replace(session(at_ns), processes={"capture.visible": health})
        return TimestampedMessage(message, at_ns)

    given = [told(START, True), told(START + MS, False), told(START + 2 * MS, False)]
    steps = [step for step in plan(given) if step.lost]
    assert steps == [Planned(START + MS, None, ("visible",))]


def test_the_digest_is_of_mode_sequence_and_pixels() -> None:
    def digest(*results: int, **changes: object) -> str:
        kept = ResultDigest()
        for index in results:
            kept.add(msgspec.structs.replace(result(index), **changes))
        return kept.hex()

    assert digest(1, 2) == digest(1, 2, published_ns=5, stage_ms={}, timestamp_ns=3)
    assert digest(1, 2) != digest(2, 1)
    assert digest(1) != digest(1, sequence=9)
