import re
import sys
from pathlib import Path

import pytest

from capture.camera import CameraError
from capture.drivers.binned import Binned
from capture.registry import open_driver
from streamer.config.loading import load_config

TEXT = """
from capture import Camera
class Good(Camera):
    def __init__(self, stream, config):
        self.given = stream, config.rate_hz
    def open(self): ...
    def read(self): ...
    def close(self): ...
class Other: ...
class Greedy(Good):
    def __init__(self): ...
number = 3
"""


@pytest.fixture(autouse=True)
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "of_mine.py").write_text(TEXT)
    (tmp_path / "broken_one.py").write_text("def :\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield
    for name in ("of_mine", "broken_one"):
        sys.modules.pop(name, None)


def driver(source: str, *more: str):
    config = load_config(None, [f"capture.thermal.source='{source}'", *more])
    return open_driver("thermal", config)


def test_a_class_of_ones_own_is_a_driver():
    camera = driver("python:of_mine:Good", "capture.thermal.rate_hz=9")
    assert camera.given == ("thermal", 9.0)
    assert isinstance(driver("python:of_mine:Good", "capture.thermal.bin=2"), Binned)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("python:of_mine", "python:MODULE:CLASS wanted"),
        ("python:of_mine:Good.read", "python:MODULE:CLASS wanted"),
        ("python::Good", "python:MODULE:CLASS wanted"),
        ("python:nowhere_at_all:Good", "No module named 'nowhere_at_all'; install it"),
        ("python:broken_one:Good", "cannot be imported: invalid syntax"),
        ("python:of_mine:Missing", "Missing of of_mine is missing"),
        ("python:of_mine:Other", "a subclass of capture.Camera wanted, Other"),
        ("python:of_mine:number", "a subclass of capture.Camera wanted, number"),
        ("python:of_mine:Greedy", r"cannot be made from (stream, config)"),
    ],
)
def test_what_is_none_is_one_line(source, words):
    with pytest.raises(CameraError, match=re.escape(words)) as refused:
        driver(source)
    assert "\n" not in str(refused.value)
