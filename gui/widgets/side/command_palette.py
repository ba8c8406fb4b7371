"""Everything that can be done, to be typed."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gui.language import tr
from gui.state.commands.action import Action
from gui.state.commands.search import found
from gui.widgets.access.key_text import key_text
from gui.widgets.theme import px

_WIDE_PX, _HIGH_PX = 520, 380
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class CommandPalette(QDialog):
    """A line to type in, and the actions that it finds; Return does the selected one.

    Args:
        parent: the window, at whose top it stands.
        actions: all that can be done.
        qactions: the same as Qt has them, by name.
    """

    def __init__(
        self, parent: QWidget, actions: tuple[Action, ...], qactions: Mapping[str, QAction]
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._window, self._actions, self._qactions = parent, actions, qactions
        self.line, self.list = QLineEdit(), QListWidget()
        self.line.setPlaceholderText(tr("What is to be done?"))
        self.line.setAccessibleName(tr("What is to be done?"))
        self.line.setClearButtonEnabled(True)
        self.line.textChanged.connect(self._fill)
        self.line.returnPressed.connect(self._run)
        self.line.installEventFilter(self)
        self.list.setAccessibleName(tr("Actions that were found"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the line keeps the keyboard
        self.list.itemClicked.connect(lambda _: self._run())
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(6), px(6), px(6), px(6))
        column.addWidget(self.line)
        column.addWidget(self.list)

    def found(self) -> list[str]:
        """The names of what is listed."""
        items = (self.list.item(row) for row in range(self.list.count()))
        return [item.data(Qt.ItemDataRole.UserRole) for item in items]

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Empty, at the top of the window."""
        super().showEvent(event)
        self.resize(
            min(px(_WIDE_PX), self._window.width()), min(px(_HIGH_PX), self._window.height())
        )
        middle = self._window.mapToGlobal(self._window.rect().center())
        top = self._window.mapToGlobal(self._window.rect().topLeft())
        self.move(
            middle.x() - self.width() // 2, top.y() + (self._window.height() - self.height()) // 4
        )
        self.line.clear()
        self._fill("")
        self.line.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Arrows typed into the line move in the list."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.KeyPress
            and event.key() in _MOVES
        ):
            self.list.keyPressEvent(event)
            return True
        return super().eventFilter(watched, event)

    def _fill(self, typed: str) -> None:
        self.list.clear()
        for action in found(self._actions, typed):
            item = QListWidgetItem(self.list)
            item.setData(Qt.ItemDataRole.UserRole, action.name)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, tr(action.title))
            item.setToolTip(tr(action.tip))
            row = _row(action, enabled=self._qactions[action.name].isEnabled())
            item.setSizeHint(row.sizeHint())
            self.list.setItemWidget(item, row)
        self.list.setCurrentRow(0)

    def _run(self) -> None:
        row = self.list.currentRow()
        if row < 0:
            return
        name = self.found()[row]
        self.hide()  # first: what is done may open a window of its own
        self._qactions[name].trigger()


def _row(action: Action, *, enabled: bool) -> QWidget:
    """The title, its menu, and its keys."""
    row = QWidget()
    row.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    row.setEnabled(enabled)
    line = QHBoxLayout(row)
    line.setContentsMargins(px(6), px(3), px(6), px(3))
    keys = tr(" or ").join(map(key_text, action.keys))
    title, where = QLabel(tr(action.title)), QLabel(f"{tr(action.menu)}   {keys}")
    line.addWidget(title, 1)
    line.addWidget(where)
    return row
