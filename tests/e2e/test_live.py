"""Whole runs: the real command, its real processes, sockets, files and pictures."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
import pytest

from streamer.messages import Mode, SessionStatus
from streamer.transport import TOPICS, Endpoint
from tests.e2e.command import (
    PATIENT,
    RIG,
    SMALL,
    children_of,
    environment,
    following,
    report_of,
    run_directories,
    session_where,
    started,
    wait_for_result,
    wait_gone,
)
from tests.e2e.conftest import InPlace, Refused
from tests.support.fake_session import DEADLINE_S
from tests.support.paths import ROOT
from tests.support.ports import free_ports

pytestmark = pytest.mark.e2e

KEYS = {
    "frames",
    "duration_s",
    "fps",
    "age_ms",
    "stage_ms",
    "modes",
    "mode_changes",
    "dropped",
    "left_out",
    "restarts",
    "painted",
    "psnr_db",
    "psnr_series",
    "consistency",
    "engine",
    "precision",
    "model",
    "peak_rss_mb",
    "result_sha256",
    "lockstep",
    "cameras",
}
PLAIN = ("live", "--headless", "--model", "bilinear")
HEADLESS = (*PLAIN, *SMALL)
NAMES = ("capture.visible", "capture.thermal", "inference")


def write_video(path: Path, frames: int, size: tuple[int, int] = (128, 96)) -> Path:
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 30, size)
    assert writer.isOpened()
    rng = np.random.default_rng(3)
    base = cv2.resize(rng.integers(0, 255, (6, 8, 3), np.uint8), size)
    for index in range(frames):
        writer.write(np.roll(base, 2 * index, axis=1))
    writer.release()
    return path


class SimulatedRun(NamedTuple):
    """A run of the simulated rig with a visible camera of full size: its report, what it said."""

    report: Path
    done: subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def simulated_run(tmp_path_factory: pytest.TempPathFactory) -> SimulatedRun:
    """Started in a folder of modules that are named as those that it imports."""
    folder, report = tmp_path_factory.mktemp("impostors"), tmp_path_factory.mktemp("run") / "r.json"
    for name in ("queue", "msgspec", "numpy", "streamer"):
        (folder / f"{name}.py").write_text("raise SystemExit('taken from the working directory')")
    script = (
        "import sys; from streamer.commands.app import main; sys.argv[0] = 'corefusion'; main()"
    )
    full = ("--set", "capture.visible.width=640", "--set", "capture.visible.height=480")
    run = subprocess.run(
        [
            *(sys.executable, "-P", "-c", script),
            *(*PLAIN, *PATIENT, *full, "--frames", "12", "--report", report),
        ],
        cwd=folder,
        env=environment() | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    return SimulatedRun(report, run)


def test_what_lies_in_the_working_directory_is_not_imported(simulated_run: SimulatedRun) -> None:
    assert "taken from the working directory" not in simulated_run.done.stderr
    assert simulated_run.done.returncode == 0, simulated_run.done.stderr


def test_the_simulated_rig_gives_a_full_report(simulated_run: SimulatedRun) -> None:
    assert simulated_run.done.returncode == 0, simulated_run.done.stderr
    report = report_of(simulated_run.report)
    assert set(report) == KEYS
    assert report["frames"] == 12
    assert report["modes"] == {"guided": 12}
    assert report["mode_changes"] == []
    assert report["model"] == "bilinear"
    assert report["restarts"] == dict.fromkeys(NAMES, 0)
    assert report["psnr_db"]["sr"] > 20
    assert report["age_ms"]["p50"] > 0
    assert report["stage_ms"].keys() >= {"pair", "infer", "transport"}
    assert report["consistency"]["mk"] > 0
    assert report["peak_rss_mb"] > 50
    assert not report["lockstep"]


def test_no_frame_of_files_is_lost_and_the_shorter_ends_the_run_with_one_warning(
    whole_run: InPlace, tmp_path: Path
) -> None:
    visible = write_video(tmp_path / "v.mp4", 45)
    thermal = write_video(tmp_path / "t.mp4", 30)
    done = whole_run(
        *(*PLAIN, *PATIENT),
        *("--visible", visible, "--thermal", thermal, "--thermal-bin", "8"),
        *("--report", tmp_path / "r.json"),
    )
    assert done.returncode == 0, done.stderr
    report = report_of(tmp_path / "r.json")
    assert report["frames"] == 30
    assert report["dropped"] == {}
    assert report["modes"] == {"guided": 30}
    assert done.stderr.count("the run ends with the shorter stream") == 1


@pytest.mark.realtime
@pytest.mark.skipif(not RIG.is_dir(), reason="the recorded rig videos are not on this machine")
def test_a_recorded_rig_beats_interpolation_and_loses_nothing(
    whole_run: InPlace, tmp_path: Path
) -> None:
    rig = RIG / "0111_1716"
    done = whole_run(
        *("live", "--headless", "--frames", "15", "--report", tmp_path / "r.json"),
        *("--visible", rig / "visible.mp4", "--thermal", rig / "thermal.mp4", *PATIENT),
        *("--set", "inference.canvas_width=0", "--set", "inference.canvas_height=0"),
        *("--thermal-bin", "8"),
    )
    assert done.returncode == 0, done.stderr
    report = report_of(tmp_path / "r.json")
    assert report["frames"] == 15
    assert report["dropped"] == {}
    assert report["psnr_db"]["sr"] > report["psnr_db"]["bilinear"]
    assert report["consistency"]["mk"] is None  # auto-gained 8 bit: no temperatures


@pytest.mark.realtime
def test_sensors_drop_come_back_and_the_run_goes_on(whole_run: InPlace, tmp_path: Path) -> None:
    """To the frame the same is held of a replay; here the faults are real, and so is the time."""
    done = whole_run(
        *HEADLESS,
        *("--duration", "5", "--report", tmp_path / "r.json", "--set", "health.lost_ms=500"),
        *("--inject", "drop:visible@0.5-1.1", "--inject", "drop:thermal@1.5-2.5"),
        *("--inject", "corrupt:visible@2.7-3.1"),
        *("--inject", "kill:inference@3.4", "--inject", "kill:capture.visible@4.2"),
    )
    assert done.returncode == 0, done.stderr
    report = report_of(tmp_path / "r.json")
    modes = iter([mode for _, _, mode in report["mode_changes"]])
    for mode in ("thermal_only", "guided", "hold", "visible_only", "guided"):
        assert mode in modes, report["mode_changes"]  # in this order; a busy host may add some
    assert report["restarts"]["inference"] == 1
    assert report["restarts"]["capture.visible"] == 1
    assert report["dropped"]["visible/malformed"] > 0
    assert report["dropped"]["visible/injected"] > 0
    assert report["modes"]["guided"] > report["frames"] / 3


def test_a_shutter_announced_by_the_camera_is_held(tmp_path: Path) -> None:
    report = tmp_path / "r.json"
    shutter = ("--inject", "ffc:thermal@0.5", "--set", "capture.simulated.ffc_duration_s=1")
    with started(*HEADLESS, *shutter, "--report", report) as run:
        with following(run.pid, Endpoint.SESSION) as session:
            session_where(session, run, in_mode(Mode.HOLD))
            session_where(session, run, in_mode(Mode.GUIDED))
        run.send_signal(signal.SIGINT)
        _, err = run.communicate(timeout=DEADLINE_S)
    assert run.returncode == 0, err
    modes = iter([mode for _, _, mode in report_of(report)["mode_changes"]])
    assert "hold" in modes
    assert "guided" in modes


def in_mode(mode: Mode) -> Callable[[SessionStatus], bool]:
    """Whether the worker says so."""

    def holds(told: SessionStatus) -> bool:
        worker = told.statuses.get("inference")
        return worker is not None and worker.mode is mode

    return holds


@pytest.mark.realtime
def test_a_signal_ends_every_process_within_two_seconds() -> None:
    with started(*HEADLESS) as run:
        children = list(children_of(run.pid, *NAMES).values())
        wait_for_result(run.pid)
        asked = time.monotonic()
        run.send_signal(signal.SIGTERM)
        run.communicate(timeout=30)
        took_s = time.monotonic() - asked
        wait_gone(children, 0)
        assert run_directories(run.pid) == []
        assert run.returncode == 0
        assert took_s < 2.0


def test_a_killed_supervisor_leaves_no_orphan_and_no_socket_file() -> None:
    with started(*HEADLESS) as run:
        children = list(children_of(run.pid, *NAMES).values())
        wait_for_result(run.pid)
        assert run_directories(run.pid)
        run.kill()
        run.communicate(timeout=30)
        wait_gone(children, 30)
        assert run_directories(run.pid) == []


def test_a_hung_worker_is_replaced_and_an_absent_camera_is_waited_for(tmp_path: Path) -> None:
    options = ("--visible", "/dev/video97", "--set", "supervision.hang_s=2")
    with started(*HEADLESS, *options, "--report", tmp_path / "r.json") as run:
        worker = children_of(run.pid, *NAMES)["inference"]
        with following(run.pid, Endpoint.SESSION) as session:
            session_where(session, run, lambda told: told.results > 0)
        worker.suspend()
        deadline = time.monotonic() + 60
        while children_of(run.pid, *NAMES)["inference"].pid == worker.pid:
            assert time.monotonic() < deadline, "the hung worker is still there"
            time.sleep(0.05)
        run.send_signal(signal.SIGTERM)
        out, errors = run.communicate(timeout=30)
        assert run.returncode == 0, errors
        assert report_of(tmp_path / "r.json")["restarts"]["inference"] >= 1
        assert "inference has not reported for" in errors
        assert "/dev/video97 is not there" in errors
        assert "thermal_only" in out


@pytest.mark.realtime
def test_a_network_slower_than_the_camera_is_no_hung_one(
    whole_run: InPlace, tmp_path: Path
) -> None:
    slow = ("--model", "fast", "--engine", "openvino", "--precision", "f32")
    done = whole_run(
        *("live", "--headless", *slow, *SMALL, "--set", "inference.threads=1"),
        *("--set", "inference.canvas_width=320", "--set", "inference.canvas_height=240"),
        *("--set", "inference.views=4", "--set", "capture.thermal.rate_hz=60"),
        *("--duration", "2.5", "--set", "supervision.hang_s=2", "--report", tmp_path / "r.json"),
    )
    assert done.returncode == 0, done.stderr
    report = report_of(tmp_path / "r.json")
    assert report["dropped"]["thermal/late"] > 0, "there was always another frame to work on"
    assert report["restarts"]["inference"] == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--thermal", "pyproject.toml"), "pyproject.toml"),
        (("--model", "nothing"), "nothing"),
    ],
)
def test_what_a_process_cannot_open_is_one_line_and_no_traceback(
    whole_run: InPlace, arguments: tuple[str, ...], words: str
) -> None:
    done = whole_run("live", "--headless", "--frames", "3", *SMALL, *arguments)
    assert done.returncode == 1, done.stderr
    assert words in done.stderr.replace("\n", " ")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--set", "health.lost=3"), "did you mean health.lost_ms"),
        (("--inject", "drop:visible"), "none of drop:visible@2-4"),
        (("--visible", "none", "--thermal", "none"), "nothing to show"),
        (("--screenshot", "x.png"), "--headless"),
        (("--thermal-bin", "0"), "greater than or equal to 1"),
    ],
)
def test_a_mistake_is_wrong_usage_and_nothing_starts(
    refused: Refused, arguments: tuple[str, ...], words: str
) -> None:
    done = refused("live", "--headless", "--frames", "3", *arguments)
    assert done.returncode == 2, done.stderr
    assert words in done.stderr.replace("\n", " ")
    assert "Traceback" not in done.stderr


def test_an_occupied_port_is_one_line(whole_run: InPlace) -> None:
    port = free_ports()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port + TOPICS[Endpoint.HEARTBEAT].port))
        taken.listen()
        done = whole_run(
            *HEADLESS, "--set", "transport.kind=tcp", "--set", f"transport.port={port}"
        )
    assert done.returncode == 1
    assert "endpoint heartbeat" in done.stderr
    assert len(done.stderr.splitlines()) == 1
