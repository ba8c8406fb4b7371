"""The pictures of *Align ...*: `python -m tools.align_pictures docs`.

Drives the real window, by its keys, on a run of the simulated rig with the visible camera out of
line: found by itself, before, saved, and by points.
"""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import numpy as np
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton, QWidget

from gui.app import main as show
from gui.widgets.aligning.window import AligningWindow
from gui.widgets.main_window import MainWindow
from gui.widgets.video_view import VideoView
from streamer.calibration.stored import load_calibration
from streamer.config.loading import load_config
from streamer.runtime.connection_file import NoRunError, find_run
from streamer.runtime.process import ProcessSpec
from streamer.runtime.roles import ViewerRole
from streamer.transport import Addresses

_RIG = [
    *("capture.visible.rate_hz=10", "capture.thermal.rate_hz=9"),  # the search gets the rest
    *("capture.simulated.bracket.scale=1.05", "capture.simulated.bracket.rotation_deg=2"),
    *("capture.simulated.bracket.shift_x_px=16", "capture.simulated.bracket.shift_y_px=-12"),
]
_PLACES = [(0.1, 0.28), (0.547, 0.273), (0.734, 0.514), (0.24, 0.83)]
"""That are clicked in the thermal picture, as shares of it: windows, a tank, the lid of a drain."""

_TICK_MS = 50
_LONGEST_S = 400.0  # the search makes way for everything else

Window = TypeVar("Window", bound=QWidget)
Step = Callable[[], bool] | None
"""What has to be true before the script goes on; None: at the next tick."""


def main() -> None:
    """Starts a run and a window, and writes the pictures into the folder that is named."""
    folder = Path(sys.argv[1])
    settings = [word for each in _RIG for word in ("--set", each)]
    live = [sys.executable, "-m", "streamer", "live", "--headless", "--model", "bilinear"]
    run = subprocess.Popen([*live, *settings], stdout=subprocess.DEVNULL)
    try:
        with tempfile.TemporaryDirectory() as scratch:
            kept = Path(scratch) / "calibration.yaml"
            _drive(_addresses(run), script(folder, kept), Path(scratch) / "window.png")
    finally:
        run.send_signal(signal.SIGINT)
        run.wait()


def script(folder: Path, kept: Path) -> Iterator[Step]:
    """What a person does, and the pictures that are taken of it."""
    main_window = _shown(MainWindow)
    while not any(isinstance(one, AligningWindow) for one in QApplication.topLevelWidgets()):
        QTest.keyClick(main_window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
        yield None  # the window is there before it takes keys
    window = _shown(AligningWindow)
    yield lambda: window.score.text().startswith("Edges")
    _press(window, "Edges")
    QTest.keyClick(window, Qt.Key.Key_F)
    yield lambda: window.message.text().startswith("Found")
    yield lambda: "and nowhere near better" in window.score.text()
    _save(window, folder / "align-found.jpg")
    QTest.keyClick(window, Qt.Key.Key_Space)
    yield lambda: "hardly" in window.score.text()
    _save(window, folder / "align-before.jpg")
    QTest.keyClick(window, Qt.Key.Key_Space)
    # a dialog cannot be driven
    window.file_to_save = lambda proposed: kept  # type: ignore[method-assign]
    QTest.keyClick(window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    yield kept.exists
    _press(window, "Points")
    yield None
    places = np.array(_PLACES)
    halves = (places * 2 - 1) * (1, 0.75)
    lie = load_calibration(kept).visible_points(halves) / (1, 0.75) / 2 + 0.5
    for in_thermal, in_visible in zip(places, lie, strict=True):
        _click(window.visible, *in_visible)
        _click(window.view, *in_thermal)
    yield lambda: "pairs lie" in window.message.text()
    _save(window, folder / "align-points.jpg")
    main_window.close()
    yield None


def _drive(addresses: Addresses, steps: Iterator[Step], picture: Path) -> None:
    config = load_config(None, [*_RIG, "viewer.size=1280x800"])
    spec = ProcessSpec(
        name="viewer",
        config=config,
        addresses=addresses,
        role=ViewerRole(screenshot=str(picture)),  # nobody's preferences then
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


def _shown(kind: type[Window]) -> Window:
    return next(one for one in QApplication.topLevelWidgets() if isinstance(one, kind))


def _press(window: QWidget, title: str) -> None:
    buttons = window.findChildren(QToolButton)
    next(one for one in buttons if one.text() == title).click()


def _click(view: VideoView, u: float, v: float) -> None:
    area = view.picture_area()
    place = area.topLeft() + QPoint(round(u * area.width()), round(v * area.height()))
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=place)


def _save(window: QWidget, path: Path) -> None:
    if not window.grab().save(str(path), quality=85):
        raise OSError(f"{path}: it could not be written")


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    main()
