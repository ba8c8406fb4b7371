"""The bottom row: what is read off the picture, and the few controls worth a place."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QPalette
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QToolButton, QWidget

from gui.state.shortcuts import Action
from gui.state.viewer_state import ViewerState
from gui.widgets.header import ElidedLabel
from gui.widgets.theme import ON, font
from streamer.thermal.palettes import PALETTES
from streamer.thermal.scale import Unit


class ControlBar(QWidget):
    """Readout, palette, unit, and a button for each action that has one.

    Signals:
        palette_chosen: the name of a palette.
        unit_chosen: the name of a unit.
    """

    palette_chosen = Signal(str)
    unit_chosen = Signal(str)

    def __init__(
        self,
        actions: tuple[Action, ...],
        qactions: dict[str, QAction],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self._readout = ElidedLabel()
        self._readout.setFont(font(10.5))
        self._readout.setToolTip(
            "Values under the pointer and at the extremes, and where they are from"
        )
        row.addWidget(self._readout, 1)
        self._palette = _box("Palette (P, Shift+P)")
        for palette in PALETTES.values():
            self._palette.addItem(palette.title, palette.name)
        self._palette.activated.connect(self._on_palette)
        self._unit = _box("Unit (U)")
        for unit in Unit:
            self._unit.addItem(unit.symbol, unit.value)
        self._unit.activated.connect(self._on_unit)
        row.addWidget(self._palette)
        row.addWidget(self._unit)
        for action in actions:
            if action.button:
                button = QToolButton()
                button.setDefaultAction(qactions[action.name])
                button.toggled.connect(partial(tint, button))
                button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
                row.addWidget(button)

    def show_state(self, state: ViewerState) -> None:
        """Takes what is chosen, however it was chosen."""
        self._palette.setCurrentIndex(self._palette.findData(state.palette))
        self._unit.setCurrentIndex(self._unit.findData(state.unit.value))

    def show_readout(self, text: str) -> None:
        """Takes the line of values."""
        if text != self._readout.text():
            self._readout.setText(text)

    def _on_palette(self, index: int) -> None:
        self.palette_chosen.emit(self._palette.itemData(index))

    def _on_unit(self, index: int) -> None:
        self.unit_chosen.emit(self._unit.itemData(index))


def tint(button: QToolButton, on: bool) -> None:
    """Colours a button that is on: the style's own sunken one is hardly seen on dark."""
    palette = QPalette()
    if on:
        palette.setColor(QPalette.ColorRole.Button, ON)
    button.setPalette(palette)


def _box(tip: str) -> QComboBox:
    box = QComboBox()
    box.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # single keys belong to the window
    box.setToolTip(tip)
    return box
