"""What whole runs share: recordings, and the command in this process for what it refuses."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from streamer.commands.app import main
from streamer.supervision.processes.child import Child
from tests.e2e.command import SMALL, corefusion
from tests.support.steady_recording import steady_recording

Refused = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Refused:
    """Runs the command in this process; it fails if any process of a run is started."""

    def start(child: Child, now_ns: int) -> None:
        raise AssertionError(f"{child.name} was started")

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        words = ["corefusion", *map(str, arguments)]
        monkeypatch.setattr(sys, "argv", words)
        monkeypatch.setattr(Child, "start", start)
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capfd.readouterr()
        return subprocess.CompletedProcess(words, ended.value.code, out, err)

    return run


class RecordedRun(NamedTuple):
    """A real run that was recorded: its file, its report, and what it said."""

    file: Path
    report: Path
    done: subprocess.CompletedProcess[str]


@pytest.fixture(scope="session")
def recorded_run(tmp_path_factory: pytest.TempPathFactory) -> RecordedRun:
    """Four seconds: the visible drops out for one of them, later its process is killed."""
    file = tmp_path_factory.mktemp("run") / "a.mcap"
    report = file.with_suffix(".json")
    done = corefusion(
        *("record", "--model", "bilinear", *SMALL, "--duration", "4.2", "--output", file),
        *("--inject", "drop:visible@1-2", "--inject", "kill:capture.visible@2.8"),
        *("--report", report, "--set", f"log.folder={file.parent / 'log'}"),
    )
    return RecordedRun(file, report, done)


@pytest.fixture(scope="session")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five seconds: the visible drops out for one of them, later its process dies."""
    return steady_recording(tmp_path_factory.mktemp("replay") / "a.mcap")
