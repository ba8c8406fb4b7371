"""One process of a run, through all its lives.

It is dead when it has exited, hung when its heartbeats stop, and stalled when it reports but its
stream stands still. The first restart comes at once; those that follow within
`supervision.failure_window_s` come after a growing pause. Whoever has run once is started again
however often it fails: a camera that crashes now and then is no reason to end a recording, nor is
a foreign program that has taken its port meanwhile. Given up is what fails
`supervision.start_attempts` times and never runs, and what exits with "final" (a missing file, a
model that cannot be loaded).
"""

import os
import signal
import subprocess
import sys
from collections import deque
from contextlib import suppress

import msgspec

from streamer.clock import NS_PER_S, HostNs, after, later, since
from streamer.config.schema import SupervisionConfig
from streamer.messages import CaptureTiming, ProcessHealth, ProcessState, Status
from streamer.runtime.process import ProcessSpec
from streamer.runtime.table import EXIT_FINAL, EXIT_TAKEN
from streamer.supervision.processes.losses import Losses
from streamer.supervision.service.service_manager import VARIABLES

_STALLED_PERIODS = 4  # of a slow camera; the worker has lost it then
_NO_REPLAY = "started again, it would not give the results of the recording"
_DOUBLINGS = 64  # of a pause; more would not change it
_LAST_WORDS_NS = NS_PER_S // 5  # what a process said before it went is taken by then,
_LAST_LOOKS = 10  # as long as the supervisor had its turns
_EXPLAINED = (0, EXIT_FINAL, EXIT_TAKEN)  # exits before which a process says why


class Child:
    """One process of the run, through all its lives.

    Args:
        spec: what it is told.
        settings: when it has failed, and how it is brought back.
        restarted: whether it may have a second life; else its first failure is final.

    Attributes:
        losses: what it lost over all its lives.
    """

    def __init__(
        self, spec: ProcessSpec, settings: SupervisionConfig, *, restarted: bool = True
    ) -> None:
        self.spec = spec
        self.restarts = 0
        self.status: Status | None = None
        self.timing: CaptureTiming | None = None
        self.final_error: str | None = None
        self.ended = False
        self._settings = settings
        self._restarted = restarted
        self._popen: subprocess.Popen[bytes] | None = None
        self._started_ns = self._heard_ns = HostNs(0)
        self._running_since_ns: HostNs | None = None
        self._killed = self._told = False
        self._due_ns: HostNs | None = None
        self._gone_ns: HostNs | None = None  # when it was first found to have exited
        self._looks = 0  # since then
        self._forgiven_pid: int | None = None
        self._has_run = False
        self._failures = 0  # counts as long as it has never run
        self._failed_ns: deque[HostNs] = deque(maxlen=_DOUBLINGS)  # within the window
        self.losses = Losses()

    @property
    def name(self) -> str:
        """The process's name in the table."""
        return self.spec.name

    @property
    def alive(self) -> bool:
        """Whether it is running at this moment."""
        return self._popen is not None and self._popen.poll() is None

    @property
    def pid(self) -> int | None:
        """Its process id while it lives."""
        return self._popen.pid if self._popen is not None and self.alive else None

    @property
    def running_since_ns(self) -> HostNs | None:
        """When it reported that it runs, in its present life and without a break since."""
        return self._running_since_ns

    def start(self, now_ns: HostNs) -> None:
        """Spawns it and hands over its spec."""
        self.release()
        self._popen = subprocess.Popen(
            [sys.executable, "-P", "-m", "streamer.runtime", self.name],
            stdin=subprocess.PIPE,
            env=_environment(),
            process_group=0,  # a Ctrl-C at the terminal is the supervisor's to pass on
        )
        assert self._popen.stdin is not None
        try:
            self._popen.stdin.write(msgspec.json.encode(self.spec) + b"\n")
            self._popen.stdin.flush()
        except BrokenPipeError:
            pass  # it died at once: the next look finds out
        self._killed = self._told = False
        self._forget_life(now_ns)

    def _forget_life(self, now_ns: HostNs) -> None:
        """What was reported is of an earlier life; what that has lost is kept."""
        self._started_ns = self._heard_ns = now_ns
        self._running_since_ns = None
        self.ended = False
        self._due_ns = self._gone_ns = None
        self.status = None
        self.losses.begin_life()

    @property
    def _life(self) -> int | None:
        """The process id of its present life, also when that has just ended."""
        return None if self._popen is None else self._popen.pid

    def on_status(self, status: Status, now_ns: HostNs) -> None:
        """Takes note of a heartbeat of its present life; the last may be read after its end."""
        if status.pid != self._life and status.state is not ProcessState.FAILED:
            return
        if status.pid == self._forgiven_pid:
            return
        self.status = status
        if status.pid == self._life:
            self.losses.take(status)
        self.timing = status.timing or self.timing
        self._heard_ns = now_ns
        if status.state is not ProcessState.RUNNING:
            self._running_since_ns = None
        elif self._running_since_ns is None:
            self._running_since_ns = status.timestamp_ns
        self._has_run |= status.state is ProcessState.RUNNING
        window_ns = self._settings.failure_window_s * NS_PER_S
        if (
            status.state is not ProcessState.STARTING
            and since(now_ns, self._started_ns) > window_ns
        ):
            self._failures = 0  # it waits for something, and has done so for long
        if status.state is ProcessState.FAILED:
            self.final_error = status.detail

    def poll(self, now_ns: HostNs, *, stream_silent_ns: int | None) -> str | None:
        """Restarts it where needed; returns what happened, in words, if it is to start again.

        What is given up says why in `final_error`.
        """
        if self.ended or self.final_error is not None:
            return None
        if self._due_ns is not None:
            if not later(self._due_ns, now_ns) and not self.alive:
                self.restarts += 1
                self.start(now_ns)
            return None
        assert self._popen is not None
        code = self._popen.poll()
        if code in _EXPLAINED and not self._told and not self._is_heard_out(now_ns):
            return None
        if code is not None and self._told:
            self.ended = True
            if code == EXIT_FINAL:
                self.final_error = f"{self.name} could not go on"
            return None
        if code is None:
            reason = self._stuck(now_ns, stream_silent_ns)
            if reason is None:
                return None
            self.kill()
        elif code == 0 and self.status is not None and self.status.state is ProcessState.ENDED:
            self.ended = True
            return None
        elif code == EXIT_FINAL:
            self.final_error = f"{self.name} could not go on"
            return None
        elif code == EXIT_TAKEN:
            told = self.status is not None and self.status.state is ProcessState.WAITING
            reason = self.status.detail if self.status and told else "found its endpoint taken"
            if not self._has_run:
                self.final_error = f"{self.name} {reason}"
                return None
        else:
            reason = f"ended with {_exit_words(code)}"
        return self._after_failure(reason, now_ns)

    def start_after_all(self, now_ns: HostNs) -> None:
        """Starts it again after what was final, once it has gone: its spec is another by now."""
        self._forgiven_pid = None if self._popen is None else self._popen.pid
        self.final_error = None
        self._due_ns = now_ns

    def kill(self) -> bool:
        """Sends SIGKILL, once a life, and does not wait; returns whether it was sent now.

        `alive` stays true until the process has gone, and no other takes its place before: one that
        hangs in the kernel keeps its sockets and its camera, but does not hold up the run.
        """
        if self._popen is None or self._killed or not self.alive:
            return False
        self._killed = True
        self._popen.kill()
        return True

    def tell_to_stop(self) -> None:
        """SIGTERM. Its lifeline stays whole: who loses that has less time than `stop_s`.

        However it ends then, it is not started again.
        """
        self._told = True
        self._due_ns = None
        if self._popen is not None and self.alive:
            self._popen.send_signal(signal.SIGTERM)

    def release(self) -> None:
        """Lets go of its lifeline."""
        if self._popen is not None and self._popen.stdin is not None:
            with suppress(BrokenPipeError):  # it never read what it was told
                self._popen.stdin.close()

    def health(self) -> ProcessHealth:
        """How it stands, for everybody to see."""
        if self.final_error is not None:
            return ProcessHealth(ProcessState.FAILED, self.final_error, self.restarts, False)
        if self.status is None:
            detail = "starting again" if self.restarts or self._due_ns else "starting"
            return ProcessHealth(ProcessState.STARTING, detail, self.restarts, self.alive)
        if not self.alive and not self.ended and not self._told:
            return ProcessHealth(ProcessState.STARTING, "starting again", self.restarts, False)
        return ProcessHealth(self.status.state, self.status.detail, self.restarts, self.alive)

    def _is_heard_out(self, now_ns: HostNs) -> bool:
        """Whether what it said before it exited has had its time to be taken.

        A supervisor that stood still meanwhile may find the exit before the words that explain it.
        Whoever told it to stop hears it out, once for all that were.
        """
        if self._gone_ns is None:
            self._gone_ns, self._looks = now_ns, 0
        self._looks += 1
        return self._looks > _LAST_LOOKS and since(now_ns, self._gone_ns) >= _LAST_WORDS_NS

    def _after_failure(self, reason: str, now_ns: HostNs) -> str | None:
        """Gives it up, or says in words when it starts again."""
        if not self._restarted:
            self.final_error = f"{self.name} {reason}: {_NO_REPLAY}"
            return None
        self._failures += 1
        if not self._has_run and self._failures >= self._settings.start_attempts:
            self.final_error = f"{self.name} {reason}, {_times(self._failures)}, and never ran"
            return None
        wait_s = self._pause_s(now_ns)
        self._due_ns = after(now_ns, wait_s * NS_PER_S)
        return f"{self.name} {reason}; starting it again" + (f" in {wait_s:g} s" if wait_s else "")

    def _pause_s(self, now_ns: HostNs) -> float:
        """How long to wait after a failure at this moment: by how many there were of late."""
        window_ns = self._settings.failure_window_s * NS_PER_S
        self._failed_ns.append(now_ns)
        while since(now_ns, self._failed_ns[0]) > window_ns:
            self._failed_ns.popleft()
        if len(self._failed_ns) == 1:
            return 0.0
        doubled_s = self._settings.backoff_s * 2.0 ** (len(self._failed_ns) - 2)
        return min(doubled_s, self._settings.backoff_max_s)

    def _stuck(self, now_ns: HostNs, stream_silent_ns: int | None) -> str | None:
        silent_ns = since(now_ns, self._heard_ns)
        starting = self.status is None or self.status.state is ProcessState.STARTING
        limit_s = self._settings.start_timeout_s if starting else self._settings.hang_s
        if silent_ns > limit_s * NS_PER_S:
            return f"has not reported for {silent_ns / NS_PER_S:.1f} s"
        running = self.status is not None and self.status.state is ProcessState.RUNNING
        stall_ns = self._settings.stall_s * NS_PER_S
        if self.status is not None and self.status.camera is not None:
            stall_ns = max(stall_ns, _STALLED_PERIODS * NS_PER_S / self.status.camera.rate_hz)
        if running and stream_silent_ns is not None and stream_silent_ns > stall_ns:
            return f"has sent no frame for {stream_silent_ns / NS_PER_S:.1f} s"
        return None


def _environment() -> dict[str, str]:
    """Ours, without the service manager's, and the working directory on no child's import path.

    `-P` keeps it from there; an empty entry of PYTHONPATH (as `PYTHONPATH=$PYTHONPATH:/x` leaves
    it) would bring it back, and with it any `queue.py` that happens to lie in it.
    """
    environment = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    entries = [path for path in environment.pop("PYTHONPATH", "").split(os.pathsep) if path]
    if entries:
        environment["PYTHONPATH"] = os.pathsep.join(entries)
    return environment


def _exit_words(code: int) -> str:
    if code < 0:
        return signal.Signals(-code).name
    return f"exit code {code}"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
