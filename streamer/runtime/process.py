"""What every process of a run is given, and how it reports.

A process is a function `main(spec, stop)` in the table of `streamer.runtime`. It ends soon
after `stop` is set, and reports through a `SupervisorLink` at least every
`supervision.heartbeat_ms`.
"""

import os
import threading
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from streamer.clock import NS_PER_MS, ClockReading, HostNs, StreamNs, after, later, now_ns
from streamer.config.schema import Config
from streamer.errors import CorefusionError
from streamer.logs.log_file import LogFile
from streamer.messages import Message, PlayerState, ProcessState, SessionStatus, Status
from streamer.runtime.roles import (
    CaptureRole,
    PlayerRole,
    RecorderRole,
    Role,
    ViewerRole,
    WorkerRole,
)
from streamer.runtime.stream_clock import FollowedClock
from streamer.transport import (
    Addresses,
    Endpoint,
    Policy,
    Publisher,
    Subscriber,
    refused_connections,
)

_LINGER_MS = 100
HANDOVER_S = 3.0
"""For the last frames of what is recorded, on their way to a recorder that has no turn."""


AnyRole = TypeVar("AnyRole", CaptureRole, WorkerRole, RecorderRole, PlayerRole, ViewerRole)


class RoleError(CorefusionError):
    """A process that was told to be another one."""


class ProcessSpec(msgspec.Struct, frozen=True, kw_only=True):
    """What every process is told when it starts, handed over its standard input.

    Attributes:
        name: its name in the table of processes.
        config: the resolved configuration.
        addresses: where the endpoints of the run are.
        directory: the run's own, which goes with it; None where it has none.
        role: what it is there for.
        readers: by endpoint, the processes that will read it: a source whose frames can wait does
            not begin before all of them are subscribed.
        stop_s: a process that was told to stop is killed after this time.
        log: the log of the run, if there is one.
        rig: of which rig it is, where there are several.
        others: of a worker that serves several rigs: what it is for the others.
    """

    name: str
    config: Config
    addresses: Addresses
    directory: str | None = None
    role: Role
    readers: dict[Endpoint, tuple[str, ...]] = {}
    stop_s: float = 1.5
    log: LogFile | None = None
    rig: str = ""
    others: tuple["ProcessSpec", ...] = ()

    @property
    def label(self) -> str:
        """Its name in lines for people: with its rig's, where there are several."""
        return f"{self.rig}/{self.name}" if self.rig and not self.others else self.name

    def role_as(self, kind: type[AnyRole]) -> AnyRole:
        """The role, where it is of this kind.

        Raises:
            RoleError: it is another one.
        """
        if not isinstance(self.role, kind):
            raise RoleError(
                f"process {self.name}: a {kind.__name__} wanted, {type(self.role).__name__} came"
            )
        return self.role

    def linger_ms(self, endpoint: Endpoint) -> int:
        """How long the last frames of an endpoint may take to go out when this process ends.

        Nothing captured may be lost where it is recorded; who only looks needs no past.
        """
        return round(HANDOVER_S * 1000) if self.is_recorded(endpoint) else 0

    def is_recorded(self, endpoint: Endpoint) -> bool:
        """Whether a recorder reads an endpoint."""
        return "recorder" in self.readers.get(endpoint, ())

    @property
    def follows_player(self) -> bool:
        """Whether its present is that of a paced replay."""
        replay = self.role.replay if isinstance(self.role, WorkerRole | ViewerRole) else None
        return replay is not None and not replay.lockstep


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
        reader = spec.name if spec.follows_player else None
        self._clock = FollowedClock(spec.addresses, reader=reader)
        self._last: tuple[ProcessState, str] | None = None
        self._next_ns = HostNs(0)

    def poll(self) -> None:
        """Takes what has come of the session and of the player's clock; sends what waits to go."""
        self._heartbeat.deliver()
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

    def is_due(self, state: ProcessState, detail: str = "") -> bool:
        """Whether `report` would send this."""
        return not later(self._next_ns, now_ns()) or (state, detail) != self._last

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
        if not force and not self.is_due(state, detail):
            return False
        now = now_ns()
        self._next_ns, self._last = after(now, self._interval_ns), (state, detail)
        self._heartbeat.send(
            Status(
                process=self._name,
                pid=os.getpid(),
                timestamp_ns=now,
                state=state,
                detail=detail,
                refused_connections=refused_connections(),
                **fields,
            )
        )
        return True

    def publish(self, message: Message) -> None:
        """Sends a message (a mode change, an order) to the supervisor, once it is connected."""
        self._heartbeat.post(message)

    def close(self) -> None:
        """Closes both sockets; the last heartbeat may still go out."""
        self._heartbeat.close(linger_ms=_LINGER_MS)
        self.session_messages.close()
        self._clock.close()
