"""A task bar finds the window's name and icon: by its class on X, as the desktop entry has it."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from streamer.commands.desktop import desktop_files
from tests.support.fake_session import DEADLINE_S
from tools.virtual_display import DisplayError, virtual_display

RATES = ["--set", "capture.visible.rate_hz=10", "--set", "capture.thermal.rate_hz=9"]


@pytest.fixture
def display():
    """A virtual X server's name."""
    if shutil.which("xprop") is None:
        pytest.skip("needs xprop")
    with ExitStack() as opened:
        try:
            name = opened.enter_context(virtual_display())
        except DisplayError as error:
            pytest.skip(str(error))
        yield name


@pytest.fixture
def live(display, tmp_path):
    """A run with a window on that server, in nobody's folders."""
    environment = os.environ | {
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_STATE_HOME": str(tmp_path / "state"),
    }
    log = tmp_path / "stderr.txt"
    with log.open("w") as stderr:
        run = subprocess.Popen(
            [sys.executable, "-m", "streamer", "live", "--model", "bilinear", *RATES],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
        )
        yield run, log, display
        run.send_signal(signal.SIGINT)
        run.wait()


def class_of(live):
    """Instance and class of the window, once it is up."""
    run, log, display = live
    deadline = time.monotonic() + DEADLINE_S
    while time.monotonic() < deadline:
        asked = ["xprop", "-display", display, "-name", "CoReFusion Live", "WM_CLASS"]
        told = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
        if told.startswith("WM_CLASS(STRING) = "):
            return re.findall(r'"([^"]*)"', told)
        said = log.read_text()
        if "platform plugin" in said:
            pytest.skip(f"Qt opens no window on X here: {said.strip()[:200]}")
        assert run.poll() is None, said
        time.sleep(0.2)
    raise AssertionError("no window within the time")


def test_the_class_of_the_window_is_that_of_the_desktop_entry(live):
    (entry, text), *_ = desktop_files(Path("/data"), "corefusion").items()
    wanted = re.search(r"^StartupWMClass=(.*)$", text, re.MULTILINE)[1]
    assert entry.stem == wanted  # by which Wayland finds it
    assert class_of(live) == [wanted, wanted]
