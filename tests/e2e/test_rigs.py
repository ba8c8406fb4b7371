"""Several rigs under one command: each by itself, but for the worker."""

import signal
from pathlib import Path

import psutil
import pytest
from PySide6.QtGui import QImage

from streamer.config.rigs import load_rigs
from streamer.faults.injection import parse_injection
from streamer.supervision.rigs.group import RigGroup
from streamer.supervision.run_plan import RunPlan, StopConditions
from tests.e2e.command import (
    PATIENT,
    SMALL,
    children_of,
    corefusion,
    report_of,
    run_directories,
    started,
    wait_for_result,
)
from tests.e2e.conftest import Refused
from tests.support.fake_session import DEADLINE_S

_SMALL = Path(__file__).parent / "small.yaml"
_PATIENT = Path(__file__).parent / "patient.yaml"


def _files(folder: Path, **texts: str) -> list[Path]:
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text)
    return [folder / f"{name}.yaml" for name in texts]


def test_each_is_recorded_and_reported_by_its_name_and_one_that_fails_ends_alone(
    tmp_path: Path,
) -> None:
    roof, yard, broken = _files(
        tmp_path,
        roof="capture: {simulated: {seed: 1}}",
        two="name: yard\ncapture: {simulated: {seed: 2}, visible: {source: none}}",
        broken="capture: {thermal: {source: /no/such.mp4}}",
    )
    done = corefusion(
        *("record", "--model", "bilinear", *PATIENT, "--frames", "12"),
        *("--rig", roof, "--rig", yard, "--rig", broken),
        *("--output", tmp_path / "out", "--report", tmp_path / "r.json"),
        *("--set", f"log.folder={tmp_path / 'log'}"),
    )

    report = report_of(tmp_path / "r.json")
    assert done.returncode == 1, done.stderr
    assert "rig broken: " in done.stderr
    assert "/no/such.mp4" in done.stderr
    assert set(report["failed"]) == {"broken"}
    for name in ("roof", "yard"):
        assert report["rigs"][name]["frames"] == 12
        assert not any(report["rigs"][name]["restarts"].values())
        recording = tmp_path / "out" / f"{name}.mcap"
        assert str(recording) in done.stdout
        assert recording.stat().st_size > 10_000
    assert set(report["rigs"]["yard"]["modes"]) == {"thermal_only"}


def test_rigs_that_the_configuration_names_are_run(tmp_path: Path) -> None:
    text = _PATIENT.read_text() + "\nrigs: [roof.yaml, {name: yard}]\n"
    _files(tmp_path, config=text, roof="")
    done = corefusion(
        *("live", "--headless", "--model", "bilinear", "--config", tmp_path / "config.yaml"),
        *("--frames", "4", "--report", tmp_path / "r.json", "--set", f"log.folder={tmp_path}/log"),
    )

    assert done.returncode == 0, done.stderr
    rigs = report_of(tmp_path / "r.json")["rigs"]
    assert {name: rig["frames"] for name, rig in rigs.items()} == {"roof": 4, "yard": 4}


def test_what_dies_in_one_rig_does_not_touch_the_other(tmp_path: Path) -> None:
    rigs = load_rigs(
        _files(tmp_path, hit="", spared=""),
        _SMALL,
        ["inference.model=bilinear", f"log.folder={tmp_path / 'log'}"],
    )
    kills = tuple(parse_injection(f"kill:{name}@0.3", 0.6) for name in ("capture.thermal",))
    plans = {
        rig.name: RunPlan(
            config=rig.config,
            headless=True,
            bounds=StopConditions(duration_s=2.5),
            injections=kills if rig.name == "hit" else (),
            rig=rig.name,
        )
        for rig in rigs
    }
    report = RigGroup(plans).run()

    assert not report.failed
    assert report.rigs["hit"].restarts["capture.thermal"] == 1
    assert not any(report.rigs["spared"].restarts.values())
    assert report.rigs["spared"].frames > 0
    assert psutil.Process().children() == []


def test_a_killed_worker_comes_back_for_all(tmp_path: Path) -> None:
    rigs = load_rigs(
        _files(tmp_path, one="", other=""),
        _SMALL,
        ["inference.model=bilinear", f"log.folder={tmp_path / 'log'}"],
    )
    plans = {
        rig.name: RunPlan(
            config=rig.config,
            headless=True,
            bounds=StopConditions(frames=40, duration_s=60),
            injections=(parse_injection("kill:inference@0.2", 0.6),) if rig is rigs[0] else (),
            rig=rig.name,
        )
        for rig in rigs
    }
    report = RigGroup(plans).run()

    assert not report.failed
    for rig in report.rigs.values():
        assert rig.restarts["inference"] == 1
        assert any(cause[2] == "guided" for cause in rig.mode_changes[1:])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--thermal", "sim"), "--thermal with --rig"),
        (("--set", "inference.threds=1"), "unknown key inference.threds"),
        ((), "broken.yaml: unknown key captur"),
    ],
)
def test_what_is_asked_wrongly_starts_nothing(
    refused: Refused, tmp_path: Path, options: tuple[str, ...], words: str
) -> None:
    good, broken = _files(tmp_path, good="", broken="captur: {}" if not options else "")
    done = refused("live", "--headless", "--rig", good, "--rig", broken, *options)

    assert done.returncode in (1, 2)
    assert words in " ".join(done.stderr.split())


def test_one_window_shows_all_and_one_that_fails_is_told_there(tmp_path: Path) -> None:
    roof, yard, broken = _files(
        tmp_path, roof="", yard="", broken="capture: {thermal: {source: /no/such.mp4}}"
    )
    picture = tmp_path / "window.png"
    done = corefusion(
        *("live", "--model", "bilinear", *PATIENT, "--duration", "2", "--screenshot", picture),
        *("--rig", roof, "--rig", yard, "--rig", broken, "--report", tmp_path / "r.json"),
        *("--set", f"log.folder={tmp_path / 'log'}"),
    )

    report = report_of(tmp_path / "r.json")
    assert done.returncode == 1, done.stderr
    assert set(report["failed"]) == {"broken"}
    assert report["rigs"]["roof"]["painted"] > 0  # the large one
    assert report["rigs"]["yard"]["painted"] == 0
    for name in ("roof", "yard"):
        assert report["rigs"][name]["frames"] > 0
        assert not any(report["rigs"][name]["restarts"].values())
    image = QImage(str(picture))
    assert (image.width(), image.height()) == (1440, 800)
    strip = {image.pixel(x, y) for x in range(20, 200, 7) for y in range(20, 300, 7)}
    assert len(strip) > 50  # a scene, not an empty strip
    assert "Traceback" not in done.stderr


def test_ctrl_c_ends_the_window_of_all_and_all_of_them(tmp_path: Path) -> None:
    files = _files(tmp_path, roof="", yard="")
    options = ("--rig", files[0], "--rig", files[1], "--set", f"log.folder={tmp_path / 'log'}")
    with started(
        *("live", "--model", "bilinear", *SMALL, *options), XDG_CONFIG_HOME=str(tmp_path)
    ) as run:
        wait_for_result(run.pid)
        assert set(children_of(run.pid, "viewer")) >= {"viewer", "inference"}
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=DEADLINE_S)
    assert run.returncode == 0, err
    assert "roof" in out
    assert not run_directories(run.pid)
