import subprocess
import sys
import threading

import msgspec
import pytest
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication

from gui.app import ViewerError, main
from gui.widgets.main_window import MainWindow
from streamer.commands.desktop import NAME
from streamer.config.schema import Config, ViewerConfig
from streamer.messages import ProcessState
from streamer.runtime.roles import ViewerRole


def test_a_grab_that_cannot_be_written_is_an_error(spec, feeder, qapp):
    stop = threading.Event()
    stop.set()
    told = msgspec.structs.replace(spec, role=ViewerRole(screenshot="/proc/no/grab.png"))
    with pytest.raises(ViewerError, match="could not be written"):
        main(told, stop)


@pytest.fixture
def close_when_up(feeder, qapp):
    """Closes the window as a user does, once it is up; presses keys before. Tells the titles."""
    titles = []

    def look():
        feeder.listen()  # a subscriber takes new publishers in only while its thread uses it
        if feeder.last is None or feeder.last.state is ProcessState.ENDED:
            return  # it does not look for pictures yet
        for window in QApplication.topLevelWidgets():
            if isinstance(window, MainWindow) and window.isVisible():
                titles.append(window.windowTitle())
                window.qactions["next_palette"].trigger()
                window.qactions["plot"].trigger()
                window.close()

    looks = QTimer()
    looks.timeout.connect(look)
    looks.start(20)
    yield titles
    looks.stop()


def test_closing_the_window_ends_the_process_and_is_reported(spec, feeder, close_when_up):
    main(spec, threading.Event())
    assert close_when_up == ["CoReFusion Live"]
    application = QApplication.instance()
    assert application.applicationName() == application.desktopFileName() == NAME
    assert not application.windowIcon().isNull()
    feeder.wait(lambda: feeder.last.state is ProcessState.ENDED)
    assert feeder.last.detail == "the window was closed"


def test_choices_are_remembered(spec, feeder, close_when_up):
    for _ in range(2):
        main(spec, threading.Event())
        feeder.wait(lambda: feeder.last.state is ProcessState.ENDED)
    assert len(close_when_up) == 2
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
    with pytest.raises(ViewerError, match=r"viewer.palette mauve: a file or one of iron, "):
        main(msgspec.structs.replace(spec, config=config), threading.Event())


def test_the_window_does_not_load_what_it_does_not_need():
    code = (
        "import sys, gui.app, gui.widgets.plots; "
        "print([m for m in ('cv2', 'torch', 'openvino', 'models', 'pyqtgraph', 'cmap', 'capture') "
        "if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
