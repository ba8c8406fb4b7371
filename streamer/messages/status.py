"""How the processes of a run are doing, and what they ask of each other."""

from enum import StrEnum

import msgspec

from streamer.clock import HostNs, StreamNs
from streamer.measuring.alarm_rule import AlarmRule
from streamer.measuring.tool_set import ToolSet
from streamer.messages.alarms import AlarmState
from streamer.messages.calibrations import (
    CalibrationChange,
    CalibrationOrder,
    FollowedDistance,
    FollowedDrift,
)
from streamer.messages.commands import Correction, Take
from streamer.messages.frames import Mode, PixelFormat
from streamer.messages.networks import (
    NetworkAnswer,
    NetworkChange,
    NetworkOffer,
    NetworkOrder,
)


class StreamState(StrEnum):
    """How a stream is doing, in the order it gets worse."""

    OK = "ok"
    LATE = "late"  # a little behind; nothing changes but the display
    FFC = "ffc"  # its shutter is closed, as it announced
    STALE = "stale"  # silent for so long that the mode changes
    LOST = "lost"  # silent for long, or its process has ended


class ProcessState(StrEnum):
    """Where a process stands."""

    STARTING = "starting"  # loading, opening, compiling
    WAITING = "waiting"  # for what `detail` says: a camera, its readers
    READY = "ready"  # everything is in place; the run may begin
    RUNNING = "running"
    ENDED = "ended"  # a recorded source is at its end, or the window was closed
    FAILED = "failed"  # it will not be started again; `detail` says why


class ModeChange(msgspec.Struct, frozen=True, tag="mode_change"):
    """The worker left one mode for another.

    Attributes:
        timestamp_ns: when.
        previous: the mode before.
        current: the mode from now on.
        reason: what led to it, in words.
    """

    timestamp_ns: StreamNs
    previous: Mode
    current: Mode
    reason: str


class CameraInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What an opened camera gives.

    Attributes:
        name: of the camera, for people.
        width: pixels.
        height: pixels.
        pixel_format: of its frames.
        rate_hz: frames a second, as it says itself or as configured.
        live: whether it is a device; frames of files and of the simulation wait for their readers.
        frames: length of a recorded source; None if it is endless.
    """

    name: str
    width: int
    height: int
    pixel_format: PixelFormat
    rate_hz: float
    live: bool
    frames: int | None = None


class CaptureTiming(msgspec.Struct, frozen=True, kw_only=True):
    """How evenly a camera gives its pictures, by their own times; over the newest 512.

    Attributes:
        rate_hz: pictures a second, by the median interval.
        jitter_ms: how far intervals lie from the median: 95 % of them no farther.
        longest_ms: the longest interval of all, a shutter's or an unplugged camera's among them.
        duplicates: pictures that came more than once, of all.
        reopened: how often the camera was opened again.
    """

    rate_hz: float
    jitter_ms: float
    longest_ms: float
    duplicates: int = 0
    reopened: int = 0


class PredictedUse(msgspec.Struct, frozen=True):
    """What pictures between two thermal frames have cost a run so far.

    Attributes:
        made: pictures.
        unsure: tries that ended without one: the guide was not recognised.
        took_ms: median of the newest 64 tries of both kinds.
    """

    made: int
    unsure: int
    took_ms: float


class RecordingState(msgspec.Struct, frozen=True):
    """Where a recorder stands.

    Attributes:
        file: what it writes; of segments, the newest.
        size_mb: written so far, all segments together.
        disk_left_gb: free on its disk.
        rates_hz: pictures of each stream that came in the last second.
        full: whether it ended because there is no room any more.
        removed: old segments that were removed to keep to `recording.keep_days` and `keep_mb`.
        pictures: that were written, or are held back until a trigger fires.
        handled: all messages of which that is so; it grows as long as the recorder works.
    """

    file: str
    size_mb: float
    disk_left_gb: float
    rates_hz: dict[str, float] = {}
    full: bool = False
    removed: int = 0
    pictures: int = 0
    handled: int = 0


class AlignmentState(msgspec.Struct, frozen=True, kw_only=True):
    """How well the visible picture lies over the thermal one.

    Attributes:
        calibrated: whether a calibration is used.
        refused: why it is not, and no guide at all; empty where all is well.
        agreement: of the edges of both, 0 to 1; None before it is known.
        drift_px: where they would agree clearly better, right and down, pixels of a canvas 640
            wide; None where that cannot be told.
        declined: why a calibration that was given while the run goes on is not used, and the one
            before still is; empty where there is none such.
        distance: what they are lined up for, where that follows the scene.
        drift: how far the visible picture was moved back, where its drift is taken out.
    """

    calibrated: bool
    refused: str = ""
    agreement: float | None = None
    drift_px: tuple[float, float] | None = None
    declined: str = ""
    distance: FollowedDistance | None = None
    drift: FollowedDrift | None = None


class Status(msgspec.Struct, frozen=True, kw_only=True, tag="status"):
    """One process's heartbeat.

    Attributes:
        process: its name in the table of processes.
        pid: its process number.
        timestamp_ns: when it was sent.
        state: where the process stands.
        detail: what is going on, in words a user understands.
        dropped: frames lost since the process started, by `STREAM/CAUSE`.
        streams: of the worker: how each stream is doing.
        ages_ms: of the worker: how long ago each stream's newest frame was taken.
        camera: of a capture process or player: what it gives.
        mode: of the worker: what it makes its output from.
        model: of the worker: the network's name.
        engine: of the worker: what computes.
        precision: of the worker: what it computes in.
        model_sha256: of the worker: digest of the weights.
        threads: of the worker: CPU threads of the engine.
        views: of the worker: mirrored views averaged.
        networks: of the worker, for a window: what it can be changed to while it runs; None where
            it cannot, and without a window.
        network: of the worker: its answer to the newest order that it cannot follow.
        painted_age_ms: of the viewer: ages at the end of paint since its last heartbeat.
        last_sequence: number of the newest frame that was sent or shown.
        recording: of the recorder: where it stands.
        refused_connections: on tcp, by `ENDPOINT/CAUSE`, since the process started.
        left_out: of a capture process: pictures of its files that are not shown, by cause; of a
            player: what its recording says of them.
        timing: of a capture process: how evenly they come.
        correction: of the thermal camera's process: its answer to the newest request for one.
        alignment: of the worker: how well the two pictures lie over each other.
        predicted: of the worker: what pictures between thermal frames have cost, where they are
            asked for.
        bad_pixels: of the worker: (column, row) of thermal pixels that were found to be bad.
        measuring: of the viewer: its tools and object parameters, where there are any.
        alarms: of the viewer: its rules, where they are others than the configured ones.
    """

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
    networks: NetworkOffer | None = None
    network: NetworkAnswer | None = None
    painted_age_ms: tuple[float, ...] = ()
    predicted: PredictedUse | None = None
    last_sequence: int | None = None
    recording: RecordingState | None = None
    refused_connections: dict[str, int] = {}
    left_out: dict[str, int] = {}
    timing: CaptureTiming | None = None
    correction: Correction | None = None
    alignment: AlignmentState | None = None
    bad_pixels: tuple[tuple[int, int], ...] = ()
    measuring: ToolSet | None = None
    alarms: tuple[AlarmRule, ...] | None = None


class ProcessHealth(msgspec.Struct, frozen=True):
    """The supervisor's view of one process.

    Attributes:
        state: where it stands.
        detail: what is going on, in words.
        restarts: how often it was started again.
        alive: whether it runs at this moment.
    """

    state: ProcessState
    detail: str
    restarts: int
    alive: bool


class SessionStatus(msgspec.Struct, frozen=True, kw_only=True, tag="session"):
    """What everybody may know about the run, published by the supervisor several times a second.

    Attributes:
        timestamp_ns: when it was sent.
        origin_ns: time zero of recorded and simulated sources; None before they may start.
        first_result_ns: t = 0 of reports and injections; None before the first result.
        processes: the supervisor's view of each process.
        statuses: the newest heartbeat of each process.
        dropped: frames lost in the whole run, by `STREAM/CAUSE`.
        results: how many have reached the last consumer.
        alarms: where each alarm stands.
        at_end: whether recorded sources have come to their end, and the window stands there.
        take: the recording that the window has asked for; None where it cannot ask for one.
        calibration_order: what both cameras are to be lined up by, where that was given while the
            run goes on.
        calibration: what the worker has used since when, where it said so.
        network_order: which network is to be used, where that was asked for while the run goes on.
        network: which one the worker has used since when, where that is not the first one.
        corrections: requests for a shutter correction so far; the newest is this one's number.
        ending: whether the run is ending: its processes end now because they are told to, and a
            recorder takes all that is still on its way.
    """

    timestamp_ns: HostNs
    origin_ns: HostNs | None
    first_result_ns: HostNs | None
    processes: dict[str, ProcessHealth]
    statuses: dict[str, Status]
    dropped: dict[str, int]
    results: int = 0
    alarms: tuple[AlarmState, ...] = ()
    at_end: bool = False
    take: Take | None = None
    calibration_order: CalibrationOrder | None = None
    calibration: CalibrationChange | None = None
    network_order: NetworkOrder | None = None
    network: NetworkChange | None = None
    corrections: int = 0
    ending: bool = False


class FeatureRequest(msgspec.Struct, frozen=True, tag="command"):
    """Viewer to worker: a request that holds for a while, repeated as long as it is needed.

    A worker that was started again needs no history for it.

    Attributes:
        name: what is asked for: `influence`, or `past_shares` in the results of several frames.
        until_ns: until when.
    """

    name: str
    until_ns: HostNs
