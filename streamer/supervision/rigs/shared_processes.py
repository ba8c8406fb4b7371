"""What several runs have in common: one worker, one window, and the signals of the command."""

from collections.abc import Sequence

from streamer.clock import HostNs
from streamer.config.schema import SupervisionConfig
from streamer.runtime.process import ProcessSpec
from streamer.supervision.processes.child import Child
from streamer.supervision.processes.stop_signals import StopSignals
from streamer.supervision.rigs.shared_process import SharedProcess

_SHARED = ("viewer", "inference")  # in the order to start


class SharedProcesses:
    """Those processes of several runs that serve all of them.

    Args:
        settings: when one has failed, and how it is brought back.
        stop_signals: of the command, which all runs follow.
    """

    def __init__(self, settings: SupervisionConfig, stop_signals: StopSignals) -> None:
        self.stop_signals = stop_signals
        self._settings = settings
        self._processes: dict[str, SharedProcess] = {}

    def child_of(self, spec: ProcessSpec) -> Child | None:
        """What a run sees of a process that all share; None for one of its own."""
        if spec.name not in _SHARED:
            return None
        if spec.name not in self._processes:
            self._processes[spec.name] = SharedProcess(self._settings)
        return self._processes[spec.name].share_of(spec)

    @property
    def alive(self) -> bool:
        """Whether one of them is running at this moment."""
        return any(process.alive for process in self._processes.values())

    def pid(self, name: str) -> int | None:
        """The process id of one of them while it lives."""
        process = self._processes.get(name)
        return None if process is None or process.process is None else process.process.pid

    def pids(self) -> Sequence[int]:
        """The process ids of the living."""
        return [pid for name in self._processes if (pid := self.pid(name)) is not None]

    def look_after(self, now_ns: HostNs) -> None:
        """Starts what has not been started, and polls each once."""
        for name in _SHARED:
            process = self._processes.get(name)
            if process is not None:
                if process.process is None:
                    process.start(now_ns)
                process.poll(now_ns)

    def release(self) -> None:
        """Lets go of the lifelines of all."""
        for process in self._processes.values():
            process.release()
