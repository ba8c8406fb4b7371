"""One process of several runs, a worker or a window, and what each of those runs sees of it."""

import logging
from time import monotonic

import msgspec

from streamer.clock import HostNs
from streamer.config.schema import SupervisionConfig
from streamer.messages import ProcessHealth, ProcessState, Status
from streamer.runtime.process import ProcessSpec
from streamer.supervision.processes.child import Child

log = logging.getLogger(__name__)


class SharedProcess:
    """The process that makes the results of several runs, or shows them.

    It is started when all of them have begun, started again when it fails, for the runs that are
    left, and ends with the last of them.

    Args:
        settings: when it has failed, and how it is brought back.
    """

    def __init__(self, settings: SupervisionConfig) -> None:
        self._settings = settings
        self._shares: list[ProcessShare] = []
        self._child: Child | None = None
        self._told_s: float | None = None

    def share_of(self, spec: ProcessSpec) -> Child:
        """What a run sees of it, as a child of its own."""
        share = ProcessShare(spec, self._settings, self)
        self._shares.append(share)
        return share

    @property
    def process(self) -> Child | None:
        """The process, once it was started."""
        return self._child

    @property
    def alive(self) -> bool:
        """Whether it is running at this moment."""
        return self._child is not None and self._child.alive

    def start(self, now_ns: HostNs) -> None:
        """Starts it, for all runs that have not ended."""
        self._child = Child(self._spec(), self._settings)
        self._child.start(now_ns)

    def poll(self, now_ns: HostNs) -> None:
        """Looks after it; whoever it serves is told what happened, in words."""
        if self._child is None:
            return
        if all(share.left for share in self._shares):
            self._end(self._child)
            return
        restarts, self._child.spec = self._child.restarts, self._spec()
        words = self._child.poll(now_ns, stream_silent_ns=None)
        for share in self._shares:
            if words is not None:
                share.news = words
            if self._child.restarts > restarts:
                share.begin_again(now_ns)

    def release(self) -> None:
        """Lets go of its lifeline: it has ended, or ends by that."""
        if self._child is not None:
            self._child.kill()
            self._child.release()

    def _end(self, child: Child) -> None:
        now_s = monotonic()
        if self._told_s is None:
            self._told_s = now_s
            child.tell_to_stop()
        elif now_s - self._told_s >= child.spec.stop_s:
            child.kill()

    def _spec(self) -> ProcessSpec:
        specs = [share.spec for share in self._shares if not share.left]
        if not specs:
            return self._shares[0].spec
        return msgspec.structs.replace(specs[0], others=tuple(specs[1:]))


class ProcessShare(Child):
    """The shared process as a child of one run: its reports about this run, and no process.

    Attributes:
        left: whether the run needs it no longer.
        news: what happened to the process and the run was not told yet, in words.
    """

    def __init__(
        self, spec: ProcessSpec, settings: SupervisionConfig, shared: SharedProcess
    ) -> None:
        super().__init__(spec, settings)
        self.left = False
        self.news: str | None = None
        self._shared = shared
        self._done = False

    @property
    def alive(self) -> bool:
        """Whether the process runs, and has not let go of this run."""
        if self._told and (self._done or self._shared.process is None):
            return False
        return self._shared.alive

    @property
    def pid(self) -> int | None:
        """The process's id while it lives."""
        child = self._shared.process
        return child.pid if child is not None and self.alive else None

    @property
    def _life(self) -> int | None:
        """The process id of its present life, as long as that serves this run."""
        child = self._shared.process
        return None if child is None or self._done else child._life  # noqa: SLF001 - of its kind

    def start(self, now_ns: HostNs) -> None:
        """The process is started for all."""

    def begin_again(self, now_ns: HostNs) -> None:
        """The process has been started again."""
        self.restarts += 1
        self._forget_life(now_ns)

    def on_status(self, status: Status, now_ns: HostNs) -> None:
        """Takes note of a heartbeat, which is one of the process too."""
        super().on_status(status, now_ns)
        child = self._shared.process
        if self._told and status.state is ProcessState.ENDED:
            self._done = self.left = True
        elif child is not None:
            child.on_status(status, now_ns)

    def poll(self, now_ns: HostNs, *, stream_silent_ns: int | None) -> str | None:
        """What happened to the process since the last call; what is final is so for every run."""
        child = self._shared.process
        if child is not None:
            self.final_error = child.final_error or self.final_error
            self.ended = child.ended  # by itself, as a window that was closed
        words, self.news = self.news, None
        return words

    def kill(self) -> bool:
        """Lets go of this run; of a run that goes on, kills the process, as an injection asks."""
        if self._told:
            was_there = not self._done
            self._done = self.left = True
            return was_there
        child = self._shared.process
        return child is not None and child.kill()

    def tell_to_stop(self) -> None:
        """Asks it to let go of this run: by the state of the session, see `health`."""
        self._told = True
        if not self._shared.alive:
            self._done = self.left = True

    def release(self) -> None:
        """It has no lifeline of its own."""
        self.left = True

    def health(self) -> ProcessHealth:
        """How it stands; `ended` tells the process that this run is over."""
        if self._told:
            return ProcessHealth(ProcessState.ENDED, "the run is over", self.restarts, self.alive)
        return super().health()
