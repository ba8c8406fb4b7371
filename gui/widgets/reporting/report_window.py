"""The words of a report, beside the page that they make."""

import msgspec
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from gui.language import tr
from gui.state.reporting.report import Report
from gui.widgets.side.side_window import SideWindow
from gui.widgets.theme import ALARM, px

_TYPED_MS = 300  # after the last letter the page is laid out anew
_PAGE_PX = 360
_LONGEST = 120


class ReportWindow(SideWindow):
    """Title, author and remarks; the run goes on behind it.

    Signals:
        changed: something else was typed a moment ago.
        save: the report is to be written.
    """

    changed = Signal()
    save = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, tr("Report"), own_keys=True)
        self._typed = QTimer(self)
        self._typed.setSingleShot(True)
        self._typed.setInterval(_TYPED_MS)
        self._typed.timeout.connect(self.changed)
        self.title, self.author, self.remarks = QLineEdit(), QLineEdit(), QPlainTextEdit()
        for field, name in (
            (self.title, tr("Title")),
            (self.author, tr("By")),
            (self.remarks, tr("Remarks")),
        ):
            field.setAccessibleName(name)
            field.textChanged.connect(lambda *_: self._typed.start())
        for line in (self.title, self.author):
            line.setMaxLength(_LONGEST)
        self.author.setPlaceholderText(tr("who answers for it"))
        self.remarks.setPlaceholderText(
            tr("What was looked at, what was found, what is to be done")
        )
        self.remarks.setTabChangesFocus(True)
        self._page = QLabel()
        self._page.setFixedWidth(px(_PAGE_PX))
        self._page.setAccessibleName(tr("The first page"))
        self._problem = QLabel()
        self._problem.setWordWrap(True)
        self._problem.setStyleSheet(f"color: {ALARM.name()}")
        kinds = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(kinds.Save | kinds.Cancel)
        self.buttons.accepted.connect(self.save)
        self.buttons.rejected.connect(self.hide)
        form = QFormLayout()
        form.addRow(tr("&Title"), self.title)
        form.addRow(tr("&By"), self.author)
        form.addRow(tr("&Remarks"), self.remarks)
        column = QVBoxLayout()
        column.addLayout(form, 1)
        column.addWidget(self._problem)
        column.addWidget(self.buttons)
        both = QHBoxLayout(self)
        both.addLayout(column, 1)
        both.addWidget(self._page, 0, Qt.AlignmentFlag.AlignTop)
        self.resize(px(820), px(560))

    def begin(self, report: Report) -> None:
        """A report on another moment: its remarks are empty, title and author stay."""
        self.title.setText(self.title.text() or report.title)
        self.remarks.clear()
        self._problem.clear()
        self._typed.stop()
        self.title.setFocus()

    def filled(self, report: Report) -> Report:
        """A report with the words that were typed."""
        return msgspec.structs.replace(
            report,
            title=self.title.text().strip() or report.title,
            author=self.author.text().strip(),
            remarks=self.remarks.toPlainText(),
        )

    def show_page(self, page: QImage) -> None:
        """Takes a picture of the first page."""
        ratio = self.devicePixelRatioF()
        wide = round(self._page.width() * ratio)
        small = page.scaledToWidth(wide, Qt.TransformationMode.SmoothTransformation)
        pixmap = QPixmap.fromImage(small)
        pixmap.setDevicePixelRatio(ratio)
        self._page.setPixmap(pixmap)

    @property
    def problem(self) -> str:
        """Why it could not be written, if it could not."""
        return self._problem.text()

    def show_problem(self, text: str) -> None:
        """Says why it could not be written."""
        self._problem.setText(text)
