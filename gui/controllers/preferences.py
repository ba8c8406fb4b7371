"""What the viewer remembers between runs, in an ini file of the user's."""

import json

import msgspec
from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QWidget

from gui.imaging.palettes import PALETTES
from gui.imaging.units import Unit
from gui.panes import Pane
from gui.state.viewer_state import LockedSpan, ViewerState

_KEY = "viewer/choices"


class Choices(msgspec.Struct):
    """The part of the state that outlives a run. Unknown or broken entries are forgotten."""

    palette: str
    unit: Unit
    locked: LockedSpan | None
    slots: list[Pane]
    side_shown: bool
    markers: bool
    plot_shown: bool


class Remembered:
    """Reads once at start, writes once at the end."""

    def __init__(self) -> None:
        self._settings = QSettings(
            QSettings.Format.IniFormat, QSettings.Scope.UserScope, "corefusion-live", "viewer"
        )

    def restore(self, state: ViewerState, window: QWidget) -> None:
        """Gives state and window what was remembered, if it still makes sense."""
        geometry = self._settings.value("viewer/geometry")
        if isinstance(geometry, QByteArray):
            window.restoreGeometry(geometry)
        try:
            choices = msgspec.json.decode(str(self._settings.value(_KEY, "")), type=Choices)
        except msgspec.MsgspecError:
            return
        if choices.palette not in PALETTES or sorted(choices.slots) != sorted(Pane):
            return
        for name in choices.__struct_fields__:
            setattr(state, name, getattr(choices, name))

    def save(self, state: ViewerState, window: QWidget) -> None:
        """Remembers state and window."""
        kept = {name: getattr(state, name) for name in Choices.__struct_fields__}
        self._settings.setValue("viewer/geometry", window.saveGeometry())
        self._settings.setValue(_KEY, json.dumps(msgspec.to_builtins(Choices(**kept))))
        self._settings.sync()
