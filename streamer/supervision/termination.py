"""When a run is over: at its bound, with its source, its window or its recording, or in failure."""

import logging
from collections.abc import Mapping

from streamer.clock import NS_PER_S, HostNs, since
from streamer.errors import CorefusionError
from streamer.messages import SENSORS, ProcessState, capture_process, captured_stream
from streamer.pictures.geometry import shape_words
from streamer.supervision.metrics.result_monitor import ResultMonitor
from streamer.supervision.processes.supervisor import Supervisor
from streamer.supervision.run_plan import RunPlan

log = logging.getLogger(__name__)

_DRAIN_NS = NS_PER_S  # an ended source without another result for this long has had its last


class RunError(CorefusionError):
    """The run could not go on; says which process and why."""


class TerminationCheck:
    """Decides from a run's processes and figures whether it is over.

    Attributes:
        at_end: whether the sources are over and the run is not: somebody looks at its last picture.

    Args:
        plan: of the run.
        supervisor: of its processes.
        figures: the results of each worker that have been taken, by its process.
        started_ns: when the run began.
    """

    def __init__(
        self,
        plan: RunPlan,
        supervisor: Supervisor,
        figures: Mapping[str, ResultMonitor],
        started_ns: HostNs,
    ) -> None:
        self._plan = plan
        self._supervisor = supervisor
        self._figures = figures
        self._monitor = figures["inference"]
        self._started_ns = started_ns
        self._source_ended_ns: HostNs | None = None
        self._shapes_judged = False
        self.at_end = False

    def reached(self, now: HostNs) -> bool:
        """Whether the run is over.

        Raises:
            RunError: a process failed for good, or nothing ever came.
        """
        if self._plan.bounds.enough(self._monitor.frames):
            return True
        self._raise_failures(now)
        self._warn_of_shapes()
        first, limit = self._monitor.first_ns, self._plan.bounds.duration_s
        if first is not None and limit is not None and since(now, first) >= limit * NS_PER_S:
            return True
        children = self._supervisor.children
        ending = ("viewer",) if self._plan.record is None else ("recorder", "viewer")
        if any(name in children and children[name].ended for name in ending):
            return True
        if self.at_end or not self._source_is_over(now):
            return False
        self.at_end = self._plan.stands_at_end
        return not self.at_end

    def begin_again(self) -> None:
        """The sources play again from their beginning."""
        self.at_end, self._source_ended_ns = False, None

    def _source_is_over(self, now: HostNs) -> bool:
        statuses = self._supervisor.statuses()
        player = statuses.get("player")
        if player is not None:
            # with a window, the end of a recording is a place to stand and go back from
            return self._plan.headless and player.state is ProcessState.ENDED and self._drained(now)
        ended = {
            stream: status.last_sequence
            for stream in self._plan.streams
            if (status := statuses.get(capture_process(stream))) is not None
            and status.state is ProcessState.ENDED
        }
        if not ended:
            return False
        if self._source_ended_ns is None:
            self._source_ended_ns = now
            self._warn_of_lengths()
        # the shorter stream ends the pair; its last result is waited for, but not for ever
        pivot = ended.get("thermal")
        if pivot is None:
            return since(now, self._source_ended_ns) > _DRAIN_NS
        return self._monitor.last_thermal_sequence >= pivot or self._quiet(now)

    def _drained(self, now: HostNs) -> bool:
        """Whether the last results of a source that has ended have had time to come."""
        if self._source_ended_ns is None:
            self._source_ended_ns = now
        statuses = self._supervisor.statuses()
        taken = all(
            worker is None
            or worker.last_sequence is None
            or one.last_sequence >= worker.last_sequence
            for name, one in self._figures.items()
            for worker in (statuses.get(name),)
        )
        return taken or self._quiet(now)

    def _quiet(self, now: HostNs) -> bool:
        """Whether nothing has come since the source ended; a slow host is behind it, and works."""
        return all(self._has_nothing_more(name, now) for name in self._figures)

    def _has_nothing_more(self, name: str, now: HostNs) -> bool:
        """Whether a worker has been silent for long: by its own reports, as long as it lives.

        One that stands still, or has not been heard, may have the last frames before it still.
        """
        if self._source_ended_ns is None:
            return False
        child = self._supervisor.children.get(name)
        status = child.status if child is not None and child.alive else None
        heard_ns = now if status is None else status.timestamp_ns
        return all(
            since(heard_ns, moment) > _DRAIN_NS
            for moment in (self._source_ended_ns, self._figures[name].last_ns)
        )

    def _warn_of_lengths(self) -> None:
        lengths = {
            stream: status.camera.frames
            for name, status in self._supervisor.statuses().items()
            if status.camera is not None
            and status.camera.frames
            and (stream := captured_stream(name)) is not None
        }
        if len(lengths) == 2 and len(set(lengths.values())) == 2:
            words = " and ".join(f"{stream} has {n} frames" for stream, n in lengths.items())
            log.warning("%s: the run ends with the shorter stream", words)

    def _warn_of_shapes(self) -> None:
        """Once both cameras are known: whether the guide can lie on the thermal picture."""
        if self._shapes_judged:
            return
        sizes = [
            (camera.width, camera.height)
            for stream in SENSORS
            if (status := self._supervisor.statuses().get(capture_process(stream))) is not None
            and (camera := status.camera) is not None
        ]
        if len(sizes) == len(SENSORS):
            self._shapes_judged = True
            if words := shape_words(*sizes):
                log.warning("%s", words)

    def _raise_failures(self, now: HostNs) -> None:
        for name, child in self._supervisor.children.items():
            amid = name == "recorder" and self._plan.record is None  # the window is told
            if child.final_error is not None and not amid:
                raise RunError(child.final_error)
        limit_s = self._plan.config.supervision.start_timeout_s
        if (
            self._plan.bounds.any
            and self._monitor.first_ns is None
            and since(now, self._started_ns) > limit_s * NS_PER_S
        ):
            states = "; ".join(
                f"{name}: {health.state} {health.detail}".rstrip()
                for name, health in self._supervisor.health().items()
            )
            raise RunError(f"no result within {limit_s:g} s ({states})")
