"""What the service manager is told of a run: that it works, as long as it does."""

from streamer.clock import NS_PER_S, HostNs, after, later
from streamer.messages import ProcessState
from streamer.supervision.metrics.result_monitor import ResultMonitor
from streamer.supervision.processes.supervisor import Supervisor
from streamer.supervision.service.service_manager import ServiceManager

_EVERY_NS = NS_PER_S


class ServiceWatch:
    """Decides what the service manager is told of a run.

    Args:
        manager: who is told.
        supervisor: of the run.
        results: what the run has made.
        records: whether it is there to record; else its results are its work.
    """

    def __init__(
        self,
        manager: ServiceManager,
        supervisor: Supervisor,
        results: ResultMonitor,
        *,
        records: bool,
    ) -> None:
        self._manager = manager
        self._supervisor = supervisor
        self._results = results
        self._records = records
        self._ready = False
        self._done = 0
        self._next_ns = HostNs(0)

    def look(self, now_ns: HostNs) -> None:
        """Tells it how things stand, once a second."""
        if later(self._next_ns, now_ns):
            return
        self._next_ns = after(now_ns, _EVERY_NS)
        if not self._ready:
            self._ready = self._works() and self._manager.tell(READY=1)
        done = self._progress()
        if done > self._done and self._supervisor.children["inference"].alive:
            self._manager.tell(WATCHDOG=1)
        self._done = done
        self._manager.tell(STATUS=self._status())

    def stopping(self) -> None:
        """Tells it that the run ends."""
        self._manager.tell(STOPPING=1)

    def _works(self) -> bool:
        """Whether what it is there for has begun."""
        if not self._records:
            return self._results.frames > 0
        recorder = self._supervisor.statuses().get("recorder")
        state = None if recorder is None else recorder.recording
        return state is not None and state.pictures > 0

    def _progress(self) -> int:
        """What grows as long as the run does its work, also while its cameras are away."""
        name = "recorder" if self._records else "inference"
        status = self._supervisor.statuses().get(name)
        if status is None:
            return 0
        if self._records:
            return 0 if status.recording is None else status.recording.handled
        return status.timestamp_ns if status.state is not ProcessState.STARTING else 0

    def _status(self) -> str:
        parts = [f"{self._results.frames} results"]
        recorder = self._supervisor.statuses().get("recorder")
        if recorder is not None:
            parts.append(recorder.detail or recorder.state)
        waiting = (
            f"{name}: {health.detail or health.state}"
            for name, health in self._supervisor.health().items()
            if not health.alive or health.state is ProcessState.WAITING
        )
        return "; ".join([*parts, *waiting])
