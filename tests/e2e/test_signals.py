"""A run that is asked to end once, and one at which somebody leans on Ctrl-C."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from streamer.recording import RecordingReader
from tests.e2e.command import (
    COMMAND,
    SMALL,
    children_of,
    environment,
    run_directories,
    started,
    wait_for_result,
    wait_gone,
)

pytestmark = pytest.mark.e2e

RIG = ("--model", "bilinear", *SMALL)
LIVE = ("live", "--headless", *RIG)
NAMES = ("capture.visible", "capture.thermal", "inference")
ENDED_S = 20  # well over the seconds it takes, far under for ever


def lean_on(run: "subprocess.Popen[str]", times: int, every_s: float) -> None:
    """Sends SIGINTs for as long as there is somebody to send them to."""
    for _ in range(times):
        if run.poll() is not None:
            return
        run.send_signal(signal.SIGINT)
        time.sleep(every_s)


@pytest.mark.parametrize(("times", "every_s"), [(1, 0), (3, 0.1), (20, 0.02)])
def test_any_number_of_interrupts_ends_a_run_and_all_its_processes(
    times: int, every_s: float
) -> None:
    with started(*LIVE) as run:
        children = list(children_of(run.pid, *NAMES).values())
        lean_on(run, times, every_s)
        out, err = run.communicate(timeout=ENDED_S)
        assert run.returncode == 0, err
        assert "Traceback" not in err
        assert "results" in out  # the report is whole, however many came while it was made
        wait_gone(children, ENDED_S)
        assert run_directories(run.pid) == []


ANSWERS = (
    "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL);"
    "os.execv(sys.argv[1], sys.argv[1:])"
)


def test_an_interrupt_while_the_command_is_loading_is_no_traceback() -> None:
    words = [sys.executable, "-c", ANSWERS, *COMMAND, *LIVE]  # who runs the suite may ignore it
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True, env=environment()) as run:
        maps, deadline = Path(f"/proc/{run.pid}/maps"), time.monotonic() + ENDED_S
        while "msgspec" not in maps.read_text():  # the interpreter's own start is over
            assert time.monotonic() < deadline
        run.send_signal(signal.SIGINT)
        _, err = run.communicate(timeout=ENDED_S)
        assert run.returncode in (-signal.SIGINT, 130)
        assert err == ""


def test_a_recording_that_is_broken_off_ends_too(tmp_path: Path) -> None:
    with started("record", *RIG, "--output", tmp_path / "r.mcap") as run:
        children = list(children_of(run.pid, "recorder", *NAMES).values())
        lean_on(run, 8, 0.05)
        _, err = run.communicate(timeout=ENDED_S)
        assert run.returncode in (0, 1), err  # complete, or the recorder was not given the time
        assert "Traceback" not in err
        wait_gone(children, ENDED_S)
        assert run_directories(run.pid) == []


def test_a_recording_is_completed_when_its_terminal_is_closed(tmp_path: Path) -> None:
    file = tmp_path / "r.mcap"
    with started("record", *RIG, "--output", file) as run:
        children = children_of(run.pid, "recorder", *NAMES)
        wait_for_result(run.pid)
        for child in children.values():  # a terminal tells all of them, and twice
            child.send_signal(signal.SIGHUP)
        for _ in range(2):
            run.send_signal(signal.SIGHUP)
        _, err = run.communicate(timeout=ENDED_S)
        assert run.returncode == 0, err
        assert "starting it again" not in err
        assert RecordingReader(file).complete


def test_the_second_signal_does_not_wait_for_who_does_not_answer() -> None:
    with started(*LIVE, "--set", "supervision.stop_s=2") as run:
        children = children_of(run.pid, *NAMES)
        worker: psutil.Process = children["inference"]
        worker.suspend()
        lean_on(run, 2, 0.05)
        _, err = run.communicate(timeout=ENDED_S)
        assert run.returncode == 0, err
        assert "did not stop within" not in err
        wait_gone(list(children.values()), ENDED_S)
