"""Lockstep: the order in which a recording is given to the worker.

Time between two recorded arrivals passes in ticks, as it does for a live worker, so that streams
fall silent and modes change at the same recorded moments in every run. Nothing reads a clock.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from streamer.clock import NS_PER_MS, StreamNs, after, since
from streamer.messages import SENSORS, Frame, SessionStatus, captured_stream
from streamer.recording.reader import TimestampedMessage

STREAMS = (*SENSORS, "truth", "session")  # what is asked of the recording
_TICK_NS = 10 * NS_PER_MS
_TAIL_NS = 50 * NS_PER_MS  # the last thermal frame's wait for a visible one
_TRUTH_WITHIN = 4  # messages between a thermal frame and its truth


class Planned(NamedTuple):
    """One step: the moment, and what comes then: a frame, dead streams, or nothing (a tick)."""

    now_ns: StreamNs
    frame: Frame | None = None
    lost: tuple[str, ...] = ()


def plan(recorded: Iterable[TimestampedMessage]) -> Iterator[Planned]:
    """The steps of a recording.

    Args:
        recorded: messages of STREAMS in the order they arrived.
    """
    now_ns: StreamNs | None = None
    alive: dict[str, bool] = {}
    for message, arrived_ns in _truth_first(recorded):
        lost: tuple[str, ...] = ()
        if isinstance(message, SessionStatus):
            before, alive = alive, _alive(message)
            lost = tuple(name for name, lives in alive.items() if before.get(name) and not lives)
        frame = message if isinstance(message, Frame) else None
        if frame is None and not lost:
            continue
        now_ns = arrived_ns if now_ns is None else now_ns
        while since(arrived_ns, now_ns) > _TICK_NS:
            now_ns = after(now_ns, _TICK_NS)
            yield Planned(now_ns)
        now_ns = max(now_ns, arrived_ns)
        yield Planned(now_ns, frame, lost)
    if now_ns is not None:
        for later_ns in range(_TICK_NS, _TAIL_NS + 1, _TICK_NS):
            yield Planned(after(now_ns, later_ns))


def _truth_first(recorded: Iterable[TimestampedMessage]) -> Iterator[TimestampedMessage]:
    """Moves each truth before its thermal frame: who scores results has it then in time."""
    waiting: deque[TimestampedMessage] = deque()
    for item in recorded:
        if isinstance(item.message, Frame) and item.message.stream == "truth":
            thermal = next((held for held in waiting if _is_of(held, item.message)), None)
            while thermal is not None and waiting[0] is not thermal:
                yield waiting.popleft()
            yield TimestampedMessage(item.message, (thermal or item).arrived_ns)
            continue
        waiting.append(item)
        if len(waiting) > _TRUTH_WITHIN:
            yield waiting.popleft()
    yield from waiting


def _is_of(recorded: TimestampedMessage, truth: Frame) -> bool:
    message = recorded.message
    return (
        isinstance(message, Frame)
        and message.stream == "thermal"
        and message.sequence == truth.sequence
    )


def _alive(session: SessionStatus) -> dict[str, bool]:
    return {
        stream: health.alive
        for name, health in session.processes.items()
        if (stream := captured_stream(name)) is not None
    }
