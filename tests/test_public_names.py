"""The public surface: names that stay, types that reach their users, imports that are cheap."""

import importlib
import subprocess
import sys

import pytest

from tests.support.paths import ROOT

PUBLIC = ("models", "capture", "streamer.messages", "streamer.recording", "streamer.transport")


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_is_there(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__all__
    for one in module.__all__:
        assert hasattr(module, one), f"{name}.{one}"


@pytest.mark.parametrize("package", ["streamer", "capture", "gui", "models"])
def test_every_package_says_that_it_is_typed(package: str) -> None:
    assert (ROOT / package / "py.typed").is_file()


def test_the_name_of_a_package_alone_imports_nothing_large() -> None:
    script = (
        "import sys, models, capture, streamer, gui\n"
        "large = {'torch', 'openvino', 'cv2', 'PySide6', 'zmq'} & set(sys.modules)\n"
        "assert not large, large\n"
        "from models import Predictor, build_predictor\n"
        "assert 'torch' not in sys.modules and 'openvino' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_name_that_is_not_public_is_no_attribute() -> None:
    models = importlib.import_module("models")
    with pytest.raises(AttributeError, match="no attribute 'Predicter'"):
        _ = models.Predicter
    assert set(models.__all__) <= set(dir(models))
