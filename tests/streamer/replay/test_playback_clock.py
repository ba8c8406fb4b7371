import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.replay.playback_clock import PlayerClock

S = 1_000_000_000
START, END = 100 * S, 110 * S


def clock(**options: object) -> PlayerClock:
    return PlayerClock(START, END, 0, **options)  # type: ignore[arg-type]


def media_s(player: PlayerClock, now_s: float) -> float:
    return (player.at(round(now_s * S)).media_ns - START) / S


def test_it_runs_with_the_host_and_stops_at_the_end() -> None:
    player = clock()
    assert media_s(player, 0) == 0
    assert media_s(player, 2.5) == 2.5
    assert not player.ended(9 * S)
    assert media_s(player, 99) == 10
    assert player.ended(99 * S)


@pytest.mark.parametrize("rate", [0.1, 0.5, 3.0, 10.0])
def test_a_rate_is_kept(rate: float) -> None:
    assert media_s(clock(rate=rate), 0.9) == pytest.approx(0.9 * rate)


def test_a_change_of_rate_does_not_move_the_present() -> None:
    player = clock()
    player.set_rate(4.0, 2 * S)
    assert media_s(player, 2) == 2
    assert media_s(player, 3) == 6
    with pytest.raises(ValueError, match=r"rate 11: 0\.1 to 10\.0 wanted"):
        player.set_rate(11, 3 * S)


def test_paused_time_stands_still_and_going_on_does_not_skip() -> None:
    player = clock()
    player.pause(3 * S)
    assert media_s(player, 500) == 3
    assert player.due_ns(START + 5 * S, 500 * S) is None
    player.resume(500 * S)
    assert media_s(player, 501) == 4
    player.resume(501 * S)
    assert media_s(player, 502) == 5


def test_a_jump_keeps_to_the_ends_and_to_standing_still() -> None:
    player = clock()
    player.seek(START + 7 * S, 1 * S)
    assert media_s(player, 2) == 8
    player.pause(2 * S)
    player.seek(START + 1 * S, 3 * S)
    assert player.paused
    assert media_s(player, 9) == 1
    player.seek(0, 9 * S)
    assert media_s(player, 9) == 0
    player.seek(END + S, 9 * S)
    assert media_s(player, 9) == 10


def test_a_step_stands_still_on_a_frame() -> None:
    player = clock()
    player.step(START + 4 * S, 1 * S)
    assert player.paused
    assert media_s(player, 7) == 4


def test_going_on_at_the_end_begins_again() -> None:
    player = clock()
    player.pause(50 * S)
    player.resume(60 * S)
    assert media_s(player, 61) == 1


def test_a_loop_begins_again_and_counts() -> None:
    player = clock(loop=True)
    assert player.at(25 * S) == (START + 5 * S, 2)
    assert not player.ended(25 * S)
    player.set_loop(False, 25 * S)
    assert player.at(99 * S) == (END, 2)


def test_a_part_is_looped() -> None:
    player = clock(loop=True)
    player.set_range(START + 4 * S, START + 6 * S, 1 * S)
    assert media_s(player, 1) == 4
    assert media_s(player, 4.5) == pytest.approx(5.5)
    assert player.at(round(4.5 * S)).round == 1
    with pytest.raises(ValueError, match="is no part of"):
        player.set_range(0, END, 2 * S)


def test_when_a_frame_is_due() -> None:
    player = clock(rate=2.0)
    assert player.due_ns(START + 4 * S, 1 * S) == 2 * S
    assert player.due_ns(START + 1 * S, 1 * S) == 1 * S


def test_a_recording_of_one_moment() -> None:
    player = PlayerClock(START, START, 0, loop=True)
    assert player.at(5 * S) == (START, 0)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["pause", "resume", "rate", "seek", "step", "loop"]),
            st.floats(0, 20),
            st.floats(0, 1),
        ),
        max_size=20,
    )
)
def test_time_never_leaves_the_recording_and_runs_forward_between_wishes(
    wishes: list[tuple[str, float, float]],
) -> None:
    player, now = clock(), 0
    for wish, after_s, share in wishes:
        before = player.at(now)
        now += round(after_s * S)
        after = player.at(now)
        assert (after.round, after.media_ns) >= (before.round, before.media_ns)
        assert START <= after.media_ns <= END
        match wish:
            case "pause":
                player.pause(now)
            case "resume":
                player.resume(now)
            case "rate":
                player.set_rate(0.1 + 9.9 * share, now)
            case "seek":
                player.seek(START + round(share * (END - START)), now)
            case "step":
                player.step(START + round(share * (END - START)), now)
            case "loop":
                player.set_loop(share > 0.5, now)
        if wish in ("pause", "rate", "loop"):
            assert player.at(now) == after


def test_at_the_end_it_stays_wherever_one_goes_until_told_to_run() -> None:
    player = clock()
    player.seek(START + 2 * S, 99 * S)
    assert player.paused
    assert not player.ended(99 * S)
    assert player.at(200 * S).media_ns == START + 2 * S
    player.resume(200 * S)
    assert player.at(201 * S).media_ns == START + 3 * S


def test_a_wider_part_is_no_reason_to_go_on() -> None:
    player = clock()
    player.set_range(START + 1 * S, START + 3 * S, 0)
    assert player.range == (START + 1 * S, START + 3 * S)
    assert player.ended(50 * S)
    player.set_range(START, END, 50 * S)
    assert player.at(60 * S).media_ns == START + 3 * S
    assert player.paused
