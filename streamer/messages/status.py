"""How the processes of a run are doing, and what they ask of each other."""

from enum import StrEnum

import msgspec

from streamer.clock import HostNs, StreamNs
from streamer.messages.frames import Mode, PixelFormat


class StreamState(StrEnum):
    """How a stream is doing, in the order it gets worse."""

    OK = "ok"
    LATE = "late"
    FFC = "ffc"
    STALE = "stale"
    LOST = "lost"


class ProcessState(StrEnum):
    """Where a process stands."""

    STARTING = "starting"
    WAITING = "waiting"  # for what `detail` says: a camera, its readers
    READY = "ready"  # everything is in place; the run may begin
    RUNNING = "running"
    ENDED = "ended"
    FAILED = "failed"


class ModeChange(msgspec.Struct, frozen=True, tag="mode_change"):
    """The worker left one mode for another."""

    timestamp_ns: StreamNs
    previous: Mode
    current: Mode
    reason: str


class CameraInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What an opened camera gives. `frames` is the length of a recorded source, None if endless.

    `live` is False for sources whose frames can wait for their readers (files, simulation).
    """

    name: str
    width: int
    height: int
    pixel_format: PixelFormat
    rate_hz: float
    live: bool
    frames: int | None = None


class RecordingState(msgspec.Struct, frozen=True):
    """Where a recorder stands. `full` says that it ended because there is no room any more.

    `rates_hz` tells the pictures of each stream that came in the last second.
    """

    file: str
    size_mb: float
    disk_left_gb: float
    rates_hz: dict[str, float] = {}
    full: bool = False


class Status(msgspec.Struct, frozen=True, kw_only=True, tag="status"):
    """One process's heartbeat. `dropped` maps STREAM/CAUSE to a count since the process started."""

    process: str
    pid: int
    timestamp_ns: HostNs
    state: ProcessState
    detail: str = ""
    dropped: dict[str, int] = {}
    streams: dict[str, StreamState] = {}
    ages_ms: dict[str, float] = {}
    camera: CameraInfo | None = None
    mode: Mode | None = None
    model: str | None = None
    engine: str | None = None
    precision: str | None = None
    model_sha256: str | None = None
    threads: int | None = None
    views: int = 1
    painted_age_ms: tuple[float, ...] = ()
    last_sequence: int | None = None
    recording: RecordingState | None = None


class ProcessHealth(msgspec.Struct, frozen=True):
    """The supervisor's view of one process."""

    state: ProcessState
    detail: str
    restarts: int
    alive: bool


class SessionStatus(msgspec.Struct, frozen=True, kw_only=True, tag="session"):
    """What everybody may know about the run, published by the supervisor several times a second.

    `origin_ns` is time zero of recorded and simulated sources (None: not started yet);
    `first_result_ns` is t = 0 of reports and injections. `results` counts what has reached the last
    consumer.
    """

    timestamp_ns: HostNs
    origin_ns: HostNs | None
    first_result_ns: HostNs | None
    processes: dict[str, ProcessHealth]
    statuses: dict[str, Status]
    dropped: dict[str, int]
    results: int = 0


class FeatureRequest(msgspec.Struct, frozen=True, tag="command"):
    """A wish that holds until `until_ns`; repeated while it lasts, so a restart forgets nothing."""

    name: str
    until_ns: HostNs
