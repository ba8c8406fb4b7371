"""The viewer's process.

Subscribes: sr, visible, thermal, influence, session; in a replay clock and thumbnail, and compare
where two models are shown.
Publishes: heartbeat, command; in a replay playback_command.
Ends: when told to stop, or when the user closes the window; with a screenshot to save the window is
saved as a PNG on the way out. Of several rigs it is the window of all: `gui.controllers.rigs`.
"""

import os
import sys
import threading
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtWidgets import QApplication

from gui.controllers.actions.run_actions import RunActions
from gui.controllers.actions.viewer_actions import ViewerActions
from gui.controllers.language_choice import SYSTEM, LanguageChoice
from gui.controllers.model_results import shown_models
from gui.controllers.preferences import PreferencesFile
from gui.controllers.presenter import Presenter
from gui.controllers.receiver import Receiver
from gui.controllers.recent_files import RecentFiles
from gui.controllers.rigs.viewing import view_rigs
from gui.controllers.saved_tools import SavedTools, begin_with, keep
from gui.controllers.snapshots.files import save_window
from gui.language import languages
from gui.state.viewer_state import ViewerState
from gui.widgets.app_icon import app_icon
from gui.widgets.main_window import MainWindow
from gui.widgets.theme import apply_theme, scale_for
from streamer.errors import CorefusionError
from streamer.messages import ProcessState
from streamer.runtime.process import ProcessSpec
from streamer.runtime.roles import ViewerRole
from streamer.thermal.palette_file import PaletteError, known_palette
from streamer.thermal.palettes import diverging, table

_NAME = "corefusion-live"


class ViewerError(CorefusionError):
    """The window cannot be shown; says why and what to do instead."""


def main(spec: ProcessSpec, stop: threading.Event) -> None:
    """Shows the window until told to stop, or until it is closed.

    Args:
        spec: what the supervisor hands to every process.
        stop: set, by a signal handler too, to end.

    Raises:
        ViewerError: no screen, an unknown palette, or a picture that could not be written.
        TransportError: an endpoint cannot be used.
    """
    _check_screen()
    for one in (spec, *spec.others):
        _check_palette(one.config.viewer.palette)
    _check_language(spec.config.viewer.language)
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication([_NAME])
    application.setApplicationName(_NAME)  # the window's class: task bars group and name it by that
    application.setDesktopFileName(_NAME)
    application.setQuitOnLastWindowClosed(False)  # `_run` does that: a screenshot comes first
    size = window_size(spec.config.viewer.size)
    available, theme = _room(application), spec.config.viewer.theme
    if size is not None or available is not None:
        room = size or (available.size() if available is not None else QSize())
        apply_theme(application, scale_for(room.width(), room.height()), theme)
    else:
        apply_theme(application, theme=theme)
    application.setWindowIcon(app_icon())
    role = spec.role_as(ViewerRole)
    choice = LanguageChoice(spec.config.viewer.language, kept=role.screenshot is None)
    choice.take(application)
    if spec.others:
        if not view_rigs(application, spec, stop, choice, (_room(application), size)):
            raise ViewerError(f"--screenshot {role.screenshot}: it could not be written there")
        return
    state = ViewerState.from_config(spec.config.viewer)
    replay = role.replay
    window = MainWindow(
        spec.config.viewer.plot_s,
        replay=replay is not None,
        models=len(shown_models(spec.config, replay)),
    )
    # a screenshot does not depend on what somebody chose last week
    preferences = None if role.screenshot else PreferencesFile()
    if preferences is not None:
        preferences.restore(state, window)
        if replay is not None:
            RecentFiles().add(Path(replay.path))
    window.fit(_room(application, window.geometry().center()), size)
    kept = preferences is not None and replay is None
    saved = SavedTools(spec.config.capture) if kept else None
    begin_with(state, spec.config, saved)
    _open(application, window, state)
    receiver = Receiver(spec)
    try:
        presenter = Presenter(spec.config, receiver, window, state)
        choice.fill(window.languages, presenter.show_message)
        _run(application, window, presenter, receiver, state, stop)
        if preferences is not None:
            preferences.save(state, window)
        if saved is not None:
            keep(state, spec.config, saved)
        if role.screenshot is not None:
            presenter.refresh()  # text and marks of this very picture
            if not save_window(window, Path(role.screenshot)):
                raise ViewerError(f"--screenshot {role.screenshot}: it could not be written there")
        why = "told to stop" if stop.is_set() else "the window was closed"
        tools = state.measuring.tools
        receiver.publish_status(ProcessState.ENDED, why, measuring=tools, force=True)
    finally:
        receiver.close()
        window.close()
        window.deleteLater()


def _room(application: QApplication, place: QPoint | None = None) -> QRect | None:
    """What a screen has room for, that of a place or the first; None where nobody sees it."""
    if application.platformName() in ("offscreen", "minimal"):
        return None
    screen = None if place is None else application.screenAt(place)
    return (screen or application.primaryScreen()).availableGeometry()


def _open(application: QApplication, window: MainWindow, state: ViewerState) -> None:
    """Puts the window up, then does what takes long; the sockets come after that.

    Sources wait for their readers: whoever subscribes first and imports the plotting library then
    misses the first pictures of every file.
    """
    window.show_state(state)
    window.show()
    application.processEvents()
    table(state.palette), diverging()  # these import the palette library
    if state.plot_shown:
        window.charts.build()
        application.processEvents()


def _run(
    application: QApplication,
    window: MainWindow,
    presenter: Presenter,
    receiver: Receiver,
    state: ViewerState,
    stop: threading.Event,
) -> None:
    """Ticks until there is a reason to end."""
    actions = ViewerActions(window, presenter, state)
    RunActions(window, presenter, receiver)
    timer = QTimer(window)
    timer.setTimerType(Qt.TimerType.PreciseTimer)

    def on_timeout() -> None:
        if stop.is_set() or not window.isVisible():
            timer.stop()
            application.quit()
        else:
            presenter.tick()

    timer.timeout.connect(on_timeout)
    presenter.refresh()
    timer.start(presenter.interval_ms)
    application.exec()
    timer.stop()
    actions.close()


def _check_screen() -> None:
    """Without a screen Qt aborts the process; that would look like a crash to be retried."""
    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM"):
        return
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise ViewerError(
            "no screen for the window (neither DISPLAY nor WAYLAND_DISPLAY is set): "
            "use --headless, or QT_QPA_PLATFORM=offscreen"
        )


def window_size(text: str) -> QSize | None:
    """The size that `viewer.size` asks for; None for what the screen has room for."""
    if text == "auto":
        return None
    width, height = map(int, text.split("x"))
    return QSize(width, height)


def _check_palette(name: str) -> None:
    try:
        known_palette(name)
    except PaletteError as error:
        raise ViewerError(f"viewer.{error}") from error


def _check_language(name: str) -> None:
    known = (SYSTEM, *languages())
    if name not in known:
        raise ViewerError(f"viewer.language: one of {', '.join(known)} wanted; {name!r} came")
