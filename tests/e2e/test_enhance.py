"""Many recordings through the real command: killed, interrupted, run again."""

import os
import signal
import subprocess
import time
from pathlib import Path

import msgspec
import psutil
import pytest

from streamer.enhance.output import WORK
from tests.e2e.command import corefusion, report_of, run_here, started
from tests.e2e.conftest import InPlace
from tests.support.made_in_place import made_in_place
from tests.support.steady_recording import steady_recording

pytestmark = pytest.mark.e2e

_DEADLINE_S = 60.0
_COUNT = 3


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of recordings that are each made in half a second."""
    folder = tmp_path_factory.mktemp("recordings")
    for index in range(_COUNT):
        steady_recording(folder / f"run-{index}.mcap", 0.5 + 0.2 * index, faults=False)
    return folder


@pytest.fixture(scope="module")
def undisturbed(recordings: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict]:
    """What a run makes of them that nothing happens to, and its report."""
    folder = tmp_path_factory.mktemp("undisturbed")
    run_here(
        *("enhance", recordings, "--output", folder / "out"),
        *("--report", folder / "r.json", "--workers", "2"),
    )
    return folder / "out", report_of(folder / "r.json")


def differences(one: Path, other: Path) -> str:
    return subprocess.run(
        ["diff", "-r", one, other], capture_output=True, text=True, check=False
    ).stdout


def workers_of(run: subprocess.Popen[str]) -> list[psutil.Process]:
    """Its worker processes, once there is one."""
    return [
        child
        for child in psutil.Process(run.pid).children()
        if any("spawn_main" in word for word in child.cmdline())
    ]


def wait_for_work(run: subprocess.Popen[str], out: Path) -> list[psutil.Process]:
    """Waits until something is half made."""
    deadline = time.monotonic() + _DEADLINE_S
    while time.monotonic() < deadline:
        if list((out / WORK / "parts").glob("*/*.part")):
            return workers_of(run)
        assert run.poll() is None, run.stderr and run.stderr.read()
        time.sleep(0.005)
    raise AssertionError("no item is begun")


def test_results_are_those_of_a_headless_replay(
    undisturbed: tuple[Path, dict], tmp_path: Path
) -> None:
    """As made in this process: that a replay's are those is in test_replay.py."""
    _, report = undisturbed
    assert report["done"] == _COUNT
    for number, item in enumerate(report["items"]):
        made = made_in_place(Path(item["source"]), tmp_path / str(number))
        assert item["result_sha256"] == made.result_sha256
        assert (item["frames"], item["modes"]) == (made.frames, made.modes)
        assert item["residual"] == msgspec.to_builtins(made.residual)


def test_a_killed_worker_costs_its_item_a_second_try(
    recordings: Path, undisturbed: tuple[Path, dict], tmp_path: Path
) -> None:
    out, report = tmp_path / "out", tmp_path / "r.json"
    with started(
        "enhance", recordings, "--output", out, "--report", report, "--workers", "1"
    ) as run:
        for worker in wait_for_work(run, out):
            worker.kill()
        _, errors = run.communicate(timeout=_DEADLINE_S)
    assert run.returncode == 0, errors
    assert "was killed: it begins again" in errors
    told = report_of(report)
    assert (told["done"], told["retried"]) == (_COUNT, 1)
    assert differences(out, undisturbed[0]) == ""


@pytest.mark.parametrize(("sign", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_a_run_that_is_ended_leaves_nothing_half_and_the_next_goes_on(
    recordings: Path, undisturbed: tuple[Path, dict], tmp_path: Path, sign: int, code: int
) -> None:
    out, report = tmp_path / "out", tmp_path / "r.json"
    with started("enhance", recordings, "--output", out, "--workers", "1") as run:
        workers = wait_for_work(run, out)
        os.kill(run.pid, sign)
        _, errors = run.communicate(timeout=_DEADLINE_S)
        assert run.returncode == code
        assert "Traceback" not in errors
        psutil.wait_procs(workers, timeout=_DEADLINE_S)
        assert not any(worker.is_running() for worker in workers)
    run_here("enhance", recordings, "--output", out, "--report", report, "--workers", "1")
    told = report_of(report)
    assert told["done"] + told["skipped"] == _COUNT
    assert differences(out, undisturbed[0]) == ""


def test_a_bad_file_among_good_ones_is_a_line_and_exit_code_1(
    whole_run: InPlace, undisturbed: tuple[Path, dict], recordings: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.mcap"
    bad.write_bytes(b"no recording")
    good = recordings / "run-0.mcap"
    done = whole_run("enhance", bad, good, "--output", tmp_path / "out", "--json")
    assert done.returncode == 1
    said = [line for line in done.stderr.splitlines() if line.startswith("corefusion:")]
    assert said == ["corefusion: 1 of 2 items failed"]  # a home that is not writable is warned of
    *items, totals = done.stdout.splitlines()
    assert '"failed":1' in totals
    assert any(str(bad) in line and '"status":"failed"' in line for line in items)
    made = (tmp_path / "out" / "run-0.mcap").read_bytes()
    assert made == next(undisturbed[0].rglob("run-0.mcap")).read_bytes()


def test_ray_makes_the_same_files(
    recordings: Path, undisturbed: tuple[Path, dict], tmp_path: Path
) -> None:
    pytest.importorskip("ray")
    out, report = tmp_path / "out", tmp_path / "r.json"
    done = corefusion("enhance", recordings, "--output", out, "--ray", "--report", report)
    assert done.returncode == 0, done.stderr
    told = report_of(report)
    assert (told["done"], told["engine"]) == (_COUNT, "ray")
    assert differences(out, undisturbed[0]) == ""
