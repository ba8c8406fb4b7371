"""One moment of the frames, worked off to its end: what came, the mode, what is to be made.

Lockstep is a row of such moments. A worker's process takes them from a player over its sockets, a
program that has the recording at hand takes them in a loop; the results are the same bytes.
"""

import logging
from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol

from streamer.clock import StreamNs
from streamer.messages import Frame, ModeChange, SuperResolvedFrame
from streamer.worker.guides.alignment import GuideAlignment
from streamer.worker.pairs.pairing import FramePair
from streamer.worker.pairs.scheduler import PairScheduler

log = logging.getLogger(__name__)


class Arrival(NamedTuple):
    """A message of a stream's endpoint; whatever it is, the scheduler judges it."""

    stream: str
    message: object


class Resolver(Protocol):
    """What makes results: `streamer.worker.super_resolution.SuperResolver`, or what passes over."""

    @property
    def alignment(self) -> GuideAlignment:
        """How guides come to the canvas."""

    def make(self, work: FramePair | Frame) -> SuperResolvedFrame | None:
        """The result of a pair, or of a visible frame; None where somebody else makes it.

        Raises:
            ValueError: it has none.
        """


def step(
    scheduler: PairScheduler,
    resolver: Resolver,
    now: StreamNs,
    arrival: Arrival | None,
    lost: Iterable[str] = (),
) -> Iterator[SuperResolvedFrame | ModeChange]:
    """Works off a moment; yields what comes of it, in its order.

    Args:
        scheduler: of the run so far.
        resolver: its clock is to show this moment too.
        now: the moment.
        arrival: what came then; None where time passed alone.
        lost: streams whose processes were found to have ended.
    """
    for stream in lost:
        scheduler.health[stream].lost()
    if arrival is not None:
        scheduler.add(arrival.stream, arrival.message, now)
    yield from _judged(scheduler, resolver, now)
    while (work := scheduler.next(now)) is not None:
        result = make(scheduler, resolver, work)
        if result is not None:
            yield result
        yield from _judged(scheduler, resolver, now)


def make(
    scheduler: PairScheduler, resolver: Resolver, work: FramePair | Frame
) -> SuperResolvedFrame | None:
    """The result of a pair, or of a visible frame; None, counted and said, of one that has none."""
    try:
        return resolver.make(work)
    except ValueError as error:
        pivot = work.thermal if isinstance(work, FramePair) else work
        scheduler.drops[f"{pivot.stream}/refused"] += 1
        log.warning("frame %d of %s refused: %s", pivot.sequence, pivot.stream, error)
        return None


def _judged(scheduler: PairScheduler, resolver: Resolver, now: StreamNs) -> Iterator[ModeChange]:
    scheduler.modes.guide_refused = resolver.alignment.refused
    change = scheduler.judge(now)
    if change is not None:
        yield change
