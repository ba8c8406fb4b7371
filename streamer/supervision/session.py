"""One run: assigns the processes, passes on what they say, ends when it is time, and reports.

Subscribes: heartbeat (statuses and mode changes of every process), sr, compare where two models run
side by side, and thermal and truth where PSNR is wanted.
Publishes: session (state of the run, several times a second; mode changes as they come).
Ends: at its bound, at the end of a recorded source, when the window is closed, on SIGINT, SIGTERM
or SIGHUP, or when something that cannot be mended fails.
"""

import logging
import time
from collections import Counter
from collections.abc import Generator, Sequence
from pathlib import Path

from streamer.clock import NS_PER_MS, NS_PER_S, HostNs, after, later, now_ns
from streamer.messages import (
    CalibrationChange,
    Frame,
    Mode,
    ModeChange,
    NetworkChange,
    RunCommand,
    SessionStatus,
    Status,
)
from streamer.supervision.injected_kills import InjectedKills
from streamer.supervision.metrics.run_report import report_of
from streamer.supervision.processes.readiness import may_begin
from streamer.supervision.processes.stop_signals import StopSignals
from streamer.supervision.processes.supervisor import Supervisor
from streamer.supervision.progress import Progress, progress_of
from streamer.supervision.recorder_monitor import RecorderMonitor
from streamer.supervision.report import Report
from streamer.supervision.requests.run_requests import RunRequests
from streamer.supervision.requests.take_control import TakeControl
from streamer.supervision.rigs.shared_processes import SharedProcesses
from streamer.supervision.run_place import RunPlace
from streamer.supervision.run_plan import RunPlan
from streamer.supervision.run_sockets import RunSockets
from streamer.supervision.service.service_manager import ServiceManager
from streamer.supervision.service.service_watch import ServiceWatch
from streamer.supervision.termination import TerminationCheck
from streamer.supervision.worker_monitor import WorkerMonitor
from streamer.transport import (
    Endpoint,
    Subscriber,
    refused_connections,
    wait_any,
)

log = logging.getLogger(__name__)

_SESSION_EVERY_NS = 100 * NS_PER_MS
_LAST = "recorder"
_ROUND_MS = 20
_LAST_LOOKS = 3
_START_AFTER_NS = 150 * NS_PER_MS  # sources read their first frame in this time


Rounds = Generator[list[Subscriber], None, None]
"""What a run goes through: where it yields, it waits for these, or for a round's time."""


class RunSession:
    """A run under way: its processes, its sockets and its figures.

    Attributes:
        recorder: what is known of the recorder, if there is one.

    Args:
        plan: what it is to do.
        shared: the worker and the window of other runs of this command as well; None for its own.
    """

    def __init__(self, plan: RunPlan, shared: SharedProcesses | None = None) -> None:
        self._plan = plan
        self._shared = shared
        config = plan.config
        place = self._place = RunPlace(config)
        specs = plan.process_specs(*place.told)
        self._supervisor = Supervisor(
            specs,
            config.supervision,
            restarts=not plan.lockstep,
            child_of=None if shared is None else shared.child_of,
        )
        self._kills = InjectedKills(plan.injections, self._supervisor)
        self.recorder = RecorderMonitor(self._supervisor.children.get("recorder"))
        replayed = plan.replay is not None
        self._workers = [WorkerMonitor("inference", Endpoint.SR, replayed=replayed)]
        if plan.compare is not None:
            self._workers.append(WorkerMonitor("compare", Endpoint.COMPARE, replayed=replayed))
        self._monitor = self._workers[0].figures
        self._requests = RunRequests(
            plan,
            self._supervisor,
            lambda settings: plan.recorder_spec(settings, *place.told),
            self._monitor.networks,
        )
        self._mode = Mode.NO_SIGNAL
        self._origin_ns: HostNs | None = None
        self._service = ServiceWatch(
            ServiceManager(), self._supervisor, self._monitor, records=plan.record is not None
        )
        self._stop_signals = StopSignals() if shared is None else shared.stop_signals
        self._stopped = self._ending = False
        self._peak_rss = 0

    @property
    def opened(self) -> Path | None:
        """The recording that the window asked to see next, if it did."""
        return self._requests.opened

    @property
    def takes(self) -> TakeControl | None:
        """The recordings that the window asks for; None where it cannot ask for any."""
        return self._requests.takes

    @property
    def interrupted(self) -> bool:
        """Whether it was told to end by a signal."""
        return self._stop_signals.count > 0

    def run(self) -> Report:
        """Runs to the end.

        Raises:
            RunError: a process failed for good, or nothing ever came.
            TransportError: an endpoint is taken.
        """
        plan = self._plan
        progress = progress_of(headless=plan.headless, records=plan.record is not None)
        with self._stop_signals:
            try:
                for awaited in self.rounds(progress):
                    wait_any(awaited, _ROUND_MS)
            finally:
                progress.end()
        return self.report()

    def rounds(self, progress: Progress) -> Rounds:
        """The run from its beginning to its end, for who waits for several of them at once.

        It is to be gone through to its end, whatever happens: its processes end in it.

        Raises:
            RunError: as `run`.
            TransportError: as `run`.
        """
        with self._place.logged(self._monitor):
            self._open()
            try:
                self._supervisor.start(now_ns())
                yield from self._loop(progress)
            finally:
                if self._shared is None:
                    self._service.stopping()
                yield from self._close()

    def stop(self) -> None:
        """Lets it end soon, as one SIGINT does; for another thread of the same program."""
        self._stopped = True

    def report(self) -> Report:
        """What it did; once `run` has failed with a RunError, what it did until then."""
        return report_of(
            self._plan,
            self._supervisor,
            self._workers,
            refused=Counter(refused_connections()) - self._refused_before,
            peak_rss=self._peak_rss,
        )

    def _open(self) -> None:
        self._refused_before = Counter(refused_connections())  # by other runs of this program
        place = self._place
        try:
            self._sockets = RunSockets(self._plan, place.addresses, place.folder, self._workers)
        except BaseException:
            self._let_go()
            raise

    def _loop(self, progress: Progress) -> Rounds:
        next_session_ns = next_rss_ns = HostNs(0)
        plan = self._plan
        figures = {worker.process: worker.figures for worker in self._workers}
        end = self._end_check = TerminationCheck(plan, self._supervisor, figures, now_ns())
        while not (self.interrupted or self._stopped or self.opened is not None):
            stood = end.at_end
            if end.reached(now_ns()):
                break
            if end.at_end and not stood:
                self._requests.stand_at_end()
            yield self._sockets.awaited
            changed = self._take()
            now = now_ns()
            happened = self._supervisor.poll(now)
            changed |= self._requests.poll(happened, now)
            if "inference" in happened and self._sockets.clock.known:
                at_ns = self._sockets.clock.read().stream_ns
                self._change(ModeChange(at_ns, self._mode, Mode.NO_SIGNAL, happened["inference"]))
            self._kills.look(now, self._monitor.first_ns)
            self._start_when_ready(now)
            if changed or happened or not later(next_session_ns, now):
                next_session_ns = after(now, _SESSION_EVERY_NS)
                self._sockets.session.send(self._session_status(now))
            if self._shared is None:
                self._service.look(now)
            if not later(next_rss_ns, now):
                next_rss_ns = after(now, NS_PER_S)
                self._peak_rss = max(self._peak_rss, self._supervisor.rss())
                progress.show(self._monitor, self._supervisor)
                self._place.check_log()

    def _take(self) -> bool:
        """Takes what has come; whether the session's state is to be published at once."""
        changed = False
        self._sockets.clock.poll()
        while (message := self._sockets.heartbeats.receive()) is not None:
            if isinstance(message, ModeChange):
                self._change(message)
                changed = True
            elif isinstance(message, CalibrationChange | NetworkChange):
                self._requests.on_change(message)
                self._sockets.session.send(message)
                changed = True
            elif isinstance(message, Status):
                changed |= self._on_status(message)
            elif isinstance(message, RunCommand):
                if self._requests.handle(message, self._end_check, now_ns()):
                    self._origin_ns = None
                changed = True
        for subscriber in self._sockets.scored:
            while (message := subscriber.receive()) is not None:
                if isinstance(message, Frame):
                    for worker in self._workers:
                        worker.add_source(message)
        first, *others = self._workers
        for worker in others:
            worker.poll()
        changed |= first.poll(self._plan.bounds.frames)
        return changed | self._requests.on_results(first.fresh)

    def _change(self, change: ModeChange) -> None:
        """Passes a change of mode on to all; the worker's death is one too.

        At the end of the sources nothing comes any more, as it should be: that is no change.
        """
        if self._end_check.at_end:
            return
        self._mode = change.current
        if change.previous is not change.current:
            self._monitor.add_change(change)
            self._sockets.session.send(change)

    def _on_status(self, status: Status) -> bool:
        child = self._supervisor.children.get(status.process)
        before = None if child is None or child.status is None else child.status
        self._supervisor.on_status(status, now_ns())
        if status.process == "recorder":
            (self.takes or self.recorder).on_status(status)
        if status.process == "viewer":
            self._monitor.add_painted(status)
        self._requests.on_status(status)
        for worker in self._workers:
            worker.on_status(status)
        return before is None or (before.state, before.detail, before.mode) != (
            status.state,
            status.detail,
            status.mode,
        )

    def _start_when_ready(self, now: HostNs) -> None:
        statuses = self._supervisor.statuses()
        if self._origin_ns is None and all(
            may_begin(name, statuses.get(name)) for name in self._supervisor.children
        ):
            self._origin_ns = after(now, _START_AFTER_NS)
            self._sockets.session.send(self._session_status(now))

    def _session_status(self, now: HostNs) -> SessionStatus:
        return SessionStatus(
            timestamp_ns=now,
            origin_ns=self._origin_ns,
            first_result_ns=self._monitor.first_ns,
            processes=self._supervisor.health(),
            statuses=self._supervisor.statuses(),
            dropped=dict(self._supervisor.dropped()),
            results=self._monitor.frames,
            at_end=self._end_check.at_end,
            ending=self._ending,
            **self._requests.told(),
        )

    def _close(self) -> Rounds:
        """Ends every process, each within its `stop_s`, and takes their last heartbeats.

        The recorder comes last, when all that it records has been sent: the state of the session
        then tells it what its sources sent last. A second SIGINT or SIGTERM ends them at once.
        """
        if self.takes is not None and self.takes.active:
            self.takes.stop(now_ns())  # it waits for no source, so it need not come last
            yield from self._end([_LAST])
            self.takes.close()
        self._ending = True
        sources = [name for name in self._supervisor.children if name != _LAST]
        yield from self._end(sources)
        yield from self._end([name for name in self._supervisor.children if name == _LAST])
        self._sockets.close()
        self._let_go()

    def _let_go(self) -> None:
        self._supervisor.release()
        self._place.remove()

    def _end(self, names: Sequence[str]) -> Rounds:
        if not names:  # as the recorder of a run that records nothing
            return
        self._supervisor.stop(names)
        asked, next_session_ns = time.monotonic(), HostNs(0)
        while self._supervisor.alive(names):
            if self._stop_signals.count > 1:
                self._supervisor.kill()
            self._supervisor.kill_overdue(names, time.monotonic() - asked)
            yield [self._sockets.heartbeats]
            self._take()
            told = _LAST in self._supervisor.children or self._shared is not None
            if told and not later(next_session_ns, now := now_ns()):
                next_session_ns = after(now, _SESSION_EVERY_NS)
                self._sockets.session.send(self._session_status(now))
        for _ in range(_LAST_LOOKS):  # what they said last is here, or just coming
            yield [self._sockets.heartbeats]
            self._take()
