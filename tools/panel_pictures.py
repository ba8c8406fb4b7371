"""The pictures of the panels: `python -m tools.panel_pictures docs`.

Drives the real window, by its keys, on a run of the simulated rig that loses a camera for a while.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.widgets.main_window import MainWindow
from streamer.logs.run_log import newest_logs
from tools.driven_window import Step, drive, run_without_window, save, shown

_RIG = ["capture.visible.rate_hz=6", "capture.thermal.rate_hz=5"]  # any machine keeps up
_FAULTS = ["--inject", "drop:visible@3-4.5", "--inject", "ffc:thermal@6"]


def main() -> None:
    """Starts a run and a window, and writes the pictures into the folder that is named."""
    folder = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as scratch:
        logs = Path(scratch) / "logs"
        settings = [*_RIG, f"log.folder={logs}"]
        with run_without_window(settings, _FAULTS) as addresses:
            (log,) = newest_logs(logs, 1)
            window = [*_RIG, "viewer.size=1280x800"]
            drive(addresses, window, script(folder), Path(scratch), log)


def script(folder: Path) -> Iterator[Step]:
    """What a person does, and the pictures that are taken of it."""
    window = shown(MainWindow)
    panels = window.panels
    while not panels["cameras"].isVisible():  # the window is there before it takes keys
        QTest.keyClick(window, Qt.Key.Key_F6)
        yield None
    QTest.keyClick(window, Qt.Key.Key_F8)
    log = panels.log.lines
    yield lambda: "thermal ffc" in log.toPlainText()  # after both faults
    yield lambda: window.header.badge == "GUIDED"
    yield lambda: "span of the picture" in panels.facts["cameras"].text
    save(window, folder / "panels.png")
    QTest.keyClick(window, Qt.Key.Key_F7)
    yield lambda: "size of results" in panels.facts["model"].text
    save(panels["model"], folder / "panel-model.png")
    QTest.keyClick(window, Qt.Key.Key_H)
    yield lambda: "painting" in panels.facts["health"].text
    save(panels["health"], folder / "panel-health.png")
    window.close()
    yield None


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    main()
