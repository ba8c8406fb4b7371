"""Turns of several rigs on one engine: nobody starves, nobody waits for one that does not open."""

import threading
from collections import deque
from collections.abc import Iterator

import pytest

from streamer.transport import Subscriber
from streamer.worker.turns import next_result, take_turns


class _Rig:
    """Has so many results to make; a step of opening takes so many looks."""

    awaited: tuple[Subscriber, ...] = ()
    timeout_ms = 0.0

    def __init__(self, name: str, due: int, made: list[str], *, opens_after: float = 0) -> None:
        self.name, self.due, self.ended = name, due, False
        self._made, self._opens_after = made, opens_after
        self.failed = False

    def begin(self) -> Iterator[None]:
        while self._opens_after > 0:
            self._opens_after -= 1
            yield

    @property
    def over(self) -> bool:
        return self.due == 0 or self.failed

    def look(self) -> None:
        pass

    def make_next(self) -> bool:
        if self.due == 0:
            return False
        self.due -= 1
        self._made.append(self.name)
        return True

    def rest(self, *, arrived: bool) -> None:
        pass

    def end(self) -> None:
        self.ended = True


def test_a_rig_waits_for_one_result_of_each_other_whatever_they_have() -> None:
    made: list[str] = []
    row = deque([_Rig("fast", 100, made), _Rig("slow", 3, made), _Rig("other", 100, made)])

    for _ in range(9):
        assert next_result(row)

    assert made == ["fast", "slow", "other"] * 3


def test_who_has_nothing_to_make_costs_the_others_no_turn() -> None:
    made: list[str] = []
    row = deque([_Rig("idle", 0, made), _Rig("busy", 3, made)])

    assert [next_result(row) for _ in range(4)] == [True, True, True, False]
    assert made == ["busy"] * 3


@pytest.mark.timeout(30)
def test_one_that_does_not_open_keeps_no_other_waiting() -> None:
    made: list[str] = []
    stop = threading.Event()
    absent = _Rig("absent", 5, made, opens_after=float("inf"))

    class Last(_Rig):
        def end(self) -> None:
            super().end()
            stop.set()

    there = Last("there", 4, made)
    rigs: list[_Rig] = [absent, there]
    take_turns(rigs, stop)

    assert made == ["there"] * 4
    assert rigs == [absent]


@pytest.mark.timeout(30)
def test_it_ends_when_all_are_over_and_each_ended_once() -> None:
    made: list[str] = []
    rigs = [_Rig("a", 2, made), _Rig("b", 5, made, opens_after=3)]
    all_of_them = list(rigs)
    take_turns(rigs, threading.Event())

    assert not rigs
    assert [rig.ended for rig in all_of_them] == [True, True]
    assert sorted(made) == ["a"] * 2 + ["b"] * 5
