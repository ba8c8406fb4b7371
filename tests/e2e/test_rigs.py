"""Several rigs under one command: each by itself, but for the worker."""

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec
import psutil
import pytest
from PySide6.QtGui import QImage

from streamer.config.rigs import PORTS, load_rigs
from streamer.faults.injection import parse_injection
from streamer.recording import RecordingError, RecordingReader
from streamer.supervision.rigs.group import RigGroup
from streamer.supervision.run_plan import RunPlan, StopConditions
from streamer.transport import Addresses
from tests.e2e.command import (
    PATIENT,
    SMALL,
    UNHURRIED_S,
    children_of,
    corefusion,
    report_of,
    run_directories,
    started,
    wait_for_result,
    wait_gone,
)
from tests.e2e.conftest import InPlace, Refused
from tests.support.fake_session import DEADLINE_S
from tests.support.ports import free_ports

Found = TypeVar("Found")

SLOW_WINDOW = ("--set", "viewer.refresh_hz=10")
_SMALL = Path(__file__).parent / "small.yaml"
_PATIENT = Path(__file__).parent / "patient.yaml"


def _files(folder: Path, **texts: str) -> list[Path]:
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text)
    return [folder / f"{name}.yaml" for name in texts]


def _addresses(run: subprocess.Popen[str], rigs: int) -> list[Addresses]:
    """Where the endpoints of all rigs of a run are."""
    found: list[Addresses] = []
    while len(found) < rigs:
        assert run.poll() is None, run.communicate()
        files = [directory / "connection.json" for directory in run_directories(run.pid)]
        texts = [file.read_bytes() for file in files if file.exists()]
        found = [msgspec.json.decode(text, type=Addresses) for text in texts if text]
    return found


def test_each_is_recorded_and_reported_by_its_name_on_ports_of_its_own(
    tmp_path: Path,
) -> None:
    """Rigs that the configuration names, on tcp; this process may have refused others' before."""
    base = free_ports(2 * PORTS)
    yard = "{name: yard, capture: {simulated: {seed: 2}, visible: {source: none}}}"
    _files(
        tmp_path,
        config=f"{_PATIENT.read_text()}\nrigs: [roof.yaml, {yard}]\n",
        roof="capture: {simulated: {seed: 1}}",
    )
    done = corefusion(
        *("record", "--model", "bilinear", "--config", tmp_path / "config.yaml"),
        *("--frames", "12", "--output", tmp_path / "out", "--report", tmp_path / "r.json"),
        *("--set", "transport.kind=tcp", "--set", f"transport.port={base}"),
        *("--set", f"log.folder={tmp_path / 'log'}"),
    )

    report = report_of(tmp_path / "r.json")
    assert done.returncode == 0, done.stderr
    assert set(report["rigs"]) == {"roof", "yard"}
    for name in ("roof", "yard"):
        assert report["rigs"][name]["frames"] == 12
        assert not any(report["rigs"][name]["restarts"].values())
        assert "refused_connections" not in report["rigs"][name]
        recording = tmp_path / "out" / f"{name}.mcap"
        assert str(recording) in done.stdout
        assert recording.stat().st_size > 10_000
    assert set(report["rigs"]["yard"]["modes"]) == {"thermal_only"}  # nothing of the other's came
    assert "guided" in report["rigs"]["roof"]["modes"]


def test_what_dies_in_one_rig_does_not_touch_the_other_and_what_all_share_comes_back_for_all(
    tmp_path: Path,
) -> None:
    rigs = load_rigs(
        _files(tmp_path, hit="", spared=""),
        _SMALL,
        ["inference.model=bilinear", f"log.folder={tmp_path / 'log'}"],
    )
    others = psutil.Process().children()  # of this test's process, not of the run
    kills = tuple(
        parse_injection(text, 0.6) for text in ("kill:capture.thermal@0.2", "kill:inference@0.6")
    )
    plans = {
        rig.name: RunPlan(
            config=rig.config,
            headless=True,
            bounds=StopConditions(frames=25, duration_s=60),
            injections=kills if rig.name == "hit" else (),
            rig=rig.name,
        )
        for rig in rigs
    }
    report = RigGroup(plans).run()

    assert not report.failed
    hit, spared = report.rigs["hit"], report.rigs["spared"]
    assert hit.restarts["capture.thermal"] == 1
    assert not any(spared.restarts[name] for name in ("capture.visible", "capture.thermal"))
    for rig in (hit, spared):
        assert rig.frames > 0
        assert rig.restarts["inference"] == 1
        assert any(cause[2] == "guided" for cause in rig.mode_changes[1:])
    assert set(psutil.Process().children()) <= set(others)


def _written(*files: Path) -> list[Path]:
    """Those of them that hold what can be read already."""
    return [file for file in files if _begun(file)]


def _begun(file: Path) -> bool:
    try:
        return RecordingReader(file).end_ns is not None
    except RecordingError:  # not yet there, or not any more
        return False


def _waited(found: Callable[[], Found], deadline_s: float = DEADLINE_S) -> Found:
    """What is found, once there is something; or what there was at the deadline."""
    deadline = time.monotonic() + deadline_s
    while not (what := found()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return what


def _recorder_of(run: int, file: Path) -> psutil.Process:
    """The process of a run that has a file open."""
    for child in psutil.Process(run).children():
        if str(file) in {one.path for one in child.open_files()}:
            return child
    raise AssertionError(f"nobody writes {file}")


@pytest.mark.timeout(400)
def test_a_killed_recorder_comes_back_and_a_signal_completes_the_recordings_of_all(
    tmp_path: Path,
) -> None:
    """Of all but one, that fails alone at the start."""
    out = tmp_path / "out"
    broken = "capture: {thermal: {source: /no/such.mp4}}"
    rigs = _files(tmp_path, hit="", spared="", broken=broken)
    with started(
        *("record", "--model", "bilinear", *PATIENT, "--output", out),
        *[part for file in rigs for part in ("--rig", file)],
        *("--report", tmp_path / "r.json", "--set", f"log.folder={tmp_path / 'log'}"),
    ) as run:
        assert _waited(lambda: _written(out / "hit.mcap.part"))
        _recorder_of(run.pid, out / "hit.mcap.part").kill()
        # the new recorder also completes what the killed one left, once a busy host has time for it
        assert _waited(
            lambda: (out / "hit.mcap").exists() and _written(*out.glob("hit-2.mcap*")), UNHURRIED_S
        )
        children = psutil.Process(run.pid).children()
        run.send_signal(signal.SIGTERM)
        said, err = run.communicate(timeout=DEADLINE_S)

    assert run.returncode == 1, err
    assert "rig broken: " in err
    assert "/no/such.mp4" in err
    assert "Traceback" not in err
    wait_gone(children, 5)
    assert not run_directories(run.pid)
    assert not list(out.glob("broken*"))
    told = report_of(tmp_path / "r.json")
    assert set(told["failed"]) == {"broken"}
    report = told["rigs"]
    assert set(report) == {"hit", "spared", "broken"}
    assert report["hit"]["restarts"]["recorder"] == 1
    assert report["spared"]["restarts"]["recorder"] == 0
    readers = {
        name: sorted(
            map(RecordingReader, out.glob(f"{name}*.mcap")), key=lambda reader: reader.end_ns
        )
        for name in ("hit", "spared")
    }
    assert [len(readers[name]) for name in ("hit", "spared")] == [2, 1]
    before, after = readers["hit"]
    assert before.end_ns < after.start_ns
    assert after.complete
    assert after.tally().streams["sr"].messages > 0
    said_of = "recording  "
    lines = said.splitlines()
    names = {line.removeprefix(said_of) for line in lines if line.startswith(said_of)}
    assert names
    assert {str(one.path) for ones in readers.values() for one in ones} >= names
    spared = readers["spared"][0]
    assert spared.complete
    assert spared.tally().streams["sr"].messages >= report["spared"]["frames"]


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


def test_one_window_shows_all_and_one_that_fails_is_told_there(
    whole_run: InPlace, tmp_path: Path
) -> None:
    roof, yard, broken = _files(
        tmp_path, roof="", two="name: yard", broken="capture: {thermal: {source: /no/such.mp4}}"
    )
    picture = tmp_path / "window.png"
    done = whole_run(
        *("live", "--model", "bilinear", *PATIENT, *SLOW_WINDOW),
        *("--duration", "1", "--screenshot", picture),
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


def test_the_window_of_all_comes_back_and_ctrl_c_ends_it_and_all_of_them(tmp_path: Path) -> None:
    files = _files(tmp_path, roof="", yard="")
    options = ("--rig", files[0], "--rig", files[1], "--set", f"log.folder={tmp_path / 'log'}")
    report = ("--report", tmp_path / "r.json")
    with started(
        *("live", "--model", "bilinear", *SMALL, *SLOW_WINDOW, *options, *report),
        XDG_CONFIG_HOME=str(tmp_path),
    ) as run:
        wait_for_result(run.pid)
        viewer = children_of(run.pid, "viewer", "inference")["viewer"]
        viewer.kill()
        while not (now := children_of(run.pid)).get("viewer") or now["viewer"].pid == viewer.pid:
            assert run.poll() is None
            time.sleep(0.02)
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=DEADLINE_S)
    assert run.returncode == 0, err
    assert "roof" in out
    assert not run_directories(run.pid)
    for rig in report_of(tmp_path / "r.json")["rigs"].values():
        assert rig["restarts"]["viewer"] == 1
