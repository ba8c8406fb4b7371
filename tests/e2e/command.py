"""Runs the real command in a process of its own, with a deadline."""

import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import msgspec
import psutil

from streamer.runtime.socket_directory import parent_directory
from streamer.transport import TOPICS, Addresses, Endpoint, Policy, Subscriber
from tests.support.paths import DATA

COMMAND = [sys.executable, "-m", "streamer"]
_HERE = Path(__file__).parent
SMALL = ("--config", str(_HERE / "small.yaml"))
"""For runs whose pictures are not looked at."""
PATIENT = ("--config", str(_HERE / "patient.yaml"))
"""For runs in which nothing may be given up, on a host that is busy."""
RIG = DATA / "rig"


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
    deadline = time.monotonic() + 60
    while not (found := run_directories(pid)):
        assert time.monotonic() < deadline, "the run made no directory for its sockets"
        time.sleep(0.01)
    with Subscriber(Addresses(str(found[0])), endpoint, Policy.EVERY) as subscriber:
        yield subscriber


def wait_for_result(pid: int, endpoint: Endpoint = Endpoint.SR) -> None:
    """Waits until a run publishes results: all of its processes are at work then."""
    with following(pid, endpoint) as results:
        assert results.receive(60_000) is not None, "no result came"


def free_ports() -> int:
    """The first port of a run on tcp whose every endpoint is free at this moment."""
    for _ in range(100):
        port = random.randrange(20_000, 32_000)  # below those that the system hands out by itself
        with ExitStack() as sockets:
            try:
                for topic in TOPICS.values():
                    one = sockets.enter_context(socket.socket())
                    one.bind(("127.0.0.1", port + topic.port))
            except OSError:
                continue
        return port
    raise AssertionError("a hundred times some port was taken")
