"""Says which Qt this is, on which platform, with which screens: `python -m gui.probe`, as JSON.

A process of its own, since Qt aborts where its platform plugin cannot be loaded.
"""

import sys

import msgspec
from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication

from streamer.runtime.answers import ScreenFacts, WindowAnswer


def window_facts() -> WindowAnswer:
    """Starts Qt, and asks it."""
    existing = QGuiApplication.instance()
    application = (
        existing if isinstance(existing, QGuiApplication) else QGuiApplication([sys.argv[0]])
    )
    return WindowAnswer(
        qt=qVersion(),
        platform=application.platformName(),
        screens=[
            ScreenFacts(
                width=screen.size().width(),
                height=screen.size().height(),
                scale=round(screen.devicePixelRatio(), 2),
                refresh_hz=round(screen.refreshRate(), 1),
            )
            for screen in application.screens()
        ],
    )


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(window_facts()))
