"""What whole runs share: recordings, and the command in this process."""

import logging
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from streamer.commands.app import main
from streamer.supervision.processes.child import Child
from tests.e2e.command import SMALL, corefusion
from tests.support.paths import WEIGHTS
from tests.support.steady_recording import steady_recording

RECORDED_S = 3.0
"""How long the recording is that replays play."""
DROPOUT_S, DEATH_S = (1.0, 1.6), (2.2, 2.6)
"""When no visible frame comes in it, and when its process is dead."""

InPlace = Callable[..., subprocess.CompletedProcess[str]]
Refused = InPlace


@contextmanager
def _log_of_its_own() -> Iterator[None]:
    """A command begun within logs as it does in a process of its own."""
    root = logging.getLogger()
    kept, level = root.handlers[:], root.level
    root.handlers[:] = []
    try:
        yield
    finally:
        root.handlers[:] = kept
        root.setLevel(level)


@pytest.fixture
def whole_run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> InPlace:
    """Runs the command in this process, and the processes of its run as ever; what all of them say.

    For what does not depend on how the command is started; its own modules are there already.
    """

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        words = ["corefusion", *map(str, arguments)]
        with monkeypatch.context() as patched, _log_of_its_own():
            patched.setattr(sys, "argv", words)
            patched.setenv("QT_QPA_PLATFORM", "offscreen")
            with pytest.raises(SystemExit) as ended:
                main()
        out, err = capfd.readouterr()
        return subprocess.CompletedProcess(words, ended.value.code or 0, out, err)

    return run


@pytest.fixture
def in_place(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> InPlace:
    """Runs the command in this process; it fails if any process of a run is started."""

    def start(child: Child, now_ns: int) -> None:
        raise AssertionError(f"{child.name} was started")

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        words = ["corefusion", *map(str, arguments)]
        with monkeypatch.context() as patched:
            patched.setattr(sys, "argv", words)
            patched.setattr(Child, "start", start)
            with pytest.raises(SystemExit) as ended:
                main()
        out, err = capfd.readouterr()
        return subprocess.CompletedProcess(words, ended.value.code, out, err)

    return run


@pytest.fixture
def refused(in_place: InPlace) -> Refused:
    """The command in this process, for what it is to refuse before any process is started."""
    return in_place


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


@pytest.fixture
def own_weights(tmp_path: Path) -> Path:
    """Weights of the user's own, where a replay of a recording beside them finds them."""
    return shutil.copy(WEIGHTS, tmp_path / "own.safetensors")


@pytest.fixture(scope="session")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seconds: the visible drops out for a while, later its process dies."""
    path = tmp_path_factory.mktemp("replay") / "a.mcap"
    return steady_recording(path, RECORDED_S, dropout_s=DROPOUT_S, death_s=DEATH_S)
