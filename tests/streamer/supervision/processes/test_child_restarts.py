"""When a process is started again and when it is given up; time is handed in."""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from streamer.clock import NS_PER_S, HostNs, after, now_ns
from streamer.config.schema import Config
from streamer.messages import ProcessState, Status
from streamer.runtime.process import ProcessSpec
from streamer.runtime.roles import WorkerRole
from streamer.runtime.table import EXIT_FINAL
from streamer.supervision.processes.child import Child
from streamer.transport import Addresses

SETTINGS = msgspec.structs.replace(
    Config().supervision, backoff_s=1.0, backoff_max_s=4.0, failure_window_s=60.0, start_attempts=3
)
PYTHON = sys.executable
WAITS = "#!{python}\nimport sys\nsys.stdin.read()\n"


def wait_gone(child: Child) -> None:
    deadline = time.monotonic() + 20
    while child.alive:
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture
def child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Child]:
    script = tmp_path / "waits"
    script.write_text(WAITS.format(python=sys.executable))
    script.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(script))
    spec = ProcessSpec(
        name="inference", config=Config(), addresses=Addresses("x"), role=WorkerRole()
    )
    child = Child(spec, SETTINGS)
    yield child
    child.kill()
    wait_gone(child)
    child.release()


@pytest.fixture
def crash(child: Child) -> Callable[..., str | None]:
    """One life: from its start at a second of the test to its end, with or without having run."""
    zero_ns = now_ns()

    def moment(at_s: float) -> HostNs:
        return after(zero_ns, at_s * NS_PER_S)

    def live(start_s: float, end_s: float, state: ProcessState | None = None) -> str | None:
        if child.pid is None and child.restarts == 0 and child.health().detail == "starting":
            child.start(moment(start_s))
        else:
            child.poll(moment(start_s), stream_silent_ns=None)
        assert child.pid is not None, "it was to be started again"
        if state is not None:
            for at_s in (start_s, end_s):
                at_ns = moment(at_s)
                status = Status(process="inference", pid=child.pid, timestamp_ns=at_ns, state=state)
                child.on_status(status, at_ns)
        child.kill()
        wait_gone(child)
        return child.poll(moment(end_s), stream_silent_ns=None)

    return live


def pause_s(words: str | None) -> float:
    assert words is not None
    assert "starting it again" in words
    return float(words.split(" in ")[-1].split()[0]) if " in " in words else 0.0


def test_what_has_run_once_is_never_given_up(child: Child, crash: Callable[..., str]) -> None:
    pauses = [pause_s(crash(0, 1, ProcessState.RUNNING))]
    pauses += [pause_s(crash(5 * life, 5 * life + 1)) for life in range(1, 8)]
    assert pauses == [0, 1, 2, 4, 4, 4, 4, 4]
    assert child.final_error is None


def test_a_crash_now_and_then_lengthens_no_pause(crash: Callable[..., str]) -> None:
    pauses = [pause_s(crash(t, t + 40, ProcessState.RUNNING)) for t in range(0, 400, 50)]
    assert pauses == [0, 1, 1, 1, 1, 1, 1, 1]  # two within a minute, at any time
    assert pause_s(crash(500, 501, ProcessState.RUNNING)) == 0


@pytest.mark.parametrize("state", [None, ProcessState.STARTING, ProcessState.READY])
def test_what_never_ran_is_given_up(
    child: Child, crash: Callable[..., str], state: ProcessState | None
) -> None:
    crash(0, 30, state)
    crash(90, 120, state)  # an attempt may take its time
    assert crash(200, 230, state) is None
    assert child.final_error == "inference ended with SIGKILL, 3 times, and never ran"
    assert child.health().state is ProcessState.FAILED


def test_what_waits_for_long_is_not_given_up(
    child: Child, crash: Callable[..., str | None]
) -> None:
    for hour in range(5):
        crash(
            3600 * hour, 3600 * hour + 1800, ProcessState.WAITING
        )  # for a camera to be plugged in
    assert child.final_error is None


def test_what_its_files_leave_out_is_counted_once_over_its_lives(child: Child) -> None:
    for start_s, left_out in ((0, {"no partner": 2, "undecodable": 1}), (1, {"no partner": 2})):
        start_ns = after(now_ns(), start_s * NS_PER_S)
        child.start(start_ns)
        assert child.pid is not None
        status = Status(
            process="inference",
            pid=child.pid,
            timestamp_ns=start_ns,
            state=ProcessState.RUNNING,
            left_out=left_out,
        )
        child.on_status(status, start_ns)
        assert child.losses.left_out == {"no partner": 2, "undecodable": 1}
        child.kill()
        wait_gone(child)


def test_the_last_word_of_a_failure_takes_back_nothing_that_was_lost(child: Child) -> None:
    start_ns = now_ns()
    child.start(start_ns)
    assert child.pid is not None
    lost = {"thermal/late": 3}
    status = Status(
        process="inference",
        pid=child.pid,
        timestamp_ns=start_ns,
        state=ProcessState.RUNNING,
        dropped=lost,
        left_out={"undecodable": 1},
        refused_connections={"sr/not a key": 2},
    )
    child.on_status(status, start_ns)
    failed = msgspec.structs.replace(
        status, state=ProcessState.FAILED, dropped={}, left_out={}, refused_connections={}
    )
    child.on_status(failed, start_ns)
    assert child.losses.drops == lost
    assert child.losses.left_out == {"undecodable": 1}
    assert child.losses.refused_connections == {"sr/not a key": 2}


@pytest.fixture
def leaves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], Child]]:
    """A child that has just exited with this code."""
    children = []

    def exited(code: int) -> Child:
        script = tmp_path / "leaves"
        script.write_text(f"#!{PYTHON}\nimport sys\nsys.stdin.readline()\nsys.exit({code})\n")
        script.chmod(0o755)
        monkeypatch.setattr(sys, "executable", str(script))
        spec = ProcessSpec(
            name="player", config=Config(), addresses=Addresses("x"), role=WorkerRole()
        )
        child = Child(spec, SETTINGS, restarted=False)
        child.start(now_ns())
        children.append(child)
        wait_gone(child)
        return child

    yield exited
    for child in children:
        child.release()


def looked_at(child: Child, times: int = 20, every_s: float = 0.02) -> list[str | None]:
    began_ns = now_ns()
    return [
        child.poll(after(began_ns, look * every_s * NS_PER_S), stream_silent_ns=None)
        for look in range(times)
    ]


def last_word(child: Child, state: ProcessState, detail: str = "") -> None:
    """What the process sent before it exited, read only now."""
    assert child._popen is not None
    status = Status(
        process="player", pid=child._popen.pid, timestamp_ns=now_ns(), state=state, detail=detail
    )
    child.on_status(status, now_ns())


@pytest.mark.parametrize("looks", [0, 1, 5])
def test_the_end_that_is_told_may_be_read_after_the_exit(
    leaves: Callable[[int], Child], looks: int
) -> None:
    """As of a supervisor that stood still while a replay came to its end."""
    child = leaves(0)
    assert looked_at(child, looks, every_s=100) == [None] * looks
    last_word(child, ProcessState.ENDED, "end of the recording")
    looked_at(child)
    assert child.ended
    assert child.final_error is None


def test_an_end_that_is_not_told_is_a_failure(leaves: Callable[[int], Child]) -> None:
    child = leaves(0)
    looked_at(child)
    assert child.final_error is not None
    assert "player ended with exit code 0" in child.final_error


def test_the_reason_of_a_failure_may_be_read_after_the_exit(
    leaves: Callable[[int], Child],
) -> None:
    child = leaves(EXIT_FINAL)
    looked_at(child, 1)
    last_word(child, ProcessState.FAILED, "nowhere.mp4 does not exist")
    looked_at(child)
    assert child.final_error == "nowhere.mp4 does not exist"
