"""What the window asks of a run under way: record, keep, play again, open.

Real processes and files. The commands are sent as the viewer sends them; the window is there as
well, off screen.
"""

import signal
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil
import pytest

from streamer.messages import RunAction, RunCommand, SessionStatus, TakeState
from streamer.recording import RecordingReader
from streamer.transport import Endpoint, Publisher
from tests.e2e.command import (
    SMALL,
    UNHURRIED_S,
    addresses_of,
    children_of,
    following,
    session_where,
    started,
)
from tests.support.fake_session import DEADLINE_S
from tests.support.pictures import write

pytestmark = pytest.mark.e2e

PLAIN = ("live", "--model", "bilinear", *SMALL, "--set", "viewer.refresh_hz=5")


def state(wanted: TakeState) -> Callable[[SessionStatus], bool]:
    return lambda session: session.take is not None and session.take.state is wanted


@pytest.mark.timeout(400)
def test_recording_while_looking(tmp_path: Path) -> None:
    """With the seconds before, through the recorder's death, and twice; the view goes on."""
    videos = tmp_path / "videos"
    own = ("--set", f"recording.directory={videos}", "--set", f"log.folder={tmp_path / 'log'}")
    with started(*PLAIN, *own, XDG_CONFIG_HOME=str(tmp_path)) as run:
        with (
            following(run.pid, Endpoint.SESSION) as session,
            Publisher(addresses_of(run.pid), Endpoint.HEARTBEAT, bind=False) as window,
        ):
            session_where(session, run, lambda told: told.results > 0)
            window.send(RunCommand(RunAction.KEEP, 10.0))
            kept = session_where(session, run, state(TakeState.KEEPING))
            assert kept.take is not None
            assert kept.take.since_ns is None
            more = kept.results + 8
            session_where(session, run, lambda told: told.results > more)
            window.send(RunCommand(RunAction.RECORD))
            told = session_where(
                session,
                run,
                lambda told: state(TakeState.RECORDING)(told) and bool(told.take.file),
            )
            began_ns = told.take.since_ns
            told = session_where(  # it is told once a second
                session,
                run,
                lambda told: (
                    bool(told.statuses["recorder"].detail)
                    and "waiting" not in told.statuses["recorder"].detail
                ),
            )
            more = told.results + 15  # half a second may be lost
            session_where(session, run, lambda told: told.results > more)
            children_of(run.pid, "recorder")["recorder"].send_signal(signal.SIGKILL)
            session_where(
                session,
                run,
                lambda told: (
                    told.processes["recorder"].restarts == 1
                    and told.statuses.get("recorder") is not None
                    and told.statuses["recorder"].recording is not None
                    and told.statuses["recorder"].recording.pictures > 5
                ),
            )
            # it completes what the killed one left, once a busy host has time for it
            session_where(
                session, run, lambda told: len(list(videos.glob("*.mcap"))) == 1, UNHURRIED_S
            )
            window.send(RunCommand(RunAction.KEEP, 0.0))
            window.send(RunCommand(RunAction.STOP_RECORDING))
            done = session_where(session, run, state(TakeState.OFF))
            assert done.take.problem == ""
            assert "recorder" not in done.processes
            second = Path(done.take.file)
            window.send(RunCommand(RunAction.RECORD))
            session_where(
                session,
                run,
                lambda told: state(TakeState.RECORDING)(told) and bool(told.take.file),
            )
        run.send_signal(signal.SIGINT)  # as closing the window does
        out, err = run.communicate(timeout=DEADLINE_S)
    assert run.returncode == 0, err
    assert "Traceback" not in err
    files = sorted(videos.glob("*.mcap"))
    assert len(files) == 3, files
    assert second in files
    assert not list(videos.glob("*.part"))
    readers = [RecordingReader(file) for file in files]
    assert all(reader.complete for reader in readers)
    first_ns = min(reader.start_ns for reader in readers)
    assert first_ns < began_ns - 300_000_000  # what was kept from before is there
    assert all(str(file) in out for file in files)  # the one too that closing the window ended


@pytest.fixture
def stills(tmp_path: Path) -> tuple[str, ...]:
    """Half a second of pictures of both cameras."""
    for stream, shape in (("visible", (120, 160, 3)), ("thermal", (15, 20))):
        folder = tmp_path / stream
        folder.mkdir()
        for number in range(6):
            picture = np.random.default_rng(number).integers(0, 255, shape).astype(np.uint8)
            write(folder / f"{number:03d}.png", picture)
    return ("--visible", str(tmp_path / "visible"), "--thermal", str(tmp_path / "thermal"))


def test_the_end_of_files_is_a_place_to_stand_and_no_room_ends_no_view(
    stills: tuple[str, ...], recording: Path, tmp_path: Path
) -> None:
    """Last picture, END, play again; then a recording, in the place of the run."""
    own = ("--set", f"recording.directory={tmp_path / 'v'}", "--set", "recording.stop_mb=1e9")
    with started(*PLAIN, *stills, *own, XDG_CONFIG_HOME=str(tmp_path)) as run:
        with (
            following(run.pid, Endpoint.SESSION) as session,
            Publisher(addresses_of(run.pid), Endpoint.HEARTBEAT, bind=False) as window,
        ):
            session_where(session, run, lambda told: told.results > 0)
            window.send(RunCommand(RunAction.RECORD))
            told = session_where(session, run, lambda told: bool(told.take and told.take.problem))
            assert told.take is not None
            assert told.take.state is TakeState.OFF
            assert "free" in told.take.problem or "room" in told.take.problem
            first = session_where(session, run, lambda told: told.at_end)
            assert first.results > 0
            worker = first.statuses["inference"].networks
            assert worker is not None, "the window shows which networks there are"
            while True:  # until the last of its processes is there to be started again
                window.send(RunCommand(RunAction.PLAY_AGAIN))
                told = session_where(session, run, lambda told: True)
                if not told.at_end:
                    break
            again = session_where(session, run, lambda told: told.at_end)
            assert again.results > first.results  # a busy host may leave some out
            assert again.processes["inference"].restarts == 0
            window.send(RunCommand(RunAction.OPEN, path=str(recording.with_name("x" * 300))))
            window.send(RunCommand(RunAction.OPEN, path=str(recording)))  # what is there, is
            viewer = children_of(run.pid, "viewer")["viewer"]
            psutil.wait_procs([viewer], DEADLINE_S)
        assert "player" in children_of(run.pid, "player")
        with following(run.pid, Endpoint.SESSION) as session:
            session_where(session, run, lambda told: told.results > 0)
        run.send_signal(signal.SIGINT)
        _, err = run.communicate(timeout=DEADLINE_S)
    assert run.returncode == 0, err
