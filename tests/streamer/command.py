"""Runs the real command in a process of its own, with a deadline."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import msgspec
import psutil

COMMAND = [sys.executable, "-m", "streamer"]
RIG = Path(__file__).parents[3] / "shared" / "data" / "rig"


def environment() -> dict[str, str]:
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen"}


def corefusion(*arguments: str | Path, deadline_s: float = 60) -> subprocess.CompletedProcess[str]:
    """Runs to the end; a run that hangs is killed with its children and fails."""
    started = start(*arguments)
    try:
        out, err = started.communicate(timeout=deadline_s)
    except subprocess.TimeoutExpired:
        os.killpg(started.pid, signal.SIGKILL)
        out, err = started.communicate()
        raise AssertionError(f"still running after {deadline_s} s: {out}\n{err}") from None
    return subprocess.CompletedProcess(started.args, started.returncode, out, err)


def start(*arguments: str | Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
        start_new_session=True,
    )


def report_of(path: Path) -> dict[str, Any]:
    report: dict[str, Any] = msgspec.json.decode(path.read_bytes())
    return report


def children_of(pid: int, *names: str, deadline_s: float = 20) -> dict[str, psutil.Process]:
    """Waits until the named processes of a run live."""
    deadline = time.monotonic() + deadline_s
    while time.monotonic() < deadline:
        found = {}
        for process in psutil.Process(pid).children():
            line = process.cmdline()
            if "streamer.processes" in line:
                found[line[-1]] = process
        if set(names) <= set(found):
            return found
        time.sleep(0.02)
    raise AssertionError(f"{names} wanted, {sorted(found)} are there")


def wait_gone(processes: list[psutil.Process], deadline_s: float) -> None:
    _, alive = psutil.wait_procs(processes, timeout=deadline_s)
    assert not alive, f"orphans: {alive}"


def run_directories(pid: int) -> list[Path]:
    return list(Path("/tmp").glob(f"corefusion-{pid}-*"))
