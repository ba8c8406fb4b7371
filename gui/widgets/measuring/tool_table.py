"""What every tool reads, a row each."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from gui.language import tr
from gui.state.measuring.tool_text import COLUMNS, TIPS, TableRow
from gui.widgets.access.tab_stops import give_keyboard_back, tab_stop
from gui.widgets.theme import font, px

_ROW_PX = 20
_NAME = 0


class ToolTable(QTableWidget):
    """Rows of texts; a name can be edited, a row selected.

    Signals:
        selected: the name of the tool whose row was clicked.
        renamed: the name of a tool, and the one it is to have.
    """

    selected = Signal(str)
    renamed = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, len(COLUMNS), parent)
        self.setHorizontalHeaderLabels([tr(title) for title in COLUMNS])
        for column, tip in enumerate(TIPS):
            title = self.horizontalHeaderItem(column)
            if title is not None:
                title.setToolTip(tr(tip))
        self.setFont(font(9))
        self.horizontalHeader().setFont(font(9))
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.horizontalHeader().setHighlightSections(False)
        self.verticalHeader().setVisible(False)
        self.verticalHeader().setDefaultSectionSize(px(_ROW_PX))
        self.verticalHeader().setMinimumSectionSize(px(_ROW_PX))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        self.setTabKeyNavigation(False)
        tab_stop(self, click=True)
        self.setItemDelegate(_NameDelegate(self))
        self.setAccessibleName(tr("Measurements"))
        self._shown: tuple[TableRow, ...] = ()
        self.itemChanged.connect(self._on_changed)
        self.cellClicked.connect(self._on_clicked)

    def show_rows(self, rows: Sequence[TableRow], selected: str) -> None:
        """Takes what is to be seen; only texts that changed are written."""
        if self.state() is QAbstractItemView.State.EditingState:
            return
        self.blockSignals(True)
        self.setRowCount(len(rows))
        for number, row in enumerate(rows):
            before = self._shown[number].cells if number < len(self._shown) else ()
            for column, text in enumerate(row.cells):
                if column >= len(before) or before[column] != text:
                    self.setItem(number, column, _item(text, column))
        self._shown = tuple(rows)
        names = [row.name for row in rows]
        if selected in names:
            self.selectRow(names.index(selected))
        else:
            self.clearSelection()
        self.blockSignals(False)

    def edit_name(self, name: str) -> None:
        """Begins to edit the name of a tool."""
        names = [row.name for row in self._shown]
        item = self.item(names.index(name), _NAME) if name in names else None
        if item is not None:
            self.setFocus()
            self.editItem(item)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Up and down select the tool before and the next one; other keys are the window's."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if step and self._shown:
            rows = [index.row() for index in self.selectionModel().selectedRows()]
            row = rows[0] + step if rows else 0
            self.selected.emit(self._shown[min(max(row, 0), len(self._shown) - 1)].name)
        else:
            event.ignore()

    def _on_changed(self, item: QTableWidgetItem) -> None:
        if item.column() == _NAME and item.row() < len(self._shown):
            name = self._shown[item.row()].name
            self._shown = ()  # all of it is written anew, whatever has come of the name
            self.renamed.emit(name, item.text())
        give_keyboard_back(self)

    def _on_clicked(self, row: int, column: int) -> None:
        if row < len(self._shown):
            self.selected.emit(self._shown[row].name)


class _NameDelegate(QStyledItemDelegate):
    """Gives the keyboard back to the window when a name has been edited, or has not."""

    def __init__(self, table: ToolTable) -> None:
        super().__init__(table)
        self._table = table

    def destroyEditor(  # noqa: N802 - Qt's name
        self, editor: QWidget, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Editing has ended, with a new name or without."""
        super().destroyEditor(editor, index)
        give_keyboard_back(self._table)


def _item(text: str, column: int) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    if column != _NAME:
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return item
