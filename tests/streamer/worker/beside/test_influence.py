from streamer.worker.beside.influence import InfluenceScheduler

S = 1_000_000_000


def test_it_comes_while_somebody_looks_and_not_too_often() -> None:
    turn = InfluenceScheduler(S)
    assert not turn.is_due(1, 0, still=False)
    turn.ask(10 * S)
    assert turn.is_due(1, 0, still=False)
    turn.done(1, 0)
    assert not turn.is_due(2, S // 2, still=False)
    assert turn.is_due(2, S, still=False)
    assert not turn.is_due(2, 10 * S, still=False)


def test_a_picture_that_stays_gets_its_own_once() -> None:
    turn = InfluenceScheduler(S)
    turn.ask(10 * S)
    turn.done(1, 0)
    assert not turn.is_due(1, 5 * S, still=True)
    assert turn.is_due(2, 1, still=True)


def test_after_a_jump_it_does_not_wait() -> None:
    turn = InfluenceScheduler(S)
    turn.ask(10 * S)
    turn.done(1, 0)
    turn.jumped()
    assert turn.is_due(2, 1, still=False)
