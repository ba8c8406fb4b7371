import signal
import subprocess
import sys
import threading
import time

import msgspec
import pytest
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from gui.app import ViewerError, main
from gui.widgets.main_window import MainWindow
from streamer.config.schema import Config, ViewerConfig
from streamer.messages import ProcessState
from streamer.runtime.roles import ViewerRole
from tests.gui import feeder as make
from tests.gui.conftest import wait_until


@pytest.fixture
def process(spec, tmp_path, monkeypatch):
    """The viewer as the supervisor runs it, with a picture to grab."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    running = []

    def start(**changes):
        told = msgspec.structs.replace(
            spec, role=ViewerRole(screenshot=str(tmp_path / "grab.png")), **changes
        )
        process = subprocess.Popen(
            [sys.executable, "-m", "streamer.runtime", "viewer"], stdin=subprocess.PIPE
        )
        process.stdin.write(msgspec.json.encode(told) + b"\n")
        process.stdin.flush()
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.wait()
        process.stdin.close()


def test_grab_is_written_when_told_to_stop(process, feeder, tmp_path):
    viewer = process()
    wait_until(feeder.heard, 20)
    for sequence in range(5):
        feeder.send(make.session(), make.result(sequence), make.thermal(), make.visible())
        wait_until(lambda: feeder.listen() and len(feeder.painted_ages_ms) > sequence)  # noqa: B023
    told = time.monotonic()
    viewer.send_signal(signal.SIGTERM)
    assert viewer.wait(5) == 0
    assert time.monotonic() - told < 1.5
    image = QImage(str(tmp_path / "grab.png"))
    assert (image.width(), image.height()) == (1280, 800)
    colours = {image.pixel(x, y) for x in range(60, 800, 20) for y in range(60, 600, 20)}
    assert len(colours) > 50  # a scene, not an empty window
    wait_until(lambda: feeder.listen()[-1].state is ProcessState.ENDED)
    assert feeder.statuses[-1].detail == "told to stop"
    assert not list(tmp_path.rglob("*.ini"))  # a grabbed run neither reads nor leaves choices


def test_a_grab_that_cannot_be_written_is_an_error(process, feeder, spec):
    viewer = process()
    viewer.kill()
    stop = threading.Event()
    stop.set()
    told = msgspec.structs.replace(spec, role=ViewerRole(screenshot="/proc/no/grab.png"))
    with pytest.raises(ViewerError, match="could not be written"):
        main(told, stop)


def close_when_up(state):
    """Closes the window as a user does, once it is up; presses a key before."""

    def close():
        for window in QApplication.topLevelWidgets():
            if isinstance(window, MainWindow) and window.isVisible():
                state.append(window.windowTitle())
                window.qactions["next_palette"].trigger()
                window.qactions["plot"].trigger()
                window.close()

    QTimer.singleShot(600, close)


def test_closing_the_window_ends_the_process_and_is_reported(spec, feeder, qapp):
    seen = []
    close_when_up(seen)
    listening = QTimer()  # a subscriber takes new publishers in only while its thread uses it
    listening.timeout.connect(feeder.listen)
    listening.start(20)
    main(spec, threading.Event())
    listening.stop()
    assert seen == ["CoReFusion Live"]
    wait_until(lambda: feeder.listen() and feeder.statuses[-1].state is ProcessState.ENDED)
    assert feeder.statuses[-1].detail == "the window was closed"


def test_choices_are_remembered(spec, feeder, qapp):
    for _ in range(2):
        close_when_up([])
        main(spec, threading.Event())
    scope = QSettings.Scope.UserScope
    settings = QSettings(QSettings.Format.IniFormat, scope, "corefusion-live", "viewer")
    choices = msgspec.json.decode(settings.value("viewer/choices"))
    assert choices["palette"] == "white_hot"  # two steps on from iron
    assert choices["plot_shown"] is True  # switched off, and on again


@pytest.mark.parametrize("broken", ["", "{", '{"palette": 3}', '{"slots": []}'])
def test_broken_choices_are_forgotten(spec, feeder, qapp, broken):
    scope = QSettings.Scope.UserScope
    settings = QSettings(QSettings.Format.IniFormat, scope, "corefusion-live", "viewer")
    settings.setValue("viewer/choices", broken)
    settings.sync()
    stop = threading.Event()
    stop.set()
    main(spec, stop)


def test_without_a_screen_it_says_so(spec, monkeypatch):
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ViewerError, match="--headless"):
        main(spec, threading.Event())


def test_an_unknown_palette_is_named_with_those_that_exist(spec):
    config = msgspec.structs.replace(Config(), viewer=ViewerConfig(palette="mauve"))
    with pytest.raises(ViewerError, match=r"viewer.palette: one of iron, .* 'mauve' came"):
        main(msgspec.structs.replace(spec, config=config), threading.Event())


def test_the_window_does_not_load_what_it_does_not_need():
    code = (
        "import sys, gui.app, gui.widgets.plots; "
        "print([m for m in ('cv2', 'torch', 'openvino', 'models', 'pyqtgraph', 'cmap', 'capture') "
        "if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
