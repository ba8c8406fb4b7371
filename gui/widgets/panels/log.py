"""The lines of the run's log, as they come."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.language import mark, tr
from gui.state.panels.log_entry import LogEntry, LogFilter
from gui.state.panels.log_view import MOST
from gui.widgets.access.naming import name_control
from gui.widgets.access.tab_stops import tab_stop
from gui.widgets.header import ElidedLabel
from gui.widgets.theme import px

_LEVELS = (
    ("debug", mark("Everything")),
    ("info", mark("Information and worse")),
    ("warning", mark("Warnings and worse")),
    ("error", mark("Errors")),
)


class LogList(QWidget):
    """Lines, which of them are listed, and a button that copies them.

    It stays at the end as long as the end is seen. What is bad is bold, and says so by its word.

    Signals:
        chosen: which lines are wanted, a `LogFilter`.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.level, self.words, self.copy = QComboBox(), QLineEdit(), QToolButton()
        for name, title in _LEVELS:
            self.level.addItem(tr(title), name)
        self.level.setToolTip(tr("Lists nothing less bad than this"))
        self.level.setMinimumContentsLength(6)
        self.level.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.words.setPlaceholderText(tr("Filter"))
        self.words.setAccessibleName(tr("Words that are in the line"))
        self.words.setToolTip(tr("Words that are in the line"))
        self.words.setClearButtonEnabled(True)
        self.copy.setText(tr("Copy"))
        self.copy.setToolTip(tr("Copies what is selected, else all that is listed"))
        self.lines = QPlainTextEdit()
        self.lines.setReadOnly(True)
        self.lines.setMaximumBlockCount(MOST)
        self.lines.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.lines.setUndoRedoEnabled(False)
        self.lines.setTabChangesFocus(True)
        self.lines.setAccessibleName(tr("Lines of the log"))
        even = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        even.setPointSizeF(self.lines.font().pointSizeF())
        self.lines.setFont(even)
        self._where = ElidedLabel()
        self._where.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        for stop in self.stops:
            tab_stop(stop, click=stop in (self.words, self.lines))
        row = QHBoxLayout()
        row.addWidget(self.level)
        row.addWidget(self.words, 1)
        row.addWidget(self.copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(4), px(2), px(4), px(2))
        column.setSpacing(px(3))
        column.addLayout(row)
        column.addWidget(self.lines, 1)
        column.addWidget(self._where)
        name_control(self.level, tr("How bad"))
        self.level.activated.connect(self._on_chosen)
        self.words.textChanged.connect(self._on_chosen)
        self.copy.clicked.connect(self._on_copy)

    @property
    def stops(self) -> list[QWidget]:
        """Where Tab goes, in this order."""
        return [self.level, self.words, self.copy, self.lines]

    def show_all(self, entries: Sequence[LogEntry]) -> None:
        """Takes all that is listed."""
        self.lines.clear()
        self.add(entries)

    def add(self, entries: Sequence[LogEntry]) -> None:
        """Takes what has come."""
        if not entries:
            return
        bar = self.lines.verticalScrollBar()
        at_end = bar.value() >= bar.maximum() - 1
        cursor = QTextCursor(self.lines.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.beginEditBlock()
        empty = self.lines.document().isEmpty()
        plain, bold = QTextCharFormat(), QTextCharFormat()
        bold.setFontWeight(QFont.Weight.Bold)
        for entry in entries:
            end = "" if empty else "\n"
            empty = False
            cursor.insertText(f"{end}{entry.text}", bold if entry.is_bad else plain)
        cursor.endEditBlock()
        if at_end:
            bar.setValue(bar.maximum())

    def show_words(self, words: str) -> None:
        """Says where the log is, or why there is nothing."""
        if words != self._where.text():
            self._where.setText(words)
            self._where.setToolTip(words)

    def _on_chosen(self) -> None:
        self.chosen.emit(LogFilter(self.level.currentData(), self.words.text()))

    def _on_copy(self) -> None:
        cursor = self.lines.textCursor()
        selected = cursor.selection().toPlainText() if cursor.hasSelection() else ""
        QGuiApplication.clipboard().setText(selected or self.lines.toPlainText())
