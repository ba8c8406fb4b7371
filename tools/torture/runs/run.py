"""One real command under way: what it starts, what it says, and what it leaves behind."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from streamer.messages import SessionStatus
from streamer.transport import Addresses, Endpoint, Policy, Subscriber
from tools.torture.runs.pace import Delays

TOKEN = "COREFUSION_TORTURE"
"""In the environment of everything that a run starts, so that no orphan escapes."""

_LOOK_S = 0.02
_SAMPLE_S = 0.2
_FOR_EVER_S = 300.0  # whatever the load is


@dataclass
class Evidence:
    """What a run left for its judge.

    Attributes:
        words: its command line.
        code: its exit code; None where it had to be killed.
        hung: what did not end or come within what is allowed.
        output: standard output.
        errors: standard error of all its processes.
        orphans: processes that outlived it, by pid and command line.
        left: files in its runtime and temporary folder.
        idle_s: what took how long, on an idle host.
        delay_s: the longest that one process was kept from running.
    """

    words: list[str]
    code: int | None = None
    hung: list[str] = field(default_factory=list)
    output: str = ""
    errors: str = ""
    orphans: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    idle_s: dict[str, float] = field(default_factory=dict)
    delay_s: float = 0.0


class Run:
    """A command, its processes and its files; what is still there at the end is killed.

    Args:
        command: program and arguments.
        folder: where it runs, and where its output goes.
        runtime: its XDG_RUNTIME_DIR and TMPDIR; empty before, and wanted empty afterwards.
        environment: of the command.

    Attributes:
        folder: where it runs.
        started: when, by `time.monotonic`.
        pid: of the command, which is the supervisor of its run.
        evidence: complete after `finish`.
    """

    def __init__(
        self, command: Sequence[str], folder: Path, runtime: Path, environment: dict[str, str]
    ) -> None:
        self._runtime = runtime
        self._token = environment[TOKEN]
        self.folder = folder
        self.evidence = Evidence(list(command))
        self.delays = Delays()
        self._sampled = 0.0
        self._output = (folder / "output").open("wb")
        self._errors = (folder / "errors").open("wb")
        self.started = time.monotonic()
        self._popen = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=self._errors,
            start_new_session=True,
        )
        self.pid = self._popen.pid
        self._session: Subscriber | None = None
        self.session: SessionStatus | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill_all()
        self._output.close()
        self._errors.close()
        if self._session is not None:
            self._session.close()

    @property
    def ended(self) -> bool:
        """Whether the command has exited."""
        return self._popen.poll() is not None

    @property
    def code(self) -> int | None:
        """Its exit code; None while it lives."""
        return self._popen.poll()

    @property
    def addresses(self) -> Addresses | None:
        """Where its endpoints are; None before it says so."""
        for file in self._runtime.glob(f"corefusion-{self.pid}-*/connection.json"):
            with suppress(OSError, msgspec.MsgspecError):  # just being made or removed
                return msgspec.json.decode(file.read_bytes(), type=Addresses)
        return None

    @property
    def results(self) -> int:
        """How many results it has told of."""
        return 0 if self.session is None else self.session.results

    def output(self) -> str:
        """What it has written to its standard output so far."""
        return (self.folder / "output").read_text(errors="replace")

    def processes(self) -> Iterator[tuple[int, str]]:
        """(pid, command line) of all that live, orphans too."""
        wanted = f"{TOKEN}={self._token}".encode()
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            with suppress(OSError):  # gone, or another user's
                if wanted in (entry / "environ").read_bytes().split(b"\0"):
                    words = (entry / "cmdline").read_bytes().rstrip(b"\0").split(b"\0")
                    yield int(entry.name), os.fsdecode(b" ".join(words))

    def children(self) -> dict[str, int]:
        """The pid of each process of the run, by its name in the table of processes."""
        found = {}
        for pid, line in self.processes():
            _, module, name = line.rpartition("streamer.runtime ")
            if module:
                found[name] = pid
        return found

    def signal(self, pid: int, number: signal.Signals) -> bool:
        """Sends a signal to one process; whether it was there."""
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return False
        return True

    def wait(self, holds: Callable[[], object], what: str, allowed_s: float) -> bool:
        """Waits until something holds; what has not come after so long on an idle host hangs."""
        begun = time.monotonic()
        while not holds():
            self.look()
            passed = time.monotonic() - begun
            late = passed > allowed_s and self.delays.idle_s(begun, self.pid) > allowed_s
            if late or passed > _FOR_EVER_S:
                self.evidence.hung.append(f"{what}: not within {passed:.1f} s")
                return False
            time.sleep(_LOOK_S)
        self.look(always=True)
        self.evidence.idle_s[what] = self.delays.idle_s(begun, self.pid)
        return True

    def wait_for_results(self, allowed_s: float, more_than: int | None = None) -> bool:
        """Waits for results, or for the end of the run; by default for one more than now."""
        before = self.results if more_than is None else more_than
        return self.wait(lambda: self.ended or self.results > before, "a result", allowed_s)

    def pause(self, seconds: float) -> None:
        """Lets time pass; ends early with the run."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0 and not self.ended:
            self.look()
            time.sleep(min(left, _LOOK_S))

    def look(self, *, always: bool = False) -> SessionStatus | None:
        """Takes what the run says of itself, and the delays of its processes."""
        self._poll_session()
        now = time.monotonic()
        if always or now - self._sampled > _SAMPLE_S:
            self._sampled = now
            self.delays.sample(pid for pid, _ in self.processes())
        return self.session

    def finish(self, allowed_s: float, gone_s: float) -> Evidence:
        """Waits for the end of the command and of its children, and takes up the evidence."""
        begun = time.monotonic()
        self.wait(lambda: self.ended, "ended", allowed_s)
        if not self.ended:
            self._popen.kill()
            self._popen.wait()
        else:
            self.evidence.code = self._popen.returncode
        self.wait(lambda: not any(self.processes()), "gone", gone_s)
        self.evidence.orphans = [f"{pid} {line}" for pid, line in self.processes()]
        self.kill_all()
        self.evidence.left = sorted(path.name for path in self._runtime.iterdir())
        self.evidence.output = self.output()
        self.evidence.errors = (self.folder / "errors").read_text(errors="replace")
        self.evidence.delay_s = max(self.delays.within(self.started).values(), default=0.0)
        self.evidence.idle_s["ended"] = self.evidence.idle_s.get("ended", time.monotonic() - begun)
        return self.evidence

    def kill_all(self) -> None:
        """SIGKILL to whatever is there."""
        while there := list(self.processes()):
            for pid, _ in there:
                self.signal(pid, signal.SIGKILL)
            if not self.ended:
                self._popen.wait()
            time.sleep(_LOOK_S)
        self._popen.wait()

    def _poll_session(self) -> None:
        if self._session is None and self.addresses is not None:
            self._session = Subscriber(self.addresses, Endpoint.SESSION, Policy.EVERY)
        while self._session is not None and (message := self._session.receive()) is not None:
            if isinstance(message, SessionStatus):
                self.session = message
