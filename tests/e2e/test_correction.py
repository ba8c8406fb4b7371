"""A shutter correction is asked for while a run goes on: real processes, sockets and files."""

import signal
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from streamer.messages import Frame, FrameFlag, Mode, ModeChange, SessionStatus, TimelineEvent
from streamer.recording import RecordingReader
from streamer.transport import Endpoint
from tests.e2e.command import SMALL, following, session_where, started
from tests.e2e.conftest import InPlace
from tests.support.fake_session import DEADLINE_S
from tests.support.pictures import write

pytestmark = pytest.mark.e2e


def bowl(frame: Frame) -> float:
    """How far the corners are above the middle, counts: the drift of the simulated camera."""
    pixels = frame.pixels.astype(float)
    corners = pixels[[0, 0, -1, -1], [0, -1, 0, -1]].mean()
    return float(corners - pixels[6:9, 8:12].mean())


def in_mode(mode: Mode) -> Callable[[SessionStatus], bool]:
    """Whether the worker says that its results are of this kind."""

    def holds(told: SessionStatus) -> bool:
        return told.statuses["inference"].mode == mode

    return holds


def test_the_simulated_camera_closes_its_shutter_and_its_drift_is_gone(
    in_place: InPlace, tmp_path: Path
) -> None:
    recording = tmp_path / "a.mcap"
    with started(
        *("record", *SMALL, "--model", "bilinear", "--output", recording),
        *("--set", "capture.simulated.drift_mk_s=2000", "--set", f"log.folder={tmp_path}"),
    ) as run:
        with following(run.pid, Endpoint.SESSION) as session:
            session_where(session, run, lambda told: told.results > 15)
            done = in_place("ffc", str(run.pid))
            assert done.returncode == 0, done.stderr
            assert "simulated thermal (day) corrects itself" in done.stdout
            session_where(session, run, lambda told: told.corrections == 1)
            for mode in (Mode.HOLD, Mode.GUIDED):
                told = session_where(session, run, in_mode(mode))
            session_where(session, run, lambda later: later.results > told.results + 3)
        run.send_signal(signal.SIGINT)
        _, err = run.communicate(timeout=DEADLINE_S)
    assert run.returncode == 0, err
    reader = RecordingReader(recording)
    said = [item.message for item in reader.read(("log",))]
    events = [one.text for one in said if isinstance(one, TimelineEvent) and one.kind == "ffc"]
    assert sorted(events) == [
        "a shutter correction was asked for",
        "the shutter closes",
        "the shutter opens",
    ]
    assert any(isinstance(one, ModeChange) and one.current is Mode.HOLD for one in said)
    frames = [item.message for item in reader.read(("thermal",))]
    closed = [index for index, one in enumerate(frames) if FrameFlag.FFC in one.flags]
    assert len(closed) == pytest.approx(0.6 * 15, abs=1)
    before, after = frames[closed[0] - 1], frames[closed[-1] + 1]
    gone = bowl(before) - bowl(after)
    passed_s = (before.timestamp_ns - frames[0].timestamp_ns) / 1e9
    assert gone > 200 * (passed_s - 0.6)  # of 400 a second, less what the scene does meanwhile
    assert np.ptp(frames[closed[0]].pixels) < 200


def test_pictures_of_a_folder_have_no_shutter(in_place: InPlace, tmp_path: Path) -> None:
    for number in range(4):
        picture = np.full((12, 16), number, np.uint8)
        (tmp_path / "thermal").mkdir(exist_ok=True)
        write(tmp_path / "thermal" / f"{number}.png", picture)
    with started(
        *("live", "--headless", "--loop", "--model", "bilinear", "--visible", "none"),
        *("--thermal", tmp_path / "thermal", "--set", f"log.folder={tmp_path}"),
    ) as run:
        with following(run.pid, Endpoint.SESSION) as session:
            session_where(session, run, lambda told: told.results > 3)
            done = in_place("ffc", str(run.pid))
            assert done.returncode == 1
            assert "this camera has no shutter that can be asked" in done.stderr
        run.send_signal(signal.SIGINT)
        run.communicate(timeout=DEADLINE_S)
    assert run.returncode == 0


def test_without_a_run_there_is_none_to_ask(in_place: InPlace) -> None:
    done = in_place("ffc", "1")
    assert done.returncode == 1
    assert "no run 1 of this user is under way" in done.stderr
