"""What is found, and what is said of it, where a machine is not as it should be."""

import os
from pathlib import Path

import psutil
import pytest

from capture.discovery import FoundCamera, find_cameras
from streamer.doctor import folders, machine, program
from streamer.doctor.cameras import device_findings
from streamer.doctor.network import engine_finding, gpu_finding, weights_findings
from streamer.doctor.page import Level
from streamer.doctor.window import has_screen, remedy_of, screen_finding
from streamer.runtime.answers import NetworkAnswer, ScreenFacts, WindowAnswer
from streamer.runtime.socket_directory import SocketDirectoryError
from tests.support.fake_v4l2 import LEPTON, FakeKernel


def cameras_of(kernel: FakeKernel) -> list[FoundCamera]:
    return find_cameras(kernel.sysfs, kernel.dev, kernel.proc, kernel.ioctl, kernel.usb)


def answer(**changes: object) -> NetworkAnswer:
    facts: dict[str, object] = {
        "library": "2026.1.0-123-abc",
        "precisions": ["bf16", "f32"],
        "cores": 4,
        "threads": 3,
        "cuda_devices": 0,
        "torch": None,
        "cuda_usable": None,
        "default_model": "fast:sensor",
        "weights": {"fast:sensor": "", "quality": ""},
        "trial": "",
    }
    return NetworkAnswer(**{**facts, **changes})  # type: ignore[arg-type]


def test_a_camera_that_may_be_opened(tmp_path: Path) -> None:
    kernel = FakeKernel(tmp_path)
    kernel.plug(2, "PureThermal", "1e4e:0100", modes=LEPTON)
    kernel.plug(3, "PureThermal", "1e4e:0100", index=1)
    (found,) = device_findings(cameras_of(kernel))
    assert (found.name, found.level) == ("video2", Level.OK)
    assert found.value == "PureThermal (1e4e:0100), may be opened"


def test_a_camera_that_may_not_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kernel = FakeKernel(tmp_path)
    kernel.plug(2, "PureThermal", "1e4e:0100", modes=LEPTON).chmod(0o600)
    monkeypatch.setattr(os, "access", lambda *_: False)  # the tests' user may be root
    (found,) = device_findings(cameras_of(kernel))
    assert found.level is Level.WARNING
    assert "sudo usermod -aG video $USER, then log out and in again" in found.remedy


def test_a_camera_that_somebody_uses(tmp_path: Path) -> None:
    kernel = FakeKernel(tmp_path)
    kernel.plug(2, "PureThermal", "1e4e:0100", modes=LEPTON)
    kernel.hold(2, "firefox", 4711)
    (found,) = device_findings(cameras_of(kernel))
    assert found.value == "PureThermal (1e4e:0100), in use"
    assert found.remedy == "firefox (4711) holds it: close that first"


def test_a_camera_that_a_container_was_not_given(tmp_path: Path) -> None:
    kernel = FakeKernel(tmp_path)
    kernel.plug(2, "PureThermal", "1e4e:0100", modes=LEPTON).unlink()
    (found,) = device_findings(cameras_of(kernel))
    assert found.level is Level.WARNING
    assert "docker run --device /dev/video2" in found.remedy


def test_no_camera_is_nothing_wrong() -> None:
    (found,) = device_findings([])
    assert found.level is Level.INFO


def test_a_gpu_is_told_as_what_it_will_be_used_for() -> None:
    def of(**changes: object) -> tuple[Level, str]:
        found = gpu_finding(answer(**changes), "550.54.14", ["NVIDIA L4"])
        return found.level, found.remedy

    assert of(cuda_devices=1, torch="2.9", cuda_usable=True) == (Level.OK, "")
    assert of(cuda_devices=1) == (Level.WARNING, "pip install 'corefusion-live[torch]'")
    assert of(cuda_devices=1, torch="2.9+cpu", cuda_usable=False)[0] is Level.WARNING
    assert of()[0] is Level.WARNING  # a driver without a device
    assert gpu_finding(answer(), "", []).level is Level.INFO


def test_an_engine_that_gives_no_picture_is_an_error() -> None:
    assert "fast:sensor runs; bf16, f32 possible, 3 of 4" in engine_finding(answer()).value
    broken = engine_finding(answer(trial="Illegal layout"))
    assert broken.level is Level.ERROR
    assert "Illegal layout" in broken.value


def test_weights_that_are_missing_or_damaged_are_named() -> None:
    assert [found.level for found in weights_findings(answer())] == [Level.OK]
    cut = weights_findings(answer(weights={"fast:sensor": "", "quality": "q: truncated"}))
    assert [found.level for found in cut] == [Level.OK, Level.WARNING]
    assert "quality: q: truncated" in cut[1].value
    worst = weights_findings(answer(weights={"fast:sensor": "f: truncated"}))
    assert [found.level for found in worst] == [Level.ERROR]
    assert weights_findings(answer(weights={}))[0].level is Level.ERROR


def test_a_screen_is_told_and_a_missing_one_too() -> None:
    screen = ScreenFacts(width=1920, height=1080, scale=1.5, refresh_hz=59.9)
    found = screen_finding(WindowAnswer("6.9.0", "xcb", [screen]))
    assert found.value == "1920x1080 at 59.9 Hz, scaled by 1.5"
    assert screen_finding(WindowAnswer("6.9.0", "xcb", [])).level is Level.WARNING
    assert not has_screen({}, "linux")
    assert has_screen({"DISPLAY": ":0"}, "linux")
    assert has_screen({}, "darwin")


def test_a_display_that_does_not_answer_is_no_missing_library() -> None:
    assert "apt-get" not in remedy_of("qt.qpa.xcb: could not connect to display :7")
    assert "libxcb-cursor0" in remedy_of("xcb-cursor0 or libxcb-cursor0 is needed")


def test_a_cache_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "graph").write_bytes(b"0" * 2_000_000)
    assert folders.cache_finding(tmp_path / "cache").value.endswith("cache, 2 MB")
    assert folders.cache_finding(tmp_path / "not" / "yet").level is Level.OK
    (tmp_path / "file").touch()
    found = folders.cache_finding(tmp_path / "file" / "cache")
    assert found.level is Level.WARNING
    assert "XDG_CACHE_HOME" in found.remedy


def test_logs_that_cannot_be_written(tmp_path: Path) -> None:
    assert folders.logs_finding(str(tmp_path / "not" / "yet")).level is Level.OK
    (tmp_path / "file").touch()
    found = folders.logs_finding(str(tmp_path / "file" / "log"))
    assert found.level is Level.WARNING
    assert "log.folder" in found.remedy


def test_the_folder_of_the_sockets_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "parent_directory", lambda: tmp_path)
    assert folders.runtime_finding().level is Level.OK


def test_a_machine_without_a_temporary_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> Path:
        raise SocketDirectoryError("no folder for the sockets of a run")

    monkeypatch.setattr(folders, "parent_directory", nowhere)
    found = folders.runtime_finding()
    assert found.level is Level.ERROR
    assert "no folder for the sockets" in found.value


@pytest.mark.parametrize(
    ("free", "level", "words"),
    [
        (50_000_000_000, Level.OK, "50.0 GB free"),
        (1_500_000_000, Level.WARNING, "little for a recording"),
        (100_000_000, Level.WARNING, "needs 500 MB to begin"),
    ],
)
def test_a_disk_with_little_room(
    monkeypatch: pytest.MonkeyPatch, free: int, level: Level, words: str
) -> None:
    usage = psutil.disk_usage("/")._replace(free=free)
    monkeypatch.setattr(folders.psutil, "disk_usage", lambda _: usage)
    found = folders.disk_finding(Path("/"))
    assert found.level is level
    assert words in found.value


def test_features_are_those_that_count() -> None:
    text = "model name\t: X\nflags\t\t: fpu avx2 avx512_vnni amx_int8\n"
    assert machine.cpu_features(text) == ["AVX2", "AVX-512 VNNI", "AMX int8"]
    assert machine.cpu_features("Features\t: fp asimd i8mm\n") == ["NEON", "int8 matrices"]
    assert machine.cpu_features("") == []


def test_the_nvidia_driver_is_read_from_the_kernel(tmp_path: Path) -> None:
    assert machine.nvidia_driver(tmp_path) == ""
    assert machine.nvidia_devices(tmp_path) == []
    folder = tmp_path / "driver" / "nvidia" / "gpus" / "0000:01:00.0"
    folder.mkdir(parents=True)
    (folder / "information").write_text("Model: \t\t NVIDIA L4\nIRQ:   11\n")
    (tmp_path / "driver" / "nvidia" / "version").write_text(
        "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  550.54.14  Release Build\n"
    )
    assert machine.nvidia_driver(tmp_path) == "550.54.14"
    assert machine.nvidia_devices(tmp_path) == ["NVIDIA L4"]


def test_packages_that_are_not_ours_are_an_error(tmp_path: Path) -> None:
    assert program.names_findings() == []
    (found,) = program.names_findings(tmp_path)
    assert found.level is Level.ERROR
    assert "streamer and capture and gui and models are not ours" in found.value
    assert "pipx" in found.remedy


def test_versions_are_those_of_what_is_installed() -> None:
    found = program.versions("corefusion-that-is-nowhere")
    assert found == {}
