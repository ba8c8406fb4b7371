"""What a run is to do, and which processes that takes."""

from collections.abc import Collection
from pathlib import Path

import msgspec

from streamer.calibration.calibration import Calibration
from streamer.calibration.timeline import TimedCalibration
from streamer.config.networks import TimedNetwork
from streamer.config.recording import RecordSettings
from streamer.config.replay import ReplaySettings
from streamer.config.schema import Config
from streamer.faults.injection import Injection
from streamer.logs.log_file import LogFile
from streamer.messages import capture_process
from streamer.paths import check_name
from streamer.runtime.process import HANDOVER_S, ProcessSpec
from streamer.runtime.roles import (
    CaptureRole,
    PlayerRole,
    RecorderRole,
    Role,
    ViewerRole,
    WorkerRole,
)
from streamer.transport import SUPERVISOR, TOPICS, Addresses, Endpoint

_GRAB_AFTER_S = 3.0
_WAITED_FOR = (
    Endpoint.VISIBLE,
    Endpoint.THERMAL,
    Endpoint.TRUTH,
    Endpoint.SR,
    Endpoint.COMPARE,
    Endpoint.CLOCK,
)
_COMPLETE_S = 30.0
"""For who writes at the end: a recorder what it still holds, a window its picture."""


class StopConditions(msgspec.Struct, frozen=True):
    """When a run ends by itself; counted from the first result."""

    frames: int | None = None
    duration_s: float | None = None

    @property
    def any(self) -> bool:
        """Whether it ends by itself at all."""
        return self != StopConditions()

    def enough(self, frames: int) -> bool:
        """Whether as many results have come as were asked for."""
        return self.frames is not None and frames >= self.frames


class RunPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A run as it was asked for.

    Attributes:
        config: the resolved configuration.
        injections: faults to commit.
        headless: without the viewer.
        bounds: when to end by itself; a run with `screenshot` ends in any case.
        score: whether PSNR against the truth is wanted.
        screenshot: where to save the window's picture at the end.
        record: what to record, if anything.
        replay: what to play in place of the sensors, if anything.
        compare: the configuration of a second worker on the same frames, if there is one.
        calibration: of the two cameras, if there is one.
        changes: of a replay: what the recording lines them up by from when on.
        networks: of a replay: which network the recording was made with from when on.
        rig: its name, where there are several.
    """

    config: Config
    injections: tuple[Injection, ...] = ()
    headless: bool = False
    bounds: StopConditions = StopConditions()
    score: bool = False
    screenshot: Path | None = None
    record: RecordSettings | None = None
    replay: ReplaySettings | None = None
    compare: Config | None = None
    calibration: Calibration | None = None
    changes: tuple[TimedCalibration, ...] = ()
    networks: tuple[TimedNetwork, ...] = ()
    rig: str = ""

    def __post_init__(self) -> None:
        if self.screenshot is not None and not self.bounds.any:
            msgspec.structs.force_setattr(self, "bounds", StopConditions(duration_s=_GRAB_AFTER_S))

    @property
    def streams(self) -> tuple[str, ...]:
        """The sensors that take part."""
        capture = self.config.capture
        sources = {"visible": capture.visible.source, "thermal": capture.thermal.source}
        return tuple(stream for stream, source in sources.items() if source != "none")

    @property
    def keeps_network(self) -> str:
        """Why its network cannot be changed while it goes on; empty where it can."""
        if self.lockstep:
            return "a headless replay keeps the network that it began with"
        if self.rig:
            return "a run of several rigs keeps the network that it began with"
        return ""

    @property
    def lockstep(self) -> bool:
        """Whether it is a headless replay, whose results are always the same or none."""
        return self.replay is not None and self.replay.lockstep

    def process_specs(
        self,
        addresses: Addresses,
        directory: str | None = None,
        log: LogFile | None = None,
    ) -> list[ProcessSpec]:
        """Who does what, in the order to start: what takes longest to be there goes first.

        Args:
            addresses: where the endpoints of the run are.
            directory: the run's own, if it has one.
            log: the run's, if it has one.
        """
        roles = self._roles()
        return [
            ProcessSpec(
                name=name,
                config=self.compare if self.compare and name == "compare" else self.config,
                addresses=addresses,
                directory=directory,
                role=role,
                readers=self._readers(roles),
                stop_s=self._stop_s(name),
                log=log,
                rig=self.rig,
            )
            for name, role in roles.items()
        ]

    def recorder_spec(
        self,
        settings: RecordSettings,
        addresses: Addresses,
        directory: str | None = None,
        log: LogFile | None = None,
    ) -> ProcessSpec:
        """What a recorder is told that is started while the run goes on."""
        return ProcessSpec(
            name="recorder",
            config=self.config,
            addresses=addresses,
            directory=directory,
            role=RecorderRole(settings=settings, calibration=self.calibration, amid=True),
            stop_s=_COMPLETE_S,
            log=log,
            rig=self.rig,
        )

    def _stop_s(self, name: str) -> float:
        """How long a process may take to end: longer where it has something to write, or send."""
        if self._writes(name):
            return _COMPLETE_S
        recorded = () if self.record is None else self.record.streams
        sends = any(name in TOPICS[Endpoint(stream)].publishers for stream in recorded)
        return self.config.supervision.stop_s + (HANDOVER_S if sends else 0.0)

    def _writes(self, name: str) -> bool:
        """Whether a process has something to write when it is told to stop."""
        return name == "recorder" or (name == "viewer" and self.screenshot is not None)

    @property
    def stands_at_end(self) -> bool:
        """Whether the end of its sources is a place to stand: somebody looks, and ends it."""
        return not self.headless and not self.bounds.any

    def _roles(self) -> dict[str, Role]:
        """The processes that this takes, in the order to start, and the part of each."""
        screenshot = None if self.screenshot is None else str(self.screenshot.resolve())
        check_name(screenshot or "")
        roles: dict[str, Role | None] = {
            "viewer": None
            if self.headless
            else ViewerRole(
                screenshot=screenshot, replay=self.replay, calibration=self.calibration
            ),
            "recorder": None
            if self.record is None
            else RecorderRole(settings=self.record, calibration=self.calibration),
            "compare": None if self.compare is None else self._worker_role(Endpoint.COMPARE),
            "inference": self._worker_role(Endpoint.SR),
        }
        if self.replay is not None:
            roles["player"] = PlayerRole(replay=self.replay, injections=self.injections)
        else:
            roles |= {
                capture_process(stream): self._capture_role(stream) for stream in self.streams
            }
        return {name: role for name, role in roles.items() if role is not None}

    def _worker_role(self, results: Endpoint) -> WorkerRole:
        return WorkerRole(
            results=results,
            replay=self.replay,
            calibration=self.calibration,
            changes=self.changes,
            networks=self.networks if results is Endpoint.SR else (),
        )

    def _capture_role(self, stream: str) -> CaptureRole:
        faults = tuple(fault for fault in self.injections if fault.target == stream)
        truth = self._reads("recorder", Endpoint.TRUTH) or self._reads(SUPERVISOR, Endpoint.TRUTH)
        return CaptureRole(
            stream=stream, injections=faults, publish_truth=truth and stream == "thermal"
        )

    def _readers(self, roles: Collection[str]) -> dict[Endpoint, tuple[str, ...]]:
        """Who of this run will read each of the topics that the start waits for."""
        running = {*roles, SUPERVISOR}
        return {
            endpoint: tuple(
                name
                for name in TOPICS[endpoint].readers
                if name in running and self._reads(name, endpoint)
            )
            for endpoint in _WAITED_FOR
        }

    def _reads(self, name: str, endpoint: Endpoint) -> bool:
        """Whether a process reads a topic of its in this run."""
        if name == SUPERVISOR and endpoint in (Endpoint.THERMAL, Endpoint.TRUTH):
            return self.score
        if name == "recorder":
            return self.record is not None and endpoint.value in self.record.streams
        return True
