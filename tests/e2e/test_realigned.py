"""Both cameras are lined up anew while a run goes on: real processes, sockets and files."""

import os
import signal
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from capture.scene.eye import FIELD_OF_VIEW_DEG, FOCAL
from streamer.calibration.calibration import Calibration, Parallax, View, rows_of
from streamer.calibration.chosen import chosen_calibration, chosen_changes
from streamer.calibration.geometry import similarity
from streamer.calibration.plain_data import calibration_of
from streamer.calibration.stored import save_calibration
from streamer.config.loading import changed_config, load_config
from streamer.enhance.making.results import Lockstep
from streamer.messages import (
    CalibrationChange,
    Frame,
    Mode,
    RunAction,
    RunCommand,
    SessionStatus,
    SuperResolvedFrame,
    TakeState,
    TimelineEvent,
)
from streamer.recording import RecordingReader
from streamer.transport import Endpoint, Publisher, Subscriber
from streamer.worker.as_recorded import recorded_changes, recorded_network
from streamer.worker.networks.loading import predictor_of
from streamer.worker.pairs.pairing import FramePair
from tests.e2e.command import (
    PATIENT,
    SMALL,
    addresses_of,
    following,
    headless_replay,
    report_of,
    session_where,
    started,
)
from tests.support.fake_session import DEADLINE_S
from tests.support.made_in_place import made_in_place
from tests.support.paths import WEIGHTS

pytestmark = pytest.mark.e2e

Sources = tuple[int, int]


def shifted(pixels: float) -> Calibration:
    return Calibration(
        method="hand",
        visible=View(width=160, height=120),
        thermal=View(width=20, height=15),
        matrix=rows_of(similarity(1.0, 0.0, (pixels / 80, 0.0))),
    )


def uses(calibration: Calibration):
    """Whether the worker says that it uses a calibration."""

    def holds(told: SessionStatus) -> bool:
        return given(told.calibration) == calibration

    return holds


def given(change: CalibrationChange | None) -> Calibration | None:
    if change is None or change.calibration is None:
        return None
    return calibration_of(change.calibration, "told")


def by_sources(results) -> dict[Sources, np.ndarray]:
    """Pixels by what they were made of; results that no other run makes alike are left out."""
    return {
        (result.thermal.sequence, result.visible.sequence): result.pixels
        for result in results
        if result.thermal is not None and result.visible is not None
    }


def made_anew(
    reader: RecordingReader, wanted: Iterable[Sources], *, realigned: bool, overrides=()
) -> dict[Sources, np.ndarray]:
    """Results once more, each of the very two frames: on a busy host others meet in a replay."""
    info = reader.info
    network = recorded_network(info, reader.path)
    named = [f"inference.{key}={value}" for key, value in network._asdict().items()]
    given = changed_config(load_config(Path(PATIENT[1])), overrides)
    changes = recorded_changes(given, info, reader.streams)
    config = changed_config(given, [*changes, *named])
    lockstep = Lockstep(
        config,
        info,
        predictor_of(config.inference),
        chosen_calibration(config, info.calibration),
        chosen_changes(config, reader.calibrations()) if realigned else (),
    )
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
        assert result.mode is Mode.GUIDED
        made[thermal, visible] = result.pixels
    return made


def guided_results(
    results: Subscriber, run: "subprocess.Popen[str]", count: int, from_ns: int = 0
) -> None:
    """Waits for results of both cameras: on a busy host one may come without its guide."""
    deadline = time.monotonic() + DEADLINE_S
    while count:
        assert time.monotonic() < deadline, f"{count} guided results more did not come"
        assert run.poll() is None, (run.returncode, run.communicate())
        one = results.receive(50)
        guided = isinstance(one, SuperResolvedFrame) and one.mode is Mode.GUIDED
        count -= guided and one.timestamp_ns >= from_ns


def differing(live: dict[Sources, np.ndarray], again: dict[Sources, np.ndarray]) -> set[Sources]:
    assert live.keys() == again.keys()
    return {sources for sources in live if not np.array_equal(live[sources], again[sources])}


def test_a_file_written_anew_is_used_at_once_and_a_replay_shows_both(
    own_weights: Path, tmp_path: Path
) -> None:
    file, recording = tmp_path / "pair.yaml", tmp_path / "a.mcap"
    save_calibration(shifted(0), file)
    with started(
        *("record", *PATIENT, "--model", own_weights, "--precision", "f32"),
        *("--set", "recording.visible=png", "--set", f"log.folder={tmp_path / 'log'}"),
        *("--set", "capture.visible.rate_hz=8", "--set", "capture.thermal.rate_hz=8"),
        *("--calibration", file, "--output", recording),
    ) as run:
        with (
            following(run.pid, Endpoint.SESSION) as session,
            following(run.pid, Endpoint.SR) as results,
        ):
            guided_results(results, run, 8)
            save_calibration(shifted(12), file)
            told = session_where(session, run, uses(shifted(12)))
            assert told.calibration is not None
            guided_results(results, run, 8, told.calibration.timestamp_ns)
        run.send_signal(signal.SIGINT)
        _, err = run.communicate(timeout=DEADLINE_S)
    assert run.returncode == 0, err
    reader = RecordingReader(recording)
    assert calibration_of(reader.info.calibration, "carried") == shifted(0)
    (change,) = reader.calibrations()
    assert given(change) == shifted(12)
    events = [item.message for item in reader.read(("log",))]
    assert any(isinstance(one, TimelineEvent) and one.kind == "calibration" for one in events)
    seen = [item.message for item in reader.read(("sr",))]
    assert all(isinstance(one, SuperResolvedFrame) for one in seen)
    later = {
        sources
        for one in seen
        for sources in by_sources([one])
        if one.timestamp_ns >= change.timestamp_ns
    }
    live = by_sources(seen)
    assert len(live.keys() & later) > 5
    assert len(live.keys() - later) > 5
    assert differing(live, made_anew(reader, live, realigned=True)) == set()
    assert differing(live, made_anew(reader, live, realigned=False)) == live.keys() & later
    told = headless_replay(recording, tmp_path / "r.json", *PATIENT)
    again = made_in_place(recording, tmp_path / "again", config=Path(PATIENT[1]))
    assert told["result_sha256"] == again.result_sha256


def near(distance_m: float) -> Calibration:
    """The simulated rig's two cameras, 5 cm apart, lined up for a distance."""
    matrix = np.eye(3)
    matrix[0, 2] = -FOCAL * 0.05 / distance_m
    return Calibration(
        method="hand",
        visible=View(width=320, height=240),
        thermal=View(width=160, height=120),
        matrix=rows_of(matrix),
        parallax=Parallax(
            baseline_m=(0.05, 0.0), field_of_view_deg=FIELD_OF_VIEW_DEG, distance_m=distance_m
        ),
    )


def test_the_distance_follows_the_scene_and_a_replay_follows_what_was_recorded(
    own_weights: Path, tmp_path: Path
) -> None:
    file, recording, report = tmp_path / "pair.yaml", tmp_path / "a.mcap", tmp_path / "a.json"
    save_calibration(near(5.0), file)
    canvas = ["inference.canvas_width=320", "inference.canvas_height=240"]
    overrides = [
        *canvas,
        *("capture.visible.width=320", "capture.visible.height=240", "capture.visible.rate_hz=3"),
        *("capture.thermal.width=160", "capture.thermal.height=120", "capture.thermal.rate_hz=3"),
        "capture.simulated.bracket.baseline_m=0.05",
        *("capture.simulated.bracket.distance_m=10", "calibration.follow_distance=true"),
        *("recording.visible=png", f"log.folder={tmp_path / 'log'}"),
    ]
    with started(
        *("record", *PATIENT, "--model", own_weights, "--precision", "f32"),
        *(word for override in overrides for word in ("--set", override)),
        *("--calibration", file, "--output", recording, "--report", report),
    ) as run:
        with following(run.pid, Endpoint.SESSION) as session:
            session_where(session, run, lambda told: (distance_of(told) or 0.0) > 8.0)
        run.send_signal(signal.SIGINT)
        _, err = run.communicate(timeout=DEADLINE_S)
    assert run.returncode == 0, err
    told = report_of(report)["distance"]
    assert told["distance_m"] > 8
    assert told["steps"] >= 2
    reader = RecordingReader(recording)
    changes = reader.calibrations()
    assert all(change.reason == "distance" for change in changes)
    went = [given(change).parallax.distance_m for change in changes]
    assert went == sorted(went)
    # recorded before the next picture: a step that no picture followed is in the report alone
    assert 5.0 < went[-1] <= told["distance_m"] * 1.01
    seen = [item.message for item in reader.read(("sr",))]
    live = by_sources(seen)
    assert len(live) > 5
    assert differing(live, made_anew(reader, live, realigned=True, overrides=canvas)) == set()


def distance_of(told: SessionStatus) -> float | None:
    worker = told.statuses.get("inference")
    alignment = None if worker is None else worker.alignment
    followed = None if alignment is None else alignment.distance
    return None if followed is None else followed.distance_m


def test_a_drift_is_taken_out_and_a_replay_does_the_same(own_weights: Path, tmp_path: Path) -> None:
    """No calibration at all: the visible camera looks 4 px of 640 past the thermal one."""
    recording, report = tmp_path / "a.mcap", tmp_path / "a.json"
    canvas = ["inference.canvas_width=320", "inference.canvas_height=240"]
    overrides = [
        *canvas,
        *("capture.visible.width=320", "capture.visible.height=240", "capture.visible.rate_hz=3"),
        *("capture.thermal.width=160", "capture.thermal.height=120", "capture.thermal.rate_hz=3"),
        *("capture.simulated.bracket.shift_x_px=4", "calibration.follow_drift=true"),
        *("recording.visible=png", f"log.folder={tmp_path / 'log'}"),
    ]
    with started(
        *("record", *PATIENT, "--model", own_weights, "--precision", "f32"),
        *(word for override in overrides for word in ("--set", override)),
        *("--output", recording, "--report", report),
    ) as run:
        with following(run.pid, Endpoint.SESSION) as session:
            session_where(session, run, lambda told: drift_of(told) >= 3)
        run.send_signal(signal.SIGINT)
        _, err = run.communicate(timeout=DEADLINE_S)
    assert run.returncode == 0, err
    told = report_of(report)["drift"]
    assert abs(told["shift_px"][0]) == pytest.approx(4, abs=1.5)
    assert told["steps"] >= 3
    reader = RecordingReader(recording)
    assert reader.info.calibration is None
    changes = reader.calibrations()
    assert {change.reason for change in changes} == {"drift"}
    live = by_sources(item.message for item in reader.read(("sr",)))
    assert len(live) > 5
    assert differing(live, made_anew(reader, live, realigned=True, overrides=canvas)) == set()


def drift_of(told: SessionStatus) -> int:
    worker = told.statuses.get("inference")
    alignment = None if worker is None else worker.alignment
    followed = None if alignment is None else alignment.drift
    return 0 if followed is None else followed.steps


def test_what_the_window_saves_is_used_and_carried_by_what_is_recorded_later(
    tmp_path: Path,
) -> None:
    """The worker's death included: it comes back with what was used last."""
    videos, file = tmp_path / "videos", tmp_path / "saved.yaml"
    save_calibration(shifted(12), file)
    with started(
        *("live", *SMALL, "--model", WEIGHTS),
        *("--set", "capture.visible.rate_hz=10", "--set", "capture.thermal.rate_hz=10"),
        *("--set", f"recording.directory={videos}", "--set", f"log.folder={tmp_path / 'log'}"),
        XDG_CONFIG_HOME=str(tmp_path),
    ) as run:
        with (
            following(run.pid, Endpoint.SESSION) as session,
            Publisher(addresses_of(run.pid), Endpoint.HEARTBEAT, bind=False) as window,
        ):
            told = session_where(session, run, lambda told: told.results > 0)
            assert told.calibration is None
            window.send(RunCommand(RunAction.ALIGN, path=str(tmp_path / "not-there.yaml")))
            window.send(RunCommand(RunAction.ALIGN, path=str(file)))
            told = session_where(session, run, uses(shifted(12)))
            worker = told.statuses["inference"]
            first_ns = told.calibration.timestamp_ns
            window.send(RunCommand(RunAction.RECORD))
            session_where(
                session,
                run,
                lambda told: (
                    told.take is not None
                    and told.take.state is TakeState.RECORDING
                    and told.statuses["recorder"].recording is not None
                    and told.statuses["recorder"].recording.pictures > 5
                ),
            )
            os.kill(worker.pid, signal.SIGKILL)
            session_where(
                session,
                run,
                lambda told: uses(shifted(12))(told) and told.calibration.timestamp_ns > first_ns,
            )
            window.send(RunCommand(RunAction.STOP_RECORDING))
            done = session_where(
                session,
                run,
                lambda told: told.take is not None and told.take.state is TakeState.OFF,
            )
        run.send_signal(signal.SIGINT)
        _, err = run.communicate(timeout=DEADLINE_S)
    assert run.returncode == 0, err
    reader = RecordingReader(Path(done.take.file))
    assert reader.info.calibration is None
    (change,) = reader.calibrations()
    assert given(change) == shifted(12)
    assert change.timestamp_ns == first_ns
    first = next(iter(reader.read(("thermal",))))
    assert first.arrived_ns >= reader.start_ns
    assert change.timestamp_ns < first.message.timestamp_ns
