"""Several runs at once, one a rig: each by itself, but for the worker and the window of all."""

import logging
from collections.abc import Mapping

import msgspec
import psutil

from streamer.clock import NS_PER_S, HostNs, after, later, now_ns
from streamer.errors import CorefusionError
from streamer.supervision.processes.stop_signals import StopSignals
from streamer.supervision.progress import Silent
from streamer.supervision.report import Report
from streamer.supervision.rigs.shared_processes import SharedProcesses
from streamer.supervision.run_plan import RunPlan
from streamer.supervision.session import Rounds, RunSession
from streamer.transport import Subscriber, wait_any

log = logging.getLogger(__name__)

_ROUND_MS = 20


class RigsReport(msgspec.Struct, frozen=True, kw_only=True):
    """What several rigs did.

    Attributes:
        rigs: by its name, the report of each, as that of a run of one; of a rig that failed what it
            did until then. Its `peak_rss_mb` holds the worker and the command, which all share.
        failed: by its name, why a rig ended in failure.
        worker_cpu_s: CPU seconds of the worker that all share, user and system, in its last life.
    """

    rigs: dict[str, Report]
    failed: dict[str, str]
    worker_cpu_s: float


class RigGroup:
    """The runs of several rigs under one supervisor.

    A rig that ends, or fails for good, ends alone; a signal ends all.

    Args:
        plans: of each rig, by its name; one configuration makes the engine of all.
    """

    def __init__(self, plans: Mapping[str, RunPlan]) -> None:
        supervision = next(iter(plans.values())).config.supervision
        self._stop_signals = StopSignals()
        self._shared = SharedProcesses(supervision, self._stop_signals)
        self._runs = {name: RunSession(plan, self._shared) for name, plan in plans.items()}
        self._failed: dict[str, str] = {}
        self._opened: set[str] = set()
        self._cpu_s = 0.0
        self._next_cpu_ns = HostNs(0)

    @property
    def files(self) -> list[str]:
        """What was recorded, rig by rig."""
        return [
            file
            for run in self._runs.values()
            for file in (*run.recorder.files, *(run.takes.files if run.takes else ()))
        ]

    def run(self) -> RigsReport:
        """Runs until the last rig has ended."""
        with self._stop_signals:
            pending = {name: run.rounds(Silent()) for name, run in self._runs.items()}
            awaited: dict[str, list[Subscriber]] = {}
            try:
                while pending:
                    for name in list(pending):
                        step = self._step(name, pending[name])
                        if step is None:
                            del pending[name]
                            awaited.pop(name, None)
                        else:
                            awaited[name] = step
                    self._look_after_shared()
                    wait_any([one for waited in awaited.values() for one in waited], _ROUND_MS)
                while self._shared.alive:
                    self._look_after_shared()
                    wait_any([], _ROUND_MS)
            finally:
                self._shared.release()
        return self.report()

    def report(self) -> RigsReport:
        """What each did."""
        return RigsReport(
            rigs={name: run.report() for name, run in self._runs.items() if name in self._opened},
            failed={
                **self._failed,
                **{
                    name: failure
                    for name, run in self._runs.items()
                    if (failure := run.recorder.failure()) is not None
                },
            },
            worker_cpu_s=round(self._cpu_s, 2),
        )

    def _step(self, name: str, rounds: Rounds) -> list[Subscriber] | None:
        """Lets a rig go on until it waits; None when it has ended."""
        try:
            awaited = next(rounds)
        except StopIteration:
            return None
        except CorefusionError as error:
            self._failed[name] = str(error)
            log.error("%s: %s", name, error)
            return None
        self._opened.add(name)
        return awaited

    def _look_after_shared(self) -> None:
        now = now_ns()
        self._shared.look_after(now)
        pid = self._shared.pid("inference")
        if pid is not None and not later(self._next_cpu_ns, now):
            self._next_cpu_ns = after(now, NS_PER_S)
            try:
                times = psutil.Process(pid).cpu_times()
                self._cpu_s = times.user + times.system
            except psutil.NoSuchProcess:
                pass
