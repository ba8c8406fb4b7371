"""What each part of the program reads, and what it leaves alone: a start costs what is imported."""

import subprocess
import sys

import pytest

CONTAINER = {"mcap", "google.protobuf", "foxglove_schemas_protobuf", "zstandard", "lz4"}
LINES = {"typer", "rich", "yaml", "platformdirs"}
NETWORKS = {"torch", "openvino", "models"}
WINDOW = {"PySide6", "pyqtgraph", "gui"}
OTHERS = {"tifffile", "psutil", "scipy", "matplotlib"}


def loaded_by(code: str, *unwanted: set[str]) -> set[str]:
    """Which of these modules, or modules in them, a process has after it has run the code."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules, file=sys.stderr)"],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        check=True,
    )
    modules = done.stderr.split()
    return {
        name
        for name in set().union(*unwanted)
        if any(f"{module}.".startswith(f"{name}.") for module in modules)
    }


def command(*words: str) -> str:
    return (
        "import sys\nfrom streamer.__main__ import main\n"
        f"sys.argv = ['corefusion', *{words!r}]\n"
        "try:\n    main()\nexcept SystemExit as ended:\n    assert not ended.code, ended.code"
    )


def role(name: str, *more: str) -> str:
    lines = ["import streamer.runtime.child_process", "from streamer.runtime.table import resolve"]
    return "\n".join([*lines, f"resolve({name!r})", *more])


@pytest.mark.parametrize("word", ["--version", "--help"])
def test_the_command_line_itself_reads_no_command(word: str) -> None:
    heavy = {"numpy", "cv2", "zmq", "msgspec", "yaml", "streamer.supervision"}
    assert not loaded_by(command(word), heavy, CONTAINER, NETWORKS, WINDOW, OTHERS)


def test_the_words_of_a_command_need_that_command_alone() -> None:
    others = {"streamer.replay", "streamer.convert", "streamer.doctor", "streamer.calibrate"}
    code = command("live", "--help")
    assert not loaded_by(code, others, {"cv2", "tifffile"}, CONTAINER, NETWORKS, WINDOW)


def test_a_run_that_records_nothing_reads_no_container() -> None:
    code = "import streamer.supervision.session"
    assert not loaded_by(code, {"cv2", "tifffile", "typer"}, CONTAINER, NETWORKS, WINDOW)


def test_a_camera_reads_what_cameras_need() -> None:
    driver = "from capture.drivers.simulated import SimulatedThermal"
    code = role("capture.thermal", driver)
    assert not loaded_by(code, LINES, CONTAINER, NETWORKS, WINDOW, OTHERS)


def test_a_worker_reads_no_torch_and_no_container() -> None:
    library = "import models.engines.library, models.inference.predictor"
    code = role("inference", library)
    assert not loaded_by(code, {"typer", "rich", "yaml", "torch"}, CONTAINER, WINDOW, OTHERS)


def test_a_recorder_reads_no_network() -> None:
    assert not loaded_by(role("recorder"), {"typer", "yaml"}, NETWORKS, WINDOW, OTHERS)


def test_a_window_reads_no_opencv_no_yaml_and_no_container() -> None:
    code = role("viewer")
    assert not loaded_by(code, {"typer", "rich", "cv2", "yaml"}, CONTAINER, NETWORKS)
