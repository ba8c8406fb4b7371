"""Drives the real window, by its keys, on a real run: for pictures of what a hand brings up."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget

from gui.app import main as show
from gui.widgets.main_window import MainWindow
from streamer.config.loading import load_config
from streamer.logs.log_file import LogFile
from streamer.runtime.connection_file import NoRunError, find_run
from streamer.runtime.process import ProcessSpec
from streamer.runtime.roles import ViewerRole
from streamer.transport import Addresses

_TICK_MS = 50
_LONGEST_S = 400.0  # a search in the window makes way for everything else

Window = TypeVar("Window", bound=QWidget)
Step = Callable[[], bool] | None
"""What has to be true before the script goes on; None: at the next tick."""


@contextmanager
def run_without_window(settings: Sequence[str], options: Sequence[str] = ()) -> Iterator[Addresses]:
    """A headless run as long as this lasts.

    Args:
        settings: `key=value` of its configuration.
        options: further ones of `corefusion live`.
    """
    words = [word for each in settings for word in ("--set", each)]
    live = [sys.executable, "-m", "streamer", "live", "--headless", *options]
    run = subprocess.Popen([*live, *words], stdout=subprocess.DEVNULL)
    try:
        yield _addresses(run)
    finally:
        run.send_signal(signal.SIGINT)
        run.wait()


def drive(
    addresses: Addresses,
    settings: Sequence[str],
    steps: Iterator[Step],
    scratch: Path,
    log: Path | None = None,
) -> None:
    """Opens the window on a run, and goes through the steps.

    Args:
        addresses: of the run.
        settings: `key=value` of the window's configuration.
        steps: what is done, until what holds.
        scratch: a folder.
        log: the file of the run's log.

    Raises:
        TimeoutError: a step took too long.
    """
    picture = scratch / "window.png"  # of a screenshot: nobody's preferences then
    spec = ProcessSpec(
        name="viewer",
        config=load_config(None, list(settings)),
        addresses=addresses,
        role=ViewerRole(screenshot=str(picture)),
        log=None if log is None else LogFile(str(log), "info", "text"),
    )
    application = QApplication(["corefusion-live"])
    stop, errors = threading.Event(), []
    condition: list[Step] = [lambda: any(map(_is_main, application.topLevelWidgets()))]
    ends_s = time.monotonic() + _LONGEST_S
    timer = QTimer(interval=_TICK_MS)

    def go_on() -> None:
        waits_for = condition[0]
        try:
            if time.monotonic() > ends_s:
                raise TimeoutError(f"not within {_LONGEST_S:g} s")
            if waits_for is None or waits_for():
                condition[0] = next(steps)
        except StopIteration:
            stop.set()
        except Exception as error:  # Qt would print it and go on
            errors.append(error)
            stop.set()

    timer.timeout.connect(go_on)
    timer.start()
    show(spec, stop)
    if errors:
        raise errors[0]


def shown(kind: type[Window]) -> Window:
    """The window of a kind."""
    return next(one for one in QApplication.topLevelWidgets() if isinstance(one, kind))


def save(window: QWidget, path: Path) -> None:
    """Writes a picture of a window, or of a part of it.

    Raises:
        OSError: it could not be written.
    """
    if not window.grab().save(str(path), quality=85):
        raise OSError(f"{path}: it could not be written")


def _addresses(run: "subprocess.Popen[bytes]") -> Addresses:
    ends_s = time.monotonic() + _LONGEST_S
    while True:
        try:
            return find_run(run.pid)
        except NoRunError:
            if run.poll() is not None or time.monotonic() > ends_s:
                raise
            time.sleep(0.1)


def _is_main(widget: QWidget) -> bool:
    return isinstance(widget, MainWindow) and widget.isVisible()
