"""A camera process that reports but sends nothing, seen through the worker's reports."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from streamer.clock import NS_PER_S, HostNs, after, now_ns
from streamer.config.schema import Config
from streamer.messages import ProcessState, Status
from streamer.runtime.process import ProcessSpec
from streamer.runtime.roles import CaptureRole, WorkerRole
from streamer.supervision.processes.supervisor import Supervisor
from streamer.transport import Addresses

WAITS = "#!{python}\nimport sys\nsys.stdin.read()\n"
CAMERA = "capture.thermal"
STALL_S = Config().supervision.stall_s


@pytest.fixture
def supervisor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Supervisor]:
    """A worker and a camera process; what they report is up to the test."""
    script = tmp_path / "waits"
    script.write_text(WAITS.format(python=sys.executable))
    script.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(script))
    roles = {"inference": WorkerRole(), CAMERA: CaptureRole(stream="thermal")}
    specs = [
        ProcessSpec(name=name, config=Config(), addresses=Addresses("x"), role=role)
        for name, role in roles.items()
    ]
    supervisor = Supervisor(specs, Config().supervision)
    yield supervisor
    supervisor.kill()
    deadline = time.monotonic() + 20
    while supervisor.alive(supervisor.children):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    supervisor.release()


class Told:
    """Reports of the two processes at seconds of the test."""

    def __init__(self, supervisor: Supervisor) -> None:
        self.supervisor = supervisor
        self.zero_ns = now_ns()
        supervisor.start(self.zero_ns)

    def at(self, second: float) -> HostNs:
        return after(self.zero_ns, second * NS_PER_S)

    def report(
        self, second: float, name: str, state: ProcessState, age_s: float | None = None
    ) -> None:
        pid = self.supervisor.children[name].pid
        assert pid is not None
        status = Status(
            process=name,
            pid=pid,
            timestamp_ns=self.at(second),
            state=state,
            ages_ms={} if age_s is None else {"thermal": 1000 * age_s},
        )
        self.supervisor.on_status(status, self.at(second))

    def poll(self, second: float) -> dict[str, str]:
        return self.supervisor.poll(self.at(second))


def test_a_camera_that_took_long_to_open_gets_its_chance(supervisor: Supervisor) -> None:
    told = Told(supervisor)
    told.report(8.9, "inference", ProcessState.RUNNING, age_s=8.9)
    told.report(9.0, CAMERA, ProcessState.RUNNING)  # with its first frame, which is on its way
    assert told.poll(9.05) == {}
    told.report(9.1, "inference", ProcessState.RUNNING, age_s=9.1)
    assert told.poll(9.15) == {}
    told.report(9.3, "inference", ProcessState.RUNNING, age_s=0.1)
    assert told.poll(9.35) == {}


def test_a_camera_that_runs_and_sends_nothing_starts_again(supervisor: Supervisor) -> None:
    told = Told(supervisor)
    for tenth in range(round(10 * STALL_S)):
        told.report(9 + tenth / 10, CAMERA, ProcessState.RUNNING)
        told.report(9.05 + tenth / 10, "inference", ProcessState.RUNNING, age_s=9 + tenth / 10)
        assert told.poll(9.06 + tenth / 10) == {}
    told.report(9.2 + STALL_S, CAMERA, ProcessState.RUNNING)
    told.report(9.3 + STALL_S, "inference", ProcessState.RUNNING, age_s=9.3 + STALL_S)
    assert "has sent no frame for 5." in told.poll(9.4 + STALL_S)[CAMERA]


def test_a_camera_that_was_unplugged_gets_its_chance_too(supervisor: Supervisor) -> None:
    told = Told(supervisor)
    told.report(1, CAMERA, ProcessState.RUNNING)
    told.report(60, CAMERA, ProcessState.WAITING)
    told.report(119.9, CAMERA, ProcessState.WAITING)
    told.report(120, "inference", ProcessState.RUNNING, age_s=61)
    assert told.poll(120.05) == {}
    told.report(120.1, CAMERA, ProcessState.RUNNING)
    told.report(120.2, "inference", ProcessState.RUNNING, age_s=61.2)
    assert told.poll(120.3) == {}
