"""The viewer's process.

Subscribes: sr, visible, thermal, influence, session. Publishes: heartbeat, command. Ends when told
to stop, or when the user closes the window; with `assignment.grab` the window is saved as a PNG on
the way out.
"""

import logging
import os
import sys
import threading
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from gui.commands import Commands, save_window
from gui.main_window import MainWindow
from gui.presenter import Presenter
from gui.receiver import Receiver
from gui.remembered import Remembered
from gui.theme import apply_theme
from gui.viewer_state import ViewerState
from streamer.errors import CorefusionError
from streamer.messages import ProcessState
from streamer.process import Assignment

log = logging.getLogger(__name__)

_PLOTS_AFTER_MS = 50  # the window first


class ViewerError(CorefusionError):
    """The window cannot be shown; says why and what to do instead."""


def main(assignment: Assignment, stop: threading.Event) -> None:
    """Shows the window until told to stop, or until it is closed.

    Args:
        assignment: what the supervisor hands to every process.
        stop: set, by a signal handler too, to end.

    Raises:
        ViewerError: there is no screen, or the grabbed picture could not be written.
        TransportError: an endpoint cannot be used.
    """
    _check_screen()
    receiver = Receiver(assignment)
    try:
        receiver.report(ProcessState.WAITING, "opening the window")
        existing = QApplication.instance()
        application = (
            existing if isinstance(existing, QApplication) else QApplication([sys.argv[0]])
        )
        apply_theme(application)
        _run(application, assignment, receiver, stop)
        words = "told to stop" if stop.is_set() else "the window was closed"
        receiver.report_end(words)
    finally:
        receiver.close()


def _run(
    application: QApplication, assignment: Assignment, receiver: Receiver, stop: threading.Event
) -> None:
    config = assignment.config
    state = ViewerState.from_config(config.viewer)
    window = MainWindow(config.viewer.plot_s)
    # a grabbed picture shall not depend on what somebody chose last week
    remembered = None if assignment.grab else Remembered()
    if remembered is not None:
        remembered.restore(state, window)
    presenter = Presenter(config, receiver, window, state)
    Commands(window, presenter, state)
    timer = QTimer(window)
    timer.setTimerType(Qt.TimerType.PreciseTimer)

    def on_timeout() -> None:
        if stop.is_set():
            application.quit()
        else:
            presenter.tick()

    timer.timeout.connect(on_timeout)
    window.closed.connect(application.quit)
    presenter.refresh()
    window.show()
    timer.start(max(1, round(1000 / config.viewer.refresh_hz)))
    if state.plot_shown:
        QTimer.singleShot(_PLOTS_AFTER_MS, window.timeline.build)
    application.exec()
    timer.stop()
    if remembered is not None:
        remembered.save(state, window)
    grabbed = assignment.grab is None or save_window(window, Path(assignment.grab))
    window.closed.disconnect(application.quit)
    window.close()
    window.deleteLater()
    if not grabbed:
        raise ViewerError(f"--grab {assignment.grab}: the picture could not be written there")


def _check_screen() -> None:
    """Without a screen Qt aborts the process; that would look like a crash to be retried."""
    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM"):
        return
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise ViewerError(
            "no screen for the window (neither DISPLAY nor WAYLAND_DISPLAY is set): "
            "use --headless, or QT_QPA_PLATFORM=offscreen"
        )
