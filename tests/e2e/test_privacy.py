"""What is passed on names files, and neither where they lie nor whose machine it was."""

import shutil
import socket
from pathlib import Path

import msgspec
import pytest

from streamer.recording import RecordingReader
from streamer.recording.container.reader import McapFile
from tests.e2e.command import corefusion, report_of
from tests.e2e.conftest import InPlace, Refused
from tests.support.paths import WEIGHTS
from tests.support.recordings import INFO, recorded
from tests.support.scenes import write_folder

pytestmark = pytest.mark.e2e

USER = "annabelle-test"
PLACE = "secret-place of annabelle"
CANVAS = ("--set", "inference.canvas_width=160", "--set", "inference.canvas_height=120")


def contents(recording: Path) -> bytes:
    """All that a recording holds, uncompressed as well."""
    mcap, parts = McapFile(recording), [recording.read_bytes()]
    with recording.open("rb") as file:
        for entry in mcap.chunks:
            parts += [message.data for message in mcap.read_chunk(file, entry)]
    assert len(parts) > 10
    return b"\n".join(parts)


def check(name: str, content: bytes, tmp_path: Path) -> None:
    host = socket.gethostname()
    private = [PLACE, USER, str(tmp_path), tmp_path.name, *([host] if len(host) > 4 else [])]
    for words in private:
        at = content.find(words.encode())
        assert at < 0, f"{name}: {content[max(0, at - 80) : at + 80]!r}"


def test_recordings_and_reports_name_files_alone(tmp_path: Path) -> None:
    home = tmp_path / PLACE
    data, weights = write_folder(home / "set", count=8), home / "own.safetensors"
    shutil.copy(WEIGHTS, weights)
    variables = {"HOME": home, "USER": USER, "LOGNAME": USER, "LNAME": USER, "USERNAME": USER}
    variables |= {f"XDG_{name}_HOME": home / name for name in ("CACHE", "STATE", "CONFIG")}
    environment = {name: str(value) for name, value in variables.items()}
    recording, report = tmp_path / "a.mcap", tmp_path / "r.json"
    done = corefusion(
        *("record", "--visible", data / "visible", "--thermal", data / "thermal"),
        *("--model", weights, "--output", recording, "--report", report),
        *("--set", "capture.visible.rate_hz=8", "--set", "capture.thermal.rate_hz=8", *CANVAS),
        **environment,
    )
    assert done.returncode == 0, done.stderr
    content = contents(recording)
    check("recording", content, tmp_path)
    assert b"own.safetensors" in content  # in the configuration, by its name
    check("report", report.read_bytes(), tmp_path)
    info = RecordingReader(recording).info
    assert info.host == ""
    assert info.config["capture"]["visible"]["source"] == "visible"
    assert info.cameras["thermal"].name == "thermal"

    again = tmp_path / "again.json"  # its weights are found by their digest
    done = corefusion("replay", recording, "--headless", "--report", again, *CANVAS, **environment)
    assert done.returncode == 0, done.stderr
    assert report_of(again)["model"] == "own"
    check("report of a replay", again.read_bytes(), tmp_path)


def test_weights_that_are_not_found_are_named(tmp_path: Path, refused: Refused) -> None:
    info = msgspec.structs.replace(INFO, model="own", model_sha256="ab" * 32)
    recording = recorded(tmp_path / "a.mcap", 3, info)
    done = refused("replay", recording, "--headless")
    assert done.returncode == 1
    assert "the weights it was made with, own of digest abababababab, are not found" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_an_import_names_files_alone(in_place: InPlace, tmp_path: Path) -> None:
    data = write_folder(tmp_path / PLACE, count=4)
    done = in_place("import", data, "--output", tmp_path / "a.mcap")
    assert done.returncode == 0, done.stderr
    check("import", contents(tmp_path / "a.mcap"), tmp_path)


@pytest.mark.parametrize("command", ["bench", "evaluate"])
def test_reports_of_models_name_files_alone(
    in_place: InPlace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str
) -> None:
    monkeypatch.setenv("USER", USER)
    home, report = tmp_path / PLACE, tmp_path / "r.json"
    data = write_folder(home / "set", count=2)
    shutil.copy(WEIGHTS, home / "own.safetensors")
    options = ("--frames", "1") if command == "bench" else ("--data", str(data))
    done = in_place(command, *options, "--model", home / "own.safetensors", "--report", report)
    assert done.returncode == 0, done.stderr
    check(command, report.read_bytes(), tmp_path)
    assert "own" in msgspec.json.encode(report_of(report)).decode()
