"""What every process of a run is given, and how it reports.

A process is a function `main(spec, stop)` in the table of `streamer.runtime`. It ends soon
after `stop` is set, and reports through a `SupervisorLink` at least every
`supervision.heartbeat_ms`.
"""

import os
import threading
from collections.abc import Callable
from typing import Any

import msgspec

from streamer.clock import NS_PER_MS, ClockReading, HostNs, StreamNs, after, later, now_ns
from streamer.config.recording import RecordSettings
from streamer.config.replay import ReplaySettings
from streamer.config.schema import Config
from streamer.faults.injection import Injection
from streamer.messages import Message, PlayerState, ProcessState, SessionStatus, Status
from streamer.runtime.stream_clock import FollowedClock
from streamer.transport import Addresses, Endpoint, Policy, Publisher, Subscriber

_LINGER_MS = 100


class ProcessSpec(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a process is told when it starts, handed over its standard input.

    `readers` says how many subscribers each endpoint will have, so that a source whose frames can
    wait does not begin before all of them listen. A process that was told to stop is killed after
    `stop_s`.
    """

    name: str
    config: Config
    addresses: Addresses
    injections: tuple[Injection, ...] = ()
    readers: dict[Endpoint, int] = {}
    publish_truth: bool = False
    screenshot: str | None = None
    record: RecordSettings | None = None
    replay: ReplaySettings | None = None
    stop_s: float = 1.5


Main = Callable[[ProcessSpec, threading.Event], None]


class SupervisorLink:
    """A process's line to the supervisor: heartbeats out, the state of the session in.

    Attributes:
        session: the newest state of the session; None before the first.
    """

    def __init__(self, spec: ProcessSpec) -> None:
        self._name = spec.name
        self._interval_ns = round(spec.config.supervision.heartbeat_ms * NS_PER_MS)
        self._heartbeat = Publisher(spec.addresses, Endpoint.HEARTBEAT, bind=False)
        self.session_messages = Subscriber(spec.addresses, Endpoint.SESSION, Policy.EVERY)
        self.session: SessionStatus | None = None
        follows = spec.replay is not None and not spec.replay.lockstep and spec.name != "player"
        self._clock = FollowedClock(spec.addresses, replayed=follows)
        self._last: tuple[ProcessState, str] | None = None
        self._next_ns = HostNs(0)

    def poll(self) -> None:
        """Takes what has come of the session and of the player's clock."""
        while (message := self.session_messages.receive()) is not None:
            if isinstance(message, SessionStatus):
                self.session = message
        self._clock.poll()

    @property
    def player(self) -> PlayerState | None:
        """In a paced replay, where the player is; None before its first message, and live."""
        return self._clock.player

    def clock(self) -> ClockReading:
        """The present on both clocks; the stream's stands still while a replay is paused."""
        return self._clock.read()

    def now(self) -> StreamNs:
        """The present of the frames: this host's, or in a paced replay the recording's."""
        return self.clock().stream_ns

    def report(
        self, state: ProcessState, detail: str = "", *, force: bool = False, **fields: Any
    ) -> bool:
        """Sends a heartbeat when one is due, or at once when state or detail changed.

        Args:
            state: where this process stands.
            detail: what is going on, in words a user understands.
            force: send now, for the last figures before the end.
            fields: further fields of `Status`.

        Returns:
            Whether it was sent.
        """
        now = now_ns()
        if not force and later(self._next_ns, now) and (state, detail) == self._last:
            return False
        self._next_ns, self._last = after(now, self._interval_ns), (state, detail)
        self._heartbeat.send(
            Status(
                process=self._name,
                pid=os.getpid(),
                timestamp_ns=now,
                state=state,
                detail=detail,
                **fields,
            )
        )
        return True

    def publish(self, message: Message) -> None:
        """Sends a message (a mode change) to the supervisor, which passes it on to all."""
        self._heartbeat.send(message)

    def close(self) -> None:
        """Closes both sockets; the last heartbeat may still go out."""
        self._heartbeat.close(linger_ms=_LINGER_MS)
        self.session_messages.close()
        self._clock.close()
