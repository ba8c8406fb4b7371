"""Processes that crash in the middle of a run, seen by a program that follows it from outside."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from streamer.messages import ProcessState
from streamer.transport import Endpoint, Policy, Subscriber
from tests.e2e.command import (
    SMALL,
    addresses_of,
    children_of,
    report_of,
    session_where,
    started,
)
from tests.support.steady_recording import INFO, RATE_HZ
from tests.support.stuck_pixel import panned

pytestmark = pytest.mark.e2e

RIG = ("--model", "bilinear", *SMALL)
LIVE = ("live", "--headless", *RIG)
CAMERA = "capture.visible"


SECONDS = 60.0
"""Of the recording: it is not through before somebody who is slow has killed one of its replay."""


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("restarts") / "a.mcap"
    return panned(path, INFO, round(SECONDS * RATE_HZ))


@pytest.mark.parametrize(
    ("name", "number"), [("player", signal.SIGKILL), ("inference", signal.SIGSTOP)]
)
def test_a_headless_replay_is_the_whole_recording_or_an_error(
    recording: Path, tmp_path: Path, name: str, number: signal.Signals
) -> None:
    report = tmp_path / "r.json"
    limits = ("--set", "supervision.hang_s=2.5")
    with started("replay", recording, "--headless", "--report", report, *limits) as run:
        session = follow(run, name)
        at_work = session_where(session, run, lambda now: now.results > 0)
        os.kill(at_work.statuses[name].pid, number)
        session.close()
        _, err = run.communicate(timeout=60)
        assert run.returncode == 1, err
        line = err.splitlines()[-1]  # a busy host may have had to end others before their time
        assert line.startswith(f"corefusion: {name} ")
        assert "started again, it would not give the results of the recording" in line
    assert 0 < report_of(report)["frames"] < SECONDS * RATE_HZ  # what was made until then


def follow(run: "subprocess.Popen[str]", *names: str) -> Subscriber:
    """The session of a run whose processes are there."""
    children_of(run.pid, *names)
    return Subscriber(addresses_of(run.pid), Endpoint.SESSION, Policy.EVERY)


def test_a_camera_that_crashes_again_and_again_does_not_end_the_run() -> None:
    limits = ("--set", "supervision.backoff_max_s=0.1", "--set", "supervision.start_attempts=2")
    with started(*LIVE, *limits) as run:
        session = follow(run, CAMERA)
        for crashes in range(3):
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
        session_where(session, run, lambda now: now.processes[CAMERA].restarts == 3)
        session.close()
        run.send_signal(signal.SIGINT)
        _, err = run.communicate(timeout=60)
        assert run.returncode == 0, err
