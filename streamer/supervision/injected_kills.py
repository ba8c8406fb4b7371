"""Processes that are to be killed at a moment of the run, to see that it goes on."""

from collections.abc import Iterable

from streamer.clock import NS_PER_S, HostNs, since
from streamer.faults.injection import Fault, Injection
from streamer.supervision.processes.supervisor import Supervisor


class InjectedKills:
    """Commits each once.

    Args:
        injections: of the run; faults of its streams are committed elsewhere.
        supervisor: of its processes.
    """

    def __init__(self, injections: Iterable[Injection], supervisor: Supervisor) -> None:
        self._supervisor = supervisor
        self._waiting = [one for one in injections if one.fault is Fault.KILL]

    def look(self, now: HostNs, first_result_ns: HostNs | None) -> None:
        """Kills what is due.

        Args:
            now: the time.
            first_result_ns: when the first result came, from which seconds count; None before.
        """
        if first_result_ns is None:
            return
        for kill in list(self._waiting):
            if since(now, first_result_ns) >= kill.start_s * NS_PER_S:
                self._waiting.remove(kill)
                child = self._supervisor.children.get(kill.target)
                if child is not None:
                    child.kill()
