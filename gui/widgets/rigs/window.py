"""The window of several rigs: a page for each, of which one is seen, and the strip of all."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QScrollArea,
    QStackedWidget,
    QWidget,
)

from gui.language import tr
from gui.state.commands.action import Action
from gui.state.rigs.choice import StripForm, strip_form
from gui.widgets.access.key_text import key_text
from gui.widgets.rigs.tile_view import RigTileView
from gui.widgets.theme import px

_SIZE = QSize(1440, 800)
_SMALLEST = QSize(400, 300)
_TALLEST = 1.0  # of a tile, to its width: of a picture of 4:3 with words over and under it
_TALLEST_FLAT = 0.5
_NO_LIMIT = 2**20


class RigsWindow(QMainWindow):
    """A strip of tiles beside the page of the large rig.

    Signals:
        chosen: the number of a rig whose tile was clicked.

    Attributes:
        tiles: of each rig.
        qactions: the actions of several rigs, by name.

    Args:
        names: of the rigs.
        actions: what can be done with them.
    """

    chosen = Signal(int)

    def __init__(self, names: Sequence[str], actions: Sequence[Action]) -> None:
        super().__init__()
        self.setWindowTitle("CoReFusion Live")
        self.resize(_SIZE)
        self.setMinimumSize(_SMALLEST)
        self.qactions = {action.name: self._qaction(action) for action in actions}
        keys = {action.name: ", ".join(map(key_text, action.keys)) for action in actions}
        self.tiles = [
            RigTileView(name, keys.get(f"rig_{number}", "")) for number, name in enumerate(names, 1)
        ]
        self._pages = QStackedWidget()
        strip = QWidget()
        self._row = QBoxLayout(QBoxLayout.Direction.TopToBottom, strip)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(px(6))
        for number, tile in enumerate(self.tiles):
            tile.chosen.connect(lambda number=number: self.chosen.emit(number))
            self._row.addWidget(tile, 1)
        self._row.addStretch(0)
        self._strip = QScrollArea()
        self._strip.setWidget(strip)
        self._strip.setWidgetResizable(True)
        self._strip.setFrameShape(QFrame.Shape.NoFrame)
        self._strip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._strip.setAccessibleName(tr("Rigs"))
        middle = QWidget()
        self._halves = QHBoxLayout(middle)
        self._halves.setSpacing(0)
        self._halves.addWidget(self._strip)
        self._halves.addWidget(self._pages, 1)
        self.setCentralWidget(middle)
        self._form: StripForm | None = None
        self._fit()

    def add_page(self, page: QWidget) -> None:
        """Takes the page of the next rig."""
        page.setWindowFlags(Qt.WindowType.Widget)
        self._pages.addWidget(page)

    def show_large(self, number: int, name: str) -> None:
        """Shows the page of one rig, and says so."""
        self._pages.setCurrentIndex(number)
        for each, tile in enumerate(self.tiles):
            tile.show_large(each == number)
            self.qactions[f"rig_{each + 1}"].setChecked(each == number)
        self._strip.ensureWidgetVisible(self.tiles[number])
        self.setWindowTitle(f"{name} \N{EN DASH} CoReFusion Live")

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """A small window has buttons in place of small pictures."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        scale = px(100) / 100
        form = strip_form(self.width() / scale, self.height() / scale, len(self.tiles))
        if form == self._form:
            return
        self._form = form
        way = QBoxLayout.Direction
        self._row.setDirection(way.TopToBottom if form.column else way.LeftToRight)
        self._halves.setDirection(way.LeftToRight if form.column else way.TopToBottom)
        edge = px(8)
        self._halves.setContentsMargins(edge, edge if form.column else px(4), 0, 0)
        width = px(form.width)
        for tile in self.tiles:
            tile.show_form(form)
            tallest = (_TALLEST_FLAT if form.flat else _TALLEST) * width
            tile.setMaximumHeight(round(tallest) if form.column else _NO_LIMIT)
        if form.column:
            self._strip.setMaximumHeight(_NO_LIMIT)
            self._strip.setFixedWidth(width)
        else:
            self._strip.setMinimumWidth(0)
            self._strip.setMaximumWidth(_NO_LIMIT)
            self._strip.setFixedHeight(self.tiles[0].sizeHint().height() + px(4))
        off, on = Qt.ScrollBarPolicy.ScrollBarAlwaysOff, Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self._strip.setVerticalScrollBarPolicy(on if form.column else off)
        self._strip.setHorizontalScrollBarPolicy(off)

    def _qaction(self, action: Action) -> QAction:
        qaction = QAction(tr(action.title), self)
        qaction.setShortcuts([QKeySequence(key) for key in action.keys])
        keys = f" ({', '.join(map(key_text, action.keys))})" if action.keys else ""
        qaction.setToolTip(tr(action.tip) + keys)
        qaction.setCheckable(action.checkable)
        self.addAction(qaction)
        return qaction
