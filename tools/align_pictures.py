"""The pictures of *Align ...*: `python -m tools.align_pictures docs`.

Drives the real window, by its keys, on a run of the simulated rig with the visible camera out of
line: found by itself, before, saved, and by points.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton, QWidget

from gui.widgets.aligning.window import AligningWindow
from gui.widgets.main_window import MainWindow
from gui.widgets.video_view import VideoView
from streamer.calibration.stored import load_calibration
from tools.driven_window import Step, drive, run_without_window, save, shown

_RIG = [
    *("capture.visible.rate_hz=10", "capture.thermal.rate_hz=9"),  # the search gets the rest
    *("capture.simulated.bracket.scale=1.05", "capture.simulated.bracket.rotation_deg=2"),
    *("capture.simulated.bracket.shift_x_px=16", "capture.simulated.bracket.shift_y_px=-12"),
]
_PLACES = [(0.1, 0.28), (0.547, 0.273), (0.734, 0.514), (0.24, 0.83)]
"""That are clicked in the thermal picture, as shares of it: windows, a tank, the lid of a drain."""


def main() -> None:
    """Starts a run and a window, and writes the pictures into the folder that is named."""
    folder = Path(sys.argv[1])
    with (
        tempfile.TemporaryDirectory() as scratch,
        run_without_window(_RIG, ["--model", "bilinear"]) as addresses,
    ):
        steps = script(folder, Path(scratch) / "calibration.yaml")
        drive(addresses, [*_RIG, "viewer.size=1280x800"], steps, Path(scratch))


def script(folder: Path, kept: Path) -> Iterator[Step]:
    """What a person does, and the pictures that are taken of it."""
    main_window = shown(MainWindow)
    while not any(isinstance(one, AligningWindow) for one in QApplication.topLevelWidgets()):
        QTest.keyClick(main_window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
        yield None  # the window is there before it takes keys
    window = shown(AligningWindow)
    yield lambda: window.score.text().startswith("Edges")
    _press(window, "Edges")
    QTest.keyClick(window, Qt.Key.Key_F)
    yield lambda: window.message.text().startswith("Found")
    yield lambda: "and nowhere near better" in window.score.text()
    save(window, folder / "align-found.jpg")
    QTest.keyClick(window, Qt.Key.Key_Space)
    yield lambda: "hardly" in window.score.text()
    save(window, folder / "align-before.jpg")
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
    save(window, folder / "align-points.jpg")
    main_window.close()
    yield None


def _press(window: QWidget, title: str) -> None:
    buttons = window.findChildren(QToolButton)
    next(one for one in buttons if one.text() == title).click()


def _click(view: VideoView, u: float, v: float) -> None:
    area = view.picture_area()
    place = area.topLeft() + QPoint(round(u * area.width()), round(v * area.height()))
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=place)


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    main()
