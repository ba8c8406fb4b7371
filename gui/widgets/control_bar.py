"""The bottom row: what is read off the picture, and the few controls worth a place."""

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QIcon,
    QImage,
    QPalette,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QMenu, QToolButton, QWidget

from gui.language import mark, tr
from gui.state.commands.action import Action
from gui.state.viewer_state import ViewerState
from gui.widgets.access.naming import name_control
from gui.widgets.access.tab_stops import tab_stop
from gui.widgets.header import ElidedLabel
from gui.widgets.theme import ON, font, px
from streamer.thermal.palettes import PALETTES, table, title, upright
from streamer.thermal.scale import Unit

_FIRST = (
    "record",
    "play_again",
    "open_take",
    "freeze",
    "snapshot",
    "palette",
    "unit",
    "markers",
    "help",
)
_UNIT_TIP = mark("Unit (U)")
_SWATCH = (40, 12)
_SHOWN = Qt.ItemDataRole.UserRole + 1  # which way round an item's palette is shown
_READOUT_SHARE = 0.38
_READOUT_PX = 190  # what the values keep for themselves


class ControlBar(QWidget):
    """Readout, palette, unit, and a button for each action that has one.

    What there is no room for is in the menu at its end, as everything is.

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
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self._readout = ElidedLabel(breaks=("\N{MIDDLE DOT}", ", ", "  ("))
        self._readout.setFont(font(10.5))
        self._readout.setToolTip(
            tr("Values under the pointer and at the extremes, and where they are from")
        )
        row.addWidget(self._readout, 1)
        self._palette = _box(tr("Palette (P, Shift+P)"))
        self._palette.setIconSize(QSize(px(_SWATCH[0]), px(_SWATCH[1])))
        self.show_palettes()
        self._palette.activated.connect(self._on_palette)
        self._unit = _box(tr(_UNIT_TIP))
        self._unit.setPlaceholderText(tr("rel."))
        self._chosen_unit = 0
        for unit in Unit:
            self._unit.addItem(unit.symbol, unit.value)
        self._unit.activated.connect(self._on_unit)
        row.addWidget(self._palette)
        row.addWidget(self._unit)
        name_control(self._palette, tr("Palette"))
        name_control(self._unit, tr("Unit"))
        self._yielding: dict[str, QWidget] = {"palette": self._palette, "unit": self._unit}
        self._hidden = {"play_again", "open_take"}  # however much room there is
        for action in actions:
            if action.button:
                button = QToolButton()
                button.setDefaultAction(qactions[action.name])
                button.toggled.connect(partial(tint, button))
                tab_stop(button)
                row.addWidget(button)
                self._yielding[action.name] = button
        self._menu = QToolButton()
        self._menu.setText(tr("Menu"))
        self._menu.setToolTip(tr("Everything that can be done"))
        tab_stop(self._menu)
        self._menu.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        row.addWidget(self._menu)

    @property
    def stops(self) -> list[QWidget]:
        """Where Tab goes, in this order."""
        return [*self._yielding.values(), self._menu]

    def set_menu(self, menu: QMenu) -> None:
        """Takes the menu with everything in it."""
        self._menu.setMenu(menu)

    def show_menu_button(self, shown: bool) -> None:
        """Shows the menu's button: where the window has no bar of menus."""
        self._menu.setVisible(shown)
        self._fit()

    def show_button(self, name: str, shown: bool) -> None:
        """Shows an action's button, or hides it while the action is none."""
        hidden = self._hidden - {name} if shown else self._hidden | {name}
        if hidden != self._hidden:
            self._hidden = hidden
            self._fit()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Some of the values, and the menu."""
        return QSize(px(_READOUT_PX), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """In a narrow window the less needed ones yield."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        gap = self._row.spacing()
        room = self.width() - max(px(_READOUT_PX), round(_READOUT_SHARE * self.width()))
        if not self._menu.isHidden():
            room -= self._menu.sizeHint().width() + gap
        order = [name for name in _FIRST if name in self._yielding]
        order += [name for name in self._yielding if name not in order]
        for name in order:
            widget = self._yielding[name]
            wanted = widget.sizeHint().width() + gap
            fits = name not in self._hidden and wanted <= room
            widget.setVisible(fits)
            room -= wanted if fits else 0

    def show_palettes(self) -> None:
        """Takes the palettes that there are, each with a strip of its colours."""
        self._palette.clear()
        for name in PALETTES:
            self._palette.addItem(_swatch(name), _title(name), name)

    def show_state(self, state: ViewerState) -> None:
        """Takes what is chosen, however it was chosen."""
        if self._palette.count() != len(PALETTES):
            self.show_palettes()
        index = self._palette.findData(upright(state.palette))
        if self._palette.itemData(index, _SHOWN) != state.palette:
            self._palette.setItemIcon(index, _swatch(state.palette))
            self._palette.setItemText(index, _title(state.palette))
            self._palette.setItemData(index, state.palette, _SHOWN)
        self._palette.setCurrentIndex(index)
        self._chosen_unit = self._unit.findData(state.unit.value)
        if self._unit.isEnabled():
            self._unit.setCurrentIndex(self._chosen_unit)

    def show_degrees(self, known: bool) -> None:
        """Whether the picture has degrees at all: the unit of relative counts is none to choose."""
        if known != self._unit.isEnabled():
            self._unit.setEnabled(known)
            self._unit.setCurrentIndex(self._chosen_unit if known else -1)
            self._unit.setToolTip(
                tr(_UNIT_TIP) if known else tr("Relative counts: no degrees are known")
            )

    def show_readout(self, text: str) -> None:
        """Takes the line of values."""
        if text != self._readout.text():
            self._readout.setText(text)

    @property
    def readout(self) -> str:
        """The line of values, whole, whatever of it has room."""
        return self._readout.text()

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


def _title(name: str) -> str:
    """A palette's title, whichever way round it is."""
    words = tr(title(upright(name)))
    return words if name == upright(name) else tr("{palette}, inverted", palette=words)


def _swatch(name: str) -> QIcon:
    """A strip of a palette's colours, the coldest at the left."""
    colours = table(name)
    strip = QImage(colours.data, len(colours), 1, QImage.Format.Format_RGB32)
    size = QSize(px(_SWATCH[0]), px(_SWATCH[1]))
    smooth = Qt.TransformationMode.SmoothTransformation
    return QIcon(QPixmap.fromImage(strip.scaled(size, mode=smooth)))


class _Box(QComboBox):
    """A choice that a wheel going by does not change."""

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Nothing: whoever scrolls means something else."""
        event.ignore()


def _box(tip: str) -> QComboBox:
    box = _Box()
    tab_stop(box)
    box.setToolTip(tip)
    return box
