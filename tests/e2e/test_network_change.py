"""Another network while a run goes on, by the command: real processes, sockets and files."""

import os
import shutil
import signal
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from models.registry import WEIGHTS
from streamer.config.loading import changed_config, load_config
from streamer.enhance.making.results import Lockstep
from streamer.messages import (
    Frame,
    NetworkChoice,
    OrderState,
    RunAction,
    RunCommand,
    SessionStatus,
    TimelineEvent,
)
from streamer.recording import RecordingReader
from streamer.transport import Endpoint, Publisher
from streamer.worker.as_recorded import recorded_changes
from streamer.worker.networks.loading import predictor_of
from streamer.worker.pairs.pairing import FramePair
from tests.e2e.command import (
    PATIENT,
    addresses_of,
    following,
    headless_replay,
    report_of,
    session_where,
    started,
)
from tests.e2e.conftest import InPlace
from tests.e2e.test_realigned import Sources, by_sources
from tests.support.fake_session import DEADLINE_S
from tests.support.made_in_place import made_in_place

pytestmark = pytest.mark.e2e

SLOW = ("--set", "capture.visible.rate_hz=3", "--set", "capture.thermal.rate_hz=3")
Results = dict[Sources, np.ndarray]
EXACT = ("--precision", "f32")


def made_by(reader: RecordingReader, model: str, wanted: Iterable[Sources]) -> Results:
    """What a network makes of these very frames: on a busy host others meet in a replay."""
    given = load_config(Path(PATIENT[1]))
    changes = recorded_changes(given, reader.info, reader.streams)
    named = [f"inference.model={model}", "inference.engine=openvino", "inference.precision=f32"]
    config = changed_config(given, [*changes, *named])
    lockstep = Lockstep(config, reader.info, predictor_of(config.inference))
    frames = {
        (one.stream, one.sequence): one
        for one in (item.message for item in reader.read(("thermal", "visible")))
        if isinstance(one, Frame)
    }
    made = {}
    for thermal, visible in wanted:
        pair = FramePair(frames["thermal", thermal], frames["visible", visible], 0.0)
        result = lockstep.make(pair)
        assert result is not None
        made[thermal, visible] = result.pixels
    return made


def pictures_of(told: SessionStatus) -> int:
    """How many were sent so far to whoever records them."""
    last = {name: status.last_sequence or 0 for name, status in told.statuses.items()}
    return last["capture.thermal"] + last["capture.visible"] + last["inference"]


def has_recorded(pictures: int):
    """Whether the recorder has taken so many: on a busy host it may be far behind."""

    def holds(told: SessionStatus) -> bool:
        recorder = told.statuses["recorder"].recording
        return recorder is not None and recorder.pictures >= pictures

    return holds


def makes_results(model: str):
    """Whether the run knows that a network makes its results."""

    def holds(told: SessionStatus) -> bool:
        return told.network is not None and told.network.network.model == model

    return holds


@pytest.mark.timeout(400)
def test_the_command_changes_the_network_and_all_that_is_left_of_the_run_says_so(
    in_place: InPlace, own_weights: Path, tmp_path: Path
) -> None:
    recording, report = tmp_path / "a.mcap", tmp_path / "a.json"
    with started(
        *("record", *PATIENT, *SLOW, "--model", own_weights, *EXACT, "--output", recording),
        *("--set", "recording.visible=png", "--set", f"log.folder={tmp_path / 'log'}"),
        *("--report", report, "--streams", "visible,thermal,sr"),
    ) as run:
        with following(run.pid, Endpoint.SESSION) as session:
            session_where(session, run, lambda told: told.results > 4)
            which = ("--run", str(run.pid))
            done = in_place("model", *which)
            assert (done.returncode, done.stdout) == (0, "own on openvino f32\n")
            refused = in_place("model", tmp_path / "best.safetensors", *which)
            assert refused.returncode == 1
            assert refused.stderr.strip().endswith("best.safetensors: no such checkpoint")
            done = in_place("model", "fast:benchmark", *which)
            assert done.returncode == 0, done.stderr
            assert done.stdout == "fast:benchmark on openvino f32 from now on\n"
            told = session_where(session, run, lambda told: told.network is not None)
            more = told.results + 4
            told = session_where(session, run, lambda told: told.results > more)
            session_where(session, run, has_recorded(pictures_of(told)))
        run.send_signal(signal.SIGINT)
        _, err = run.communicate(timeout=DEADLINE_S)
    assert run.returncode == 0, err
    assert f"no such checkpoint; the run goes on with {own_weights}" in err
    told = report_of(report)
    assert told["model"] == "own"
    assert [one["model"] for one in told["network_changes"]] == ["fast:benchmark"]
    reader = RecordingReader(recording)
    assert reader.info.model == "own"
    (change,) = reader.networks()
    assert (change.previous.model, change.network.model) == ("own", "fast:benchmark")
    events = [item.message for item in reader.read(("log",))]
    assert any(isinstance(one, TimelineEvent) and one.kind == "network" for one in events)
    seen = [item.message for item in reader.read(("sr",))]
    numbers = [one.sequence for one in seen]
    assert numbers == list(range(len(seen)))  # no result was lost in between
    for model, its in (
        (str(own_weights), [one for one in seen if one.timestamp_ns < change.timestamp_ns]),
        ("fast:benchmark", [one for one in seen if one.timestamp_ns >= change.timestamp_ns]),
    ):
        live = by_sources(its)
        assert live
        again = made_by(reader, model, live)
        assert all(np.array_equal(live[sources], again[sources]) for sources in live)
    shown = in_place("info", recording)
    assert "fast:benchmark" in shown.stdout
    replays = [tmp_path / f"{name}.json" for name in ("first", "second", "other")]
    asked: tuple[list[str | Path], ...] = (["--compare", "nearest"], [], ["--model", own_weights])
    first, second, other = (
        headless_replay(recording, path, *PATIENT, *named)
        for path, named in zip(replays, asked, strict=True)
    )
    assert first["result_sha256"] == second["result_sha256"] != other["result_sha256"]
    assert [one["model"] for one in first["network_changes"]] == ["fast:benchmark"]
    assert "network_changes" not in other
    nearest = made_in_place(recording, tmp_path / "n", model="nearest", config=Path(PATIENT[1]))
    assert first["compare"]["result_sha256"] == nearest.result_sha256


@pytest.mark.timeout(400)
def test_a_worker_that_dies_over_it_comes_back_with_the_one_that_worked(tmp_path: Path) -> None:
    """While it loads another; after that was used; and when what was used has gone."""
    log_folder = ("--set", f"log.folder={tmp_path / 'log'}")
    with started("live", *PATIENT, *SLOW, "--headless", "--model", "bilinear", *log_folder) as run:
        with (
            following(run.pid, Endpoint.SESSION) as session,
            Publisher(addresses_of(run.pid), Endpoint.HEARTBEAT, bind=False) as window,
        ):
            told = session_where(session, run, lambda told: told.results > 0)
            worker = told.statuses["inference"]
            os.kill(worker.pid, signal.SIGSTOP)  # it takes the order, and never gets to it
            command = RunCommand(RunAction.NETWORK, network=NetworkChoice("nearest"))
            window.send(command)
            session_where(session, run, lambda told: told.network_order is not None)
            os.kill(worker.pid, signal.SIGKILL)
            told = session_where(
                session,
                run,
                lambda told: (
                    (again := told.statuses.get("inference")) is not None
                    and again.pid != worker.pid
                    and again.model is not None
                ),
            )
            assert told.network_order.state is OrderState.REFUSED
            assert "the worker ended" in told.network_order.problem
            assert told.statuses["inference"].model == "bilinear"
            window.send(command)
            told = session_where(session, run, lambda told: told.network is not None)
            used = told.network.network
            os.kill(told.statuses["inference"].pid, signal.SIGKILL)
            told = session_where(
                session,
                run,
                lambda told: (
                    (again := told.statuses.get("inference")) is not None
                    and told.processes["inference"].restarts == 2
                    and again.model is not None
                ),
            )
            assert told.statuses["inference"].model == used.model == "nearest"
            checkpoint = tmp_path / "night" / "best.safetensors"
            checkpoint.parent.mkdir()
            shutil.copy(WEIGHTS / "fast-benchmark.safetensors", checkpoint)
            choice = NetworkChoice(str(checkpoint), precision="f32")
            window.send(RunCommand(RunAction.NETWORK, network=choice))
            told = session_where(session, run, makes_results("night/best"))
            checkpoint.unlink()  # what is in use needs it no longer
            os.kill(told.statuses["inference"].pid, signal.SIGKILL)
            session_where(session, run, makes_results("nearest"))
        run.send_signal(signal.SIGINT)
        _, err = run.communicate(timeout=DEADLINE_S)
    assert run.returncode == 0, err
