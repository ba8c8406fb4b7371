"""The whole command, in a process of its own, on this machine and on a poorer one."""

import json
import os
import subprocess
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.e2e.command import COMMAND, environment

SECTIONS = ["program", "machine", "network", "window", "cameras", "folders"]


def doctor(*arguments: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, "doctor", *map(str, arguments)],
        capture_output=True,
        text=True,
        env={**environment(), "TMPDIR": "/tmp", **variables},
    )


def found(done: subprocess.CompletedProcess[str], name: str) -> dict[str, Any]:
    (finding,) = [one for one in json.loads(done.stdout)["findings"] if one["name"] == name]
    return dict(finding)


class Bundle(NamedTuple):
    """What a healthy machine's doctor said, and what it wrote beside."""

    done: subprocess.CompletedProcess[str]
    file: Path


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    folder = tmp_path_factory.mktemp("doctor")
    log = folder / "run.log"
    log.write_text("a line\n")
    ours = folder / "state" / "run-00003.log"
    ours.parent.mkdir()
    ours.write_text("2026-11-28T22:21:12.687Z corefusion INFO begins\n")
    logs = ("--set", f"log.folder={ours.parent}")
    file = folder / "b.zip"
    return Bundle(doctor("--bundle", file, "--attach", log, *logs), file)


def test_this_machine_can_run_it(bundle: Bundle) -> None:
    done = bundle.done
    assert done.returncode == 0, done.stdout
    assert done.stderr == ""
    assert [line for line in done.stdout.splitlines() if line in SECTIONS] == SECTIONS
    with zipfile.ZipFile(bundle.file) as files:
        told = json.loads(files.read("doctor.json"))
    assert told["able"]
    assert {"numpy", "openvino", "PySide6-Essentials"} <= set(told["versions"])
    assert [one["section"] for one in told["findings"]] == sorted(
        [one["section"] for one in told["findings"]], key=SECTIONS.index
    )


def test_a_bundle_is_written_beside_the_page(bundle: Bundle) -> None:
    with zipfile.ZipFile(bundle.file) as files:
        assert sorted(files.namelist()) == [
            *("doctor.json", "doctor.txt", "logs/run-00003.log", "run.log"),
        ]
        page, shown = files.read("doctor.txt").decode(), bundle.done.stdout
    assert page.splitlines()[0] == shown.splitlines()[0]
    assert len(page.split("\n\n")) == len(shown.split("\n\n"))  # sections


def test_a_poorer_machine_gets_warnings_and_no_name_is_told(tmp_path: Path) -> None:
    """A home that cannot be written, and no screen."""
    (tmp_path / "home").write_text("a file: not even root can write into it")
    home = str(tmp_path / "home" / "somebody")
    bare = dict.fromkeys(("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY", "XDG_CACHE_HOME"), "")
    done = doctor("--json", HOME=home, **bare)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    cache, screen = found(done, "cache"), found(done, "screen")
    assert cache["level"] == "warning"
    assert cache["value"].startswith("~/.cache/corefusion cannot be written")
    assert home not in done.stdout
    assert screen["level"] == "info"
    assert "--headless" in screen["remedy"]


def test_a_broken_engine_is_an_error_and_a_qt_that_aborts_a_finding(tmp_path: Path) -> None:
    broken = tmp_path / "openvino"
    broken.mkdir()
    (broken / "__init__.py").write_text("raise ImportError('libopenvino.so: wrong ELF class')")
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    done = doctor("--json", PYTHONPATH=path, QT_QPA_PLATFORM="nonsense")
    assert done.returncode == 1
    assert done.stderr == ""
    engine, qt = found(done, "engine"), found(done, "qt")
    assert engine["level"] == "error"
    assert "wrong ELF class" in engine["value"]
    assert qt["level"] == "warning"
    assert "SIGABRT" in qt["value"]


def test_a_file_to_attach_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    done = doctor("--bundle", tmp_path / "b.zip", "--attach", tmp_path / "nowhere.log")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "nowhere.log: No such file" in done.stderr
    assert doctor("--attach", "nowhere.log").returncode == 2
