"""Whole runs: the real command, its real processes, sockets, files and pictures."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.e2e.command import (
    RIG,
    children_of,
    corefusion,
    environment,
    report_of,
    run_directories,
    started,
    wait_gone,
)
from tests.support.paths import ROOT

KEYS = {
    "frames",
    "duration_s",
    "fps",
    "age_ms",
    "stage_ms",
    "modes",
    "mode_changes",
    "dropped",
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
}
HEADLESS = ("live", "--headless", "--model", "bilinear")
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


def test_the_simulated_rig_gives_a_full_report(tmp_path: Path) -> None:
    done = corefusion(*HEADLESS, "--frames", "45", "--report", tmp_path / "r.json")
    assert done.returncode == 0, done.stderr
    report = report_of(tmp_path / "r.json")
    assert set(report) == KEYS
    assert report["frames"] == 45
    assert report["modes"] == {"guided": 45}
    assert report["mode_changes"] == []
    assert report["model"] == "bilinear"
    assert report["restarts"] == dict.fromkeys(NAMES, 0)
    assert report["psnr_db"]["sr"] > 20
    assert report["age_ms"]["p50"] > 0
    assert report["stage_ms"].keys() >= {"pair", "infer", "transport"}
    assert report["consistency"]["mk"] > 0
    assert report["peak_rss_mb"] > 50
    assert not report["lockstep"]


def test_no_frame_of_a_file_is_lost_and_its_end_ends_the_run(tmp_path: Path) -> None:
    visible = write_video(tmp_path / "v.mp4", 40)
    thermal = write_video(tmp_path / "t.mp4", 40)
    done = corefusion(
        *HEADLESS,
        *("--visible", visible, "--thermal", thermal, "--thermal-bin", "8"),
        *("--report", tmp_path / "r.json"),
    )
    assert done.returncode == 0, done.stderr
    report = report_of(tmp_path / "r.json")
    assert report["frames"] == 40
    assert report["dropped"] == {}
    assert report["modes"] == {"guided": 40}


def test_a_pair_ends_with_its_shorter_stream_and_one_warning(tmp_path: Path) -> None:
    visible = write_video(tmp_path / "v.mp4", 60)
    thermal = write_video(tmp_path / "t.mp4", 30)
    done = corefusion(
        *HEADLESS, "--visible", visible, "--thermal", thermal, "--report", tmp_path / "r.json"
    )
    assert done.returncode == 0, done.stderr
    assert report_of(tmp_path / "r.json")["frames"] == 30
    assert done.stderr.count("the run ends with the shorter stream") == 1


@pytest.mark.skipif(not RIG.is_dir(), reason="the recorded rig videos are not on this machine")
def test_a_recorded_rig_beats_interpolation_and_loses_nothing(tmp_path: Path) -> None:
    rig = RIG / "0111_1716"
    done = corefusion(
        *("live", "--headless", "--frames", "90", "--report", tmp_path / "r.json"),
        *("--visible", rig / "visible.mp4", "--thermal", rig / "thermal.mp4"),
        *("--thermal-bin", "8"),
    )
    assert done.returncode == 0, done.stderr
    report = report_of(tmp_path / "r.json")
    assert report["frames"] == 90
    assert report["psnr_db"]["sr"] > report["psnr_db"]["bilinear"]
    assert report["consistency"]["mk"] is None  # auto-gained 8 bit: no temperatures


def test_sensors_drop_come_back_and_nothing_else_is_lost(tmp_path: Path) -> None:
    done = corefusion(
        *HEADLESS,
        *("--duration", "13", "--report", tmp_path / "r.json"),
        *("--inject", "drop:visible@1-2.5", "--inject", "drop:thermal@4-6"),
        *("--inject", "kill:inference@7.5", "--inject", "kill:capture.visible@10"),
        *("--inject", "corrupt:visible@12-12.5"),
    )
    assert done.returncode == 0, done.stderr
    report = report_of(tmp_path / "r.json")
    changes = [(at, mode) for at, _, mode in report["mode_changes"]]
    modes = [mode for _, mode in changes]
    assert modes[:5] == ["thermal_only", "guided", "hold", "visible_only", "guided"]
    at = [seconds for seconds, _ in changes]
    assert 1.0 <= at[0] <= 1.3
    assert 2.5 <= at[1] <= 3.1
    assert 4.0 <= at[2] <= 4.3
    assert at[3] <= 5.4
    assert 6.0 <= at[4] <= 6.6
    assert report["restarts"]["inference"] == 1
    assert report["restarts"]["capture.visible"] == 1
    assert report["dropped"]["visible/malformed"] >= 10
    assert 40 <= report["dropped"]["visible/injected"] <= 50
    assert report["modes"]["guided"] > 200


def test_a_shutter_announced_by_the_camera_is_held(tmp_path: Path) -> None:
    done = corefusion(
        *HEADLESS, "--duration", "3", "--inject", "ffc:thermal@1", "--report", tmp_path / "r.json"
    )
    assert done.returncode == 0, done.stderr
    changes = report_of(tmp_path / "r.json")["mode_changes"]
    assert [mode for _, _, mode in changes] == ["hold", "guided"]
    assert changes[1][0] - changes[0][0] == pytest.approx(0.6, abs=0.2)


def test_tcp_serves_as_well(tmp_path: Path) -> None:
    done = corefusion(
        *HEADLESS,
        *("--set", "transport.kind=tcp", "--set", "transport.port=48123"),
        *("--frames", "15", "--report", tmp_path / "r.json"),
    )
    assert done.returncode == 0, done.stderr
    assert report_of(tmp_path / "r.json")["frames"] == 15


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_every_process_within_two_seconds(number: signal.Signals) -> None:
    with started(*HEADLESS) as run:
        children = list(children_of(run.pid, *NAMES).values())
        time.sleep(1.0)
        asked = time.monotonic()
        run.send_signal(number)
        run.communicate(timeout=5)
        assert time.monotonic() - asked < 2.0
        wait_gone(children, 0)
        assert run_directories(run.pid) == []
        assert run.returncode == 0


def test_a_killed_supervisor_leaves_no_orphan_and_no_socket_file() -> None:
    with started(*HEADLESS) as run:
        children = list(children_of(run.pid, *NAMES).values())
        assert run_directories(run.pid)
        run.kill()
        run.communicate(timeout=5)
        wait_gone(children, 3)
        assert run_directories(run.pid) == []


def test_a_hung_worker_is_replaced(tmp_path: Path) -> None:
    limits = ("--set", "supervision.hang_s=1", "--set", "supervision.start_timeout_s=15")
    with started(*HEADLESS, *limits, "--report", tmp_path / "r.json") as run:
        worker = children_of(run.pid, *NAMES)["inference"]
        time.sleep(1.5)
        worker.suspend()
        deadline = time.monotonic() + 30
        while children_of(run.pid, *NAMES)["inference"].pid == worker.pid:
            assert time.monotonic() < deadline, "the hung worker is still there"
            time.sleep(0.05)
        run.send_signal(signal.SIGTERM)
        _, errors = run.communicate(timeout=5)
        assert report_of(tmp_path / "r.json")["restarts"]["inference"] == 1
        assert "has not reported for" in errors


def test_a_network_slower_than_the_camera_is_no_hung_one(tmp_path: Path) -> None:
    slow = ("--model", "fast", "--precision", "f32", "--set", "inference.threads=1")
    done = corefusion(
        *("live", "--headless", *slow, "--set", "inference.views=8", "--duration", "5"),
        *("--set", "supervision.hang_s=2", "--report", tmp_path / "r.json"),
    )
    assert done.returncode == 0, done.stderr
    report = report_of(tmp_path / "r.json")
    assert report["dropped"]["thermal/late"] > 0, "there was always another frame to work on"
    assert report["restarts"]["inference"] == 0


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--visible", "nowhere.mp4"), 1, "nowhere.mp4"),
        (("--thermal", "pyproject.toml"), 1, "pyproject.toml"),
        (("--model", "nothing"), 1, "nothing"),
        (("--set", "health.lost=3"), 2, "did you mean health.lost_ms"),
        (("--inject", "drop:visible"), 2, "none of drop:visible@2-4"),
        (("--visible", "none", "--thermal", "none"), 2, "nothing to show"),
        (("--screenshot", "x.png"), 2, "--headless"),
        (("--thermal-bin", "0"), 2, "greater than or equal to 1"),
    ],
)
def test_a_mistake_is_one_line_and_no_traceback(
    arguments: tuple[str, ...], code: int, words: str
) -> None:
    done = corefusion("live", "--headless", "--frames", "3", *arguments, deadline_s=40)
    assert done.returncode == code, done.stderr
    assert words in done.stderr.replace("\n", " ")
    assert "Traceback" not in done.stderr


def test_an_occupied_port_is_one_line() -> None:
    import zmq

    taken = zmq.Context.instance().socket(zmq.PUB)
    port = taken.bind_to_random_port("tcp://127.0.0.1", min_port=40000, max_port=60000)
    heartbeat = port - 5  # the heartbeat endpoint is the sixth
    try:
        done = corefusion(
            *HEADLESS,
            *("--set", "transport.kind=tcp", "--set", f"transport.port={heartbeat}"),
        )
    finally:
        taken.close()
    assert done.returncode == 1
    assert "endpoint heartbeat" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_absent_device_is_waited_for_and_named() -> None:
    done = corefusion(*HEADLESS, "--visible", "/dev/video97", "--duration", "1")
    assert done.returncode == 0, done.stderr
    assert "thermal_only" in done.stdout
    assert "/dev/video97 is not there" in done.stderr


def test_what_lies_in_the_working_directory_is_not_imported(tmp_path: Path) -> None:
    for name in ("queue", "msgspec", "numpy", "streamer"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('taken from the working directory')")
    script = (
        "import sys; from streamer.commands.app import main; sys.argv[0] = 'corefusion'; main()"
    )
    run = subprocess.run(
        [
            *(sys.executable, "-P", "-c", script),
            *["live", "--headless", "--frames", "3", "--model", "bilinear"],
        ],
        cwd=tmp_path,
        env=environment() | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert run.returncode == 0, run.stderr
