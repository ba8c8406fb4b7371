"""Every example is run as its first lines say."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from streamer.config.loading import load_config
from tests.e2e.command import SMALL, corefusion, environment, report_of, started, wait_for_result
from tests.support.paths import ROOT
from tests.support.ports import free_ports

EXAMPLES = ROOT / "examples"
LIVE = ("live", "--headless", "--model", "bilinear", *SMALL)


def run(name: str, *arguments: str | Path, deadline_s: float = 90) -> str:
    done = subprocess.run(
        [sys.executable, EXAMPLES / name, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=deadline_s,
        env={**environment(), "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_example_is_run_here() -> None:
    tested = Path(__file__).read_text(encoding="utf-8")
    for path in EXAMPLES.glob("*.py"):
        assert path.stem in tested, path


def test_configurations_are_ones() -> None:
    for path in EXAMPLES.glob("*.yaml"):
        config = load_config(path)
        tools = {tool.name for tool in config.measuring.tools}
        assert {rule.tool for rule in config.alarms.rules} <= tools, path


def test_predictor(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    thermal = (29000 + cv2.resize(rng.uniform(0, 900, (6, 8)), (80, 60))).astype(np.uint16)
    guide = cv2.resize(rng.integers(0, 255, (48, 64, 3), dtype=np.uint8), (640, 480))
    assert cv2.imwrite(str(tmp_path / "t.png"), thermal)
    assert cv2.imwrite(str(tmp_path / "v.png"), guide)
    told = run("predictor.py", tmp_path / "t.png", tmp_path / "v.png", tmp_path / "sr.png")
    assert re.fullmatch(r"640x480 in \d+\.\d ms\n", told)
    result = cv2.imread(str(tmp_path / "sr.png"), cv2.IMREAD_UNCHANGED)
    assert result is not None
    assert (result.shape, result.dtype) == ((480, 640), np.uint16)
    averaged = result.reshape(60, 8, 80, 8).mean(axis=(1, 3))
    assert np.abs(averaged - thermal).max() <= 0.5 + 1e-6


@pytest.fixture
def private(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A runtime directory in which no other test has a run."""
    with tempfile.TemporaryDirectory(prefix="cf", dir="/tmp") as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield


@pytest.mark.usefixtures("private")
@pytest.mark.parametrize("kind", ["ipc", "tcp"])
def test_follow_stream(kind: str) -> None:
    arguments = [f"transport.kind={kind}", f"transport.port={free_ports()}"]
    with started(*LIVE, *(f"--set={change}" for change in arguments)) as one:
        wait_for_result(one.pid)
        lines = run("follow_stream.py", "3").splitlines()
    assert len(lines) == 3
    for line in lines:
        assert re.fullmatch(r"\d+ \w+ \d+\.\d degrees Celsius", line), line


def test_my_camera(tmp_path: Path) -> None:
    path = os.pathsep.join([str(ROOT), str(EXAMPLES)])
    done = corefusion(
        *(*LIVE, "--visible", "none", "--thermal", "python:my_camera:MyCamera"),
        *("--frames", "5", "--report", tmp_path / "r.json"),
        PYTHONPATH=path,
    )
    assert done.returncode == 0, done.stderr
    report = report_of(tmp_path / "r.json")
    assert report["frames"] >= 5
    assert set(report["modes"]) == {"thermal_only"}
