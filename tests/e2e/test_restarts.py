"""Processes that crash in the middle of a run, seen by a program that follows it from outside."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from streamer.messages import ProcessState, SessionStatus
from streamer.transport import Addresses, Endpoint, Policy, Subscriber, wait_any
from tests.e2e.command import SMALL, children_of, corefusion, report_of, run_directories, started

pytestmark = pytest.mark.e2e

RIG = ("--model", "bilinear", *SMALL)
LIVE = ("live", "--headless", *RIG)
CAMERA = "capture.visible"


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
        assert run.poll() is None, run.communicate()[1]
        wait_any([session], 50)
        while (message := session.receive()) is not None:
            if isinstance(message, SessionStatus):
                last = message
                if holds(message):
                    return message
    raise AssertionError(f"not within {deadline_s} s: {last}")


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("restarts") / "a.mcap"
    done = corefusion("record", *RIG, "--frames", "120", "--output", path)
    assert done.returncode == 0, done.stderr
    return path


@pytest.mark.parametrize("name", ["player", "inference"])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_a_headless_replay_is_the_whole_recording_or_an_error(
    recording: Path, tmp_path: Path, name: str, number: signal.Signals
) -> None:
    report = tmp_path / "r.json"
    with started(
        *("replay", recording, "--headless", "--report", report),
        *("--set", "supervision.hang_s=2"),
    ) as run:
        session = follow(run, name)
        at_work = session_where(session, run, lambda now: now.results > 0)
        os.kill(at_work.statuses[name].pid, number)
        session.close()
        _, err = run.communicate(timeout=60)
        assert run.returncode == 1, err
        (line,) = err.splitlines()
        assert line.startswith(f"corefusion: {name} ")
        assert "started again, it would not give the results of the recording" in line
    assert 0 < report_of(report)["frames"] < 120  # what was made until then


def follow(run: "subprocess.Popen[str]", *names: str) -> Subscriber:
    """The session of a run whose processes are there."""
    children_of(run.pid, *names)
    (directory,) = run_directories(run.pid)
    return Subscriber(Addresses(str(directory)), Endpoint.SESSION, Policy.EVERY)


def test_a_camera_that_crashes_again_and_again_does_not_end_the_run() -> None:
    with started(*LIVE, "--set", "supervision.backoff_max_s=0.1") as run:
        session = follow(run, CAMERA)
        for crashes in range(7):
            at_work = session_where(
                session,
                run,
                lambda now, crashes=crashes: (  # type: ignore[misc]
                    now.processes[CAMERA].restarts == crashes
                    and CAMERA in now.statuses
                    and now.processes[CAMERA].state is ProcessState.RUNNING
                ),
            )
            os.kill(at_work.statuses[CAMERA].pid, signal.SIGKILL)
        session_where(session, run, lambda now: now.processes[CAMERA].restarts == 7)
        session.close()
        run.send_signal(signal.SIGINT)
        _, err = run.communicate(timeout=60)
        assert run.returncode == 0, err
