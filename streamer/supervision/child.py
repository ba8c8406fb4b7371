"""One process of a run, through all its lives.

It is dead when it has exited, hung when its heartbeats stop, and stalled when it reports but its
stream stands still. The first restart comes at once, later ones after a growing pause; an exit that
says "final" (a missing file, a model that cannot be loaded) is not tried again.
"""

import os
import signal
import subprocess
import sys
from collections import Counter
from contextlib import suppress

import msgspec

from streamer.clock import NS_PER_S, HostNs, after, later, since
from streamer.config.schema import SupervisionConfig
from streamer.messages import ProcessHealth, ProcessState, Status
from streamer.runtime.process import ProcessSpec
from streamer.runtime.table import EXIT_FINAL

_WELL_AFTER_NS = 30 * NS_PER_S  # running this long forgives earlier failures


class Child:
    """One process of the run, through all its lives."""

    def __init__(self, spec: ProcessSpec, settings: SupervisionConfig) -> None:
        self.spec = spec
        self.restarts = 0
        self.status: Status | None = None
        self.final_error: str | None = None
        self.ended = False
        self._settings = settings
        self._popen: subprocess.Popen[bytes] | None = None
        self._started_ns = self._heard_ns = HostNs(0)
        self._killed = False
        self._due_ns: HostNs | None = None
        self._failures = 0
        self._earlier_drops: Counter[str] = Counter()

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
    def failures(self) -> int:
        """Failures in a row since it last ran well."""
        return self._failures

    def running_ns(self, now_ns: HostNs) -> int:
        """How long ago its present life began."""
        return since(now_ns, self._started_ns)

    def drops(self) -> Counter[str]:
        """What it dropped over all its lives."""
        return self._earlier_drops + Counter(self.status.dropped if self.status else {})

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
        self._started_ns = self._heard_ns = now_ns
        self._killed = False
        self._due_ns = None
        if self.status is not None:
            self._earlier_drops += Counter(self.status.dropped)
            self.status = None

    def on_status(self, status: Status, now_ns: HostNs) -> None:
        """Takes note of a heartbeat of its present life."""
        if status.pid != self.pid and status.state is not ProcessState.FAILED:
            return
        self.status = status
        self._heard_ns = now_ns
        if since(now_ns, self._started_ns) > _WELL_AFTER_NS:
            self._failures = 0
        if status.state is ProcessState.FAILED:
            self.final_error = status.detail

    def poll(self, now_ns: HostNs, *, stream_silent_ns: int | None) -> str | None:
        """Restarts it where needed; returns what happened, in words, if anything did."""
        if self.ended or self.final_error is not None:
            return None
        if self._due_ns is not None:
            if not later(self._due_ns, now_ns) and not self.alive:
                self.restarts += 1
                self.start(now_ns)
            return None
        assert self._popen is not None
        code = self._popen.poll()
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
            return self.final_error
        else:
            reason = f"ended with {_exit_words(code)}"
        self._failures += 1
        wait_s = 0.0
        if self._failures > 1:
            doubled = self._settings.backoff_s * 2 ** (self._failures - 2)
            wait_s = min(doubled, self._settings.backoff_max_s)
        self._due_ns = after(now_ns, wait_s * NS_PER_S)
        return f"{self.name} {reason}; starting it again" + (f" in {wait_s:g} s" if wait_s else "")

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
        """SIGTERM. Its lifeline stays whole: who loses that has less time than `stop_s`."""
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
        if not self.alive and not self.ended:
            return ProcessHealth(ProcessState.STARTING, "starting again", self.restarts, False)
        return ProcessHealth(self.status.state, self.status.detail, self.restarts, self.alive)

    def _stuck(self, now_ns: HostNs, stream_silent_ns: int | None) -> str | None:
        silent_ns = since(now_ns, self._heard_ns)
        starting = self.status is None or self.status.state is ProcessState.STARTING
        limit_s = self._settings.start_timeout_s if starting else self._settings.hang_s
        if silent_ns > limit_s * NS_PER_S:
            return f"has not reported for {silent_ns / NS_PER_S:.1f} s"
        running = self.status is not None and self.status.state is ProcessState.RUNNING
        stall_ns = self._settings.stall_s * NS_PER_S
        if running and stream_silent_ns is not None and stream_silent_ns > stall_ns:
            return f"has sent no frame for {stream_silent_ns / NS_PER_S:.1f} s"
        return None


def _environment() -> dict[str, str]:
    """Ours, without what would put the working directory on the import path of a child.

    `-P` keeps it from there; an empty entry of PYTHONPATH (as `PYTHONPATH=$PYTHONPATH:/x` leaves
    it) would bring it back, and with it any `queue.py` that happens to lie in it.
    """
    environment = dict(os.environ)
    entries = [path for path in environment.pop("PYTHONPATH", "").split(os.pathsep) if path]
    if entries:
        environment["PYTHONPATH"] = os.pathsep.join(entries)
    return environment


def _exit_words(code: int) -> str:
    if code < 0:
        return signal.Signals(-code).name
    return f"exit code {code}"
