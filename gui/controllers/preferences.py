"""What the user has chosen, kept between runs in an ini file of the user's."""

import json
import logging
from contextlib import suppress
from pathlib import Path

import msgspec
from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QMainWindow

from gui.panes import Pane
from gui.state.viewer_state import ViewerState
from gui.widgets.main_window import MainWindow
from streamer.thermal import palettes
from streamer.thermal.palette_file import PaletteError, read_palette
from streamer.thermal.palettes import is_known
from streamer.thermal.scale import Unit

log = logging.getLogger(__name__)

_GEOMETRY, _PANELS = "viewer/geometry", "viewer/panels"
_KEY = "viewer/choices"  # a name that files on users' disks have


class Preferences(msgspec.Struct):
    """The part of the state that outlives a run. Broken entries are forgotten.

    A locked span is no part of it: of another scene it would show a black picture.
    """

    palette: str
    unit: Unit
    slots: list[Pane]
    side_shown: bool
    markers: bool
    plot_shown: bool
    own_palettes: tuple[str, ...] = ()


class PreferencesFile:
    """Reads once at start, writes once at the end."""

    def __init__(self) -> None:
        self._settings = QSettings(
            QSettings.Format.IniFormat, QSettings.Scope.UserScope, "corefusion-live", "viewer"
        )

    @property
    def path(self) -> str:
        """The file."""
        return self._settings.fileName()

    def restore(
        self, state: ViewerState, window: MainWindow, frame: QMainWindow | None = None
    ) -> None:
        """Gives state and window what was saved, if it still makes sense.

        Args:
            state: of the window.
            window: whose panels are placed.
            frame: what has a place on the screen, where the window is a page in it.
        """
        geometry = self._settings.value(_GEOMETRY)
        if isinstance(geometry, QByteArray):
            (frame or window).restoreGeometry(geometry)
        placed = self._settings.value(_PANELS)
        if placed is not None and not window.panels.restore(placed):
            log.warning("%s: where the panels were is not to be read; they are hidden", self.path)
        try:
            preferences = msgspec.json.decode(str(self._settings.value(_KEY, "")), type=Preferences)
        except msgspec.MsgspecError:
            return
        for path in preferences.own_palettes:
            with suppress(PaletteError):  # gone since: the palettes that there are do without
                palettes.add(read_palette(Path(path)))
        if sorted(preferences.slots) != sorted(Pane):
            return
        if not is_known(preferences.palette):
            preferences.palette = state.palette
        for name in preferences.__struct_fields__:
            setattr(state, name, getattr(preferences, name))

    def save(
        self, state: ViewerState, window: MainWindow, frame: QMainWindow | None = None
    ) -> None:
        """Saves state and window, as `restore` takes them."""
        chosen = {name: getattr(state, name) for name in Preferences.__struct_fields__}
        self._settings.setValue(_GEOMETRY, (frame or window).saveGeometry())
        self._settings.setValue(_PANELS, window.panels.state())
        self._settings.setValue(_KEY, json.dumps(msgspec.to_builtins(Preferences(**chosen))))
        self._settings.sync()
