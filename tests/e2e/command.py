"""Runs the real command in a process of its own, with a deadline."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec
import psutil
import pytest

from streamer.commands.app import main
from streamer.messages import SessionStatus
from streamer.runtime.connection_file import NoRunError, find_run
from streamer.runtime.socket_directory import parent_directory
from streamer.transport import Addresses, Endpoint, Policy, Subscriber, wait_any
from tests.support.paths import DATA

COMMAND = [sys.executable, "-m", "streamer"]
_HERE = Path(__file__).parent
SMALL = ("--config", str(_HERE / "small.yaml"))
"""For runs whose pictures are not looked at."""
PATIENT = ("--config", str(_HERE / "patient.yaml"))
"""For runs in which nothing may be given up, on a host that is busy."""
RIG = DATA / "rig"
UNHURRIED_S = 240.0
"""For what a run does at the lowest priority: beside others it gets a hundredth of a core."""


def environment() -> dict[str, str]:
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen"}


def corefusion(
    *arguments: str | Path, deadline_s: float = 90, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Runs to the end; a run that hangs is killed and fails."""
    with started(*arguments, **variables) as run:
        try:
            out, err = run.communicate(timeout=deadline_s)
        except subprocess.TimeoutExpired:
            run.kill()
            out, err = run.communicate()
            raise AssertionError(f"still running after {deadline_s} s: {out}\n{err}") from None
        return subprocess.CompletedProcess(run.args, run.returncode, out, err)


@contextmanager
def started(*arguments: str | Path, **variables: str) -> Iterator[subprocess.Popen[str]]:
    """A run under way; it is killed on the way out, and its children die with it."""
    with subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**environment(), **variables},
    ) as run:
        try:
            yield run
        finally:
            run.kill()


def run_here(*arguments: str | Path) -> None:
    """Runs the command in this process, and its processes as ever; it is to end well."""
    words = ["corefusion", *map(str, arguments)]
    with patch.object(sys, "argv", words):
        with pytest.raises(SystemExit) as ended:
            main()
        assert not ended.value.code, f"{words} ended with {ended.value.code}"


def headless_replay(recording: Path, report: Path, *arguments: str | Path) -> dict[str, Any]:
    """The report of a recording that is replayed so."""
    run_here("replay", recording, "--headless", "--report", report, *arguments)
    return report_of(report)


def report_of(path: Path) -> dict[str, Any]:
    report: dict[str, Any] = msgspec.json.decode(path.read_bytes())
    return report


def children_of(pid: int, *names: str, deadline_s: float = 60) -> dict[str, psutil.Process]:
    """Waits until the named processes of a run live."""
    deadline = time.monotonic() + deadline_s
    while time.monotonic() < deadline:
        found = {}
        for process in psutil.Process(pid).children():
            try:
                line = process.cmdline()
            except psutil.NoSuchProcess:  # a replaced one, ended and perhaps not yet reaped
                continue
            if "streamer.runtime" in line:
                found[line[-1]] = process
        if set(names) <= set(found):
            return found
        time.sleep(0.02)
    raise AssertionError(f"{names} wanted, {sorted(found)} are there")


def wait_gone(processes: list[psutil.Process], deadline_s: float) -> None:
    _, alive = psutil.wait_procs(processes, timeout=deadline_s)
    assert not alive, f"orphans: {alive}"


def run_directories(pid: int) -> list[Path]:
    """The socket directories of a run."""
    return list(parent_directory().glob(f"corefusion-{pid}-*"))


@contextmanager
def following(pid: int, endpoint: Endpoint) -> Iterator[Subscriber]:
    """Everything that a run publishes there from now on."""
    with Subscriber(addresses_of(pid), endpoint, Policy.EVERY) as subscriber:
        yield subscriber


def addresses_of(pid: int) -> Addresses:
    """Where the endpoints of a run are, once it has begun."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return find_run(pid)
        except NoRunError:
            assert time.monotonic() < deadline, "the run does not tell where it is"
            time.sleep(0.01)


def wait_for_result(pid: int, endpoint: Endpoint = Endpoint.SR) -> None:
    """Waits until a run publishes results: all of its processes are at work then."""
    with following(pid, endpoint) as results:
        assert results.receive(60_000) is not None, "no result came"


def session_where(
    session: Subscriber,
    run: "subprocess.Popen[str]",
    holds: Callable[[SessionStatus], bool],
    deadline_s: float = 60,
) -> SessionStatus:
    """Waits for a state of the session; the run has to be there all the while."""
    deadline = time.monotonic() + deadline_s
    last = None
    while time.monotonic() < deadline:
        assert run.poll() is None, (run.returncode, run.communicate())
        wait_any([session], 50)
        while (message := session.receive()) is not None:
            if isinstance(message, SessionStatus):
                last = message
                if holds(message):
                    return message
    raise AssertionError(f"not within {deadline_s} s: {last}")
