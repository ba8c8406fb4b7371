"""Several rigs, one engine: who computes next.

Round robin, and not the oldest frame first: a rig waits for one result of each of the others at
most, whatever they send. By age, a rig of 60 Hz would get seven turns of a slow machine to one of a
rig of 9 Hz. What waits too long meanwhile is skipped by each rig's own `inference.max_age_ms`, and
counted there.
"""

import threading
from collections import deque
from collections.abc import Container, Iterator, Sequence
from typing import Protocol, TypeVar

from streamer.transport import Subscriber, wait_any

PAUSE_S = 0.02
"""Between two looks of who only waits."""


class Turn(Protocol):
    """What of a worker takes turns."""

    def begin(self) -> Iterator[None]:
        """Gets ready; waits where it yields."""

    @property
    def awaited(self) -> list[Subscriber]:
        """What wakes it."""

    @property
    def timeout_ms(self) -> float:
        """How long it may wait for that."""

    @property
    def over(self) -> bool:
        """Whether its run has ended, and it is needed no longer."""

    def look(self) -> None:
        """Takes what has come."""

    def make_next(self) -> bool:
        """Makes one result; False where none is due."""

    def rest(self, *, arrived: bool) -> None:
        """No rig has a result to make; whether anything had come for one of them."""

    def end(self) -> None:
        """Lets go of what it has open."""


AnyTurn = TypeVar("AnyTurn", bound=Turn)


def take_turns(rigs: list[AnyTurn], stop: threading.Event) -> None:
    """Serves them until told to stop, or until all are over; who is over ends and leaves the list.

    One that has not begun, as its camera does not open, keeps no other waiting.
    """
    beginning = {id(rig): rig.begin() for rig in rigs}
    order = deque(rigs)
    worked = False
    while rigs and not stop.is_set():
        for rig in [rig for rig in rigs if rig.over]:
            rigs.remove(rig)
            order.remove(rig)
            beginning.pop(id(rig), None)
            rig.end()
        for rig in rigs:
            if id(rig) in beginning and next(beginning[id(rig)], _READY) is _READY:
                del beginning[id(rig)]
        ready = [rig for rig in rigs if id(rig) not in beginning]
        if not ready:
            stop.wait(PAUSE_S)
            continue
        arrived = _wait(ready, 0 if worked else PAUSE_S * 1000)
        for rig in ready:
            rig.look()
        worked = next_result(order, beginning)
        if not worked:
            for rig in ready:
                rig.rest(arrived=arrived)


def next_result(order: deque[AnyTurn], passed_over: Container[int] = ()) -> bool:
    """One result, of the first in the row that has one to make; it goes to the end of the row.

    Args:
        order: the row; who has nothing to make goes behind as well.
        passed_over: the `id` of those that have not begun.

    Returns:
        Whether there was one to make.
    """
    for _ in range(len(order)):
        rig = order[0]
        order.rotate(-1)
        if id(rig) not in passed_over and rig.make_next():
            return True
    return False


def _wait(rigs: Sequence[Turn], limit_ms: float) -> bool:
    awaited = [subscriber for rig in rigs for subscriber in rig.awaited]
    return bool(wait_any(awaited, min([limit_ms, *(rig.timeout_ms for rig in rigs)])))


_READY = object()
