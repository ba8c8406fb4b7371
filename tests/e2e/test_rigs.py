"""Several rigs under one command: each by itself, but for the worker."""

import signal
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec
import psutil
import pytest
from PySide6.QtGui import QImage

from streamer.config.recording import STREAMS, RecordSettings
from streamer.config.rigs import PORTS, load_rigs
from streamer.faults.injection import parse_injection
from streamer.recording import RecordingError, RecordingReader
from streamer.supervision.rigs.group import RigGroup
from streamer.supervision.run_plan import RunPlan, StopConditions
from streamer.transport import Addresses, Endpoint, Policy, Subscriber
from tests.e2e.command import (
    PATIENT,
    SMALL,
    children_of,
    corefusion,
    report_of,
    run_directories,
    started,
    wait_for_result,
    wait_gone,
)
from tests.e2e.conftest import Refused
from tests.support.fake_session import DEADLINE_S
from tests.support.ports import free_ports

Found = TypeVar("Found")

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
    others = psutil.Process().children()  # of this test's process, not of the run
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
    assert set(psutil.Process().children()) <= set(others)


def _written(*files: Path) -> list[Path]:
    """Those of them that hold what can be read already."""
    return [file for file in files if _begun(file)]


def _begun(file: Path) -> bool:
    try:
        return RecordingReader(file).end_ns is not None
    except RecordingError:  # not yet there, or not any more
        return False


def _waited(found: Callable[[], Found]) -> Found:
    """What is found, once there is something; or what there was at the deadline."""
    deadline = time.monotonic() + DEADLINE_S
    while not (what := found()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return what


def test_a_killed_recorder_comes_back_and_the_other_rigs_is_untouched(tmp_path: Path) -> None:
    rigs = load_rigs(
        _files(tmp_path, hit="", spared=""),
        _PATIENT,
        ["inference.model=bilinear", f"log.folder={tmp_path / 'log'}"],
    )
    plans = {
        rig.name: RunPlan(
            config=rig.config,
            headless=True,
            record=RecordSettings.ordered(
                tmp_path / f"{rig.name}.mcap",
                streams=",".join(STREAMS),
                segment=None,
                when=[],
                before="0s",
                after="10s",
            ),
            rig=rig.name,
        )
        for rig in rigs
    }
    group = RigGroup(plans)

    def kill_then_stop() -> None:
        first = _waited(lambda: _written(tmp_path / "hit.mcap.part"))
        for child in psutil.Process().children():
            if first and str(first[0]) in {one.path for one in child.open_files()}:
                child.kill()
        # the new recorder also completes what the killed one left, once it has time for it
        _waited(
            lambda: (tmp_path / "hit.mcap").exists() and _written(*tmp_path.glob("hit-2.mcap*"))
        )
        group.stop()

    watch = threading.Thread(target=kill_then_stop)
    watch.start()
    report = group.run()
    watch.join()

    assert not report.failed
    assert report.rigs["hit"].restarts["recorder"] == 1
    assert report.rigs["spared"].restarts["recorder"] == 0
    readers = {
        name: sorted(
            map(RecordingReader, tmp_path.glob(f"{name}*.mcap")), key=lambda reader: reader.end_ns
        )
        for name in plans
    }
    assert [len(readers[name]) for name in ("hit", "spared")] == [2, 1]
    before, after = readers["hit"]
    assert before.end_ns < after.start_ns
    assert after.complete
    assert {str(one.path) for ones in readers.values() for one in ones} >= set(group.files)
    spared = readers["spared"][0]
    assert spared.complete
    assert spared.tally().streams["sr"].messages >= report.rigs["spared"].frames


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_all_rigs_and_completes_their_recordings(
    tmp_path: Path, number: signal.Signals
) -> None:
    roof, yard = _files(tmp_path, roof="", yard="")
    with started(
        *("record", "--model", "bilinear", *PATIENT, "--rig", roof, "--rig", yard),
        *("--output", tmp_path / "out", "--report", tmp_path / "r.json"),
        *("--set", f"log.folder={tmp_path / 'log'}"),
    ) as run:
        results = [Subscriber(one, Endpoint.SR, Policy.EVERY) for one in _addresses(run, 2)]
        for one in results:
            assert one.receive(60_000) is not None
            one.close()
        children = psutil.Process(run.pid).children()
        run.send_signal(number)
        _, err = run.communicate(timeout=DEADLINE_S)

    assert run.returncode == 0, err
    assert "Traceback" not in err
    wait_gone(children, 5)
    assert not run_directories(run.pid)
    report = report_of(tmp_path / "r.json")
    assert set(report["rigs"]) == {"roof", "yard"}
    for name in report["rigs"]:
        reader = RecordingReader(tmp_path / "out" / f"{name}.mcap")
        assert reader.complete
        assert reader.tally().streams["sr"].messages > 0


def test_rigs_on_tcp_have_ports_of_their_own(tmp_path: Path) -> None:
    base = free_ports(2 * PORTS)
    roof, yard = _files(
        tmp_path,
        roof="capture: {simulated: {seed: 1}}",
        yard="capture: {simulated: {seed: 2}, visible: {source: none}}",
    )
    done = corefusion(
        *("live", "--headless", "--model", "bilinear", *PATIENT, "--frames", "20"),
        *("--rig", roof, "--rig", yard, "--report", tmp_path / "r.json"),
        *("--set", "transport.kind=tcp", "--set", f"transport.port={base}"),
        *("--set", f"log.folder={tmp_path / 'log'}"),
    )

    assert done.returncode == 0, done.stderr
    report = report_of(tmp_path / "r.json")["rigs"]
    assert {name: rig["frames"] for name, rig in report.items()} == {"roof": 20, "yard": 20}
    assert set(report["yard"]["modes"]) == {"thermal_only"}  # nothing of the other's came to it
    assert "guided" in report["roof"]["modes"]
    assert not any("refused_connections" in rig for rig in report.values())


@pytest.mark.parametrize("killed", ["inference", "viewer"])
def test_what_all_share_comes_back_for_all(
    tmp_path: Path, killed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    rigs = load_rigs(
        _files(tmp_path, one="", other=""),
        _SMALL,
        ["inference.model=bilinear", f"log.folder={tmp_path / 'log'}"],
    )
    plans = {
        rig.name: RunPlan(
            config=rig.config,
            headless=killed != "viewer",
            bounds=StopConditions(frames=40, duration_s=60),
            injections=(parse_injection(f"kill:{killed}@0.2", 0.6),) if rig is rigs[0] else (),
            rig=rig.name,
        )
        for rig in rigs
    }
    report = RigGroup(plans).run()

    assert not report.failed
    for rig in report.rigs.values():
        assert rig.restarts[killed] == 1
        if killed == "inference":
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
