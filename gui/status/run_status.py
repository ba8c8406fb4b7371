"""What the viewer knows of the run at one moment. No Qt, and no clock: time is handed in."""

import msgspec

from streamer.clock import NS_PER_MS, ClockReading, HostNs, later, live_stream, since
from streamer.config.schema import Config
from streamer.messages import (
    Mode,
    PlayerState,
    ProcessHealth,
    ProcessState,
    SessionStatus,
    Status,
    StreamState,
    SuperResolvedFrame,
)


class RunStatus(msgspec.Struct, frozen=True, kw_only=True):
    """What a diagnosis is made from, at `now_ns`; the viewer has been up since `since_ns`.

    In a replay `player` is where it is, and `recorded` the mode that was recorded there; once it
    has `jumped` while time stands still, the worker has seen one frame of each stream, and judges
    nothing. `reading` are both clocks when the result was received.
    `worker` is the process that made the result: in a comparison each model has its own.
    """

    now_ns: HostNs
    since_ns: HostNs
    session: SessionStatus | None
    result: SuperResolvedFrame | None
    config: Config
    player: PlayerState | None = None
    jumped: bool = False
    recorded: Mode | None = None
    reading: ClockReading
    worker: str = "inference"

    def status(self, process: str) -> Status | None:
        """A process's own newest report."""
        return self.session.statuses.get(process) if self.session else None

    def health(self, process: str) -> ProcessHealth | None:
        """The supervisor's view of a process."""
        return self.session.processes.get(process) if self.session else None

    def detail(self, process: str) -> str:
        """What a process is doing: by its own report, else by the supervisor's."""
        status, health = self.status(process), self.health(process)
        if health is not None and not health.alive and health.detail:
            return health.detail
        return (status.detail if status else "") or (health.detail if health else "")

    @property
    def age_ms(self) -> float | None:
        """The age of the result that is on the screen; in a replay by the recording's time."""
        if self.result is None:
            return None
        present_ns = (
            live_stream(self.now_ns) if self.player is None else self.player.now(self.now_ns)
        )
        return since(present_ns, self.result.timestamp_ns) / NS_PER_MS

    @property
    def has_news(self) -> bool:
        """Whether a result is newer than the newest session: the worker is at work again."""
        return (
            self.result is not None
            and self.session is not None
            and later(self._published_ns(self.result), self.session.timestamp_ns)
        )

    @property
    def mode(self) -> Mode | None:
        """The worker's mode: that of its report, or of its newest result if that is newer."""
        status = self.status(self.worker)
        if self.result is None:
            return status.mode if status else None
        if status is None or later(self._published_ns(self.result), status.timestamp_ns):
            return self.result.mode
        return status.mode

    def _published_ns(self, result: SuperResolvedFrame) -> HostNs:
        """When a result was sent, by this host's clock.

        Not after it was received: at a jump of the replay the player's new time may come after the
        first result of it, and a moment far ahead would hide every later report of the worker.
        """
        return min(self.reading.host_time(result.published_ns), self.reading.host_ns)

    def stream(self, name: str) -> StreamState | None:
        """The state of a stream by the worker's report."""
        status = self.status(self.worker)
        return status.streams.get(name) if status else None

    def cameras(self) -> list[str]:
        """The capture processes of this run."""
        known = self.session.processes if self.session else {}
        return [name for name in ("capture.visible", "capture.thermal") if name in known]

    def waits_for_camera(self, process: str) -> bool:
        """Whether a capture process runs, but has no camera to read."""
        status = self.status(process)
        return status is not None and status.state is ProcessState.WAITING and status.camera is None
