"""What whole runs share: recordings, and the command in this process for what it refuses."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from streamer.commands.app import main
from streamer.supervision.child import Child
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


@pytest.fixture(scope="session")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five seconds: the visible drops out for one of them, later its process dies."""
    return steady_recording(tmp_path_factory.mktemp("replay") / "a.mcap")
