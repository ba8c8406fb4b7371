"""Headings and facts below them: what most panels hold."""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea

from gui.language import tr
from gui.state.panels.section import Section
from gui.widgets.access.tab_stops import tab_stop
from gui.widgets.theme import QUIET, px


class FactsView(QScrollArea):
    """Lists sections; its menu copies them as text.

    Args:
        title: what it is, for who cannot see it.
    """

    def __init__(self, title: str) -> None:
        super().__init__()
        self._sections: tuple[Section, ...] = ()
        self._label = QLabel()
        self._label.setTextFormat(Qt.TextFormat.RichText)
        self._label.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._label.setWordWrap(True)
        self._label.setMargin(px(8))
        self._label.setAccessibleName(title)
        self.setAccessibleName(title)
        self.setWidget(self._label)
        self.setWidgetResizable(True)
        tab_stop(self)
        self.setFrameShape(QFrame.Shape.NoFrame)
        copy = QAction(tr("Copy"), self)
        copy.triggered.connect(self._on_copy)
        self.addAction(copy)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    @property
    def text(self) -> str:
        """All that is listed, as plain text."""
        return "\n\n".join(section.text for section in self._sections)

    def show_sections(self, sections: Sequence[Section]) -> None:
        """Takes the state of a moment."""
        if tuple(sections) != self._sections:
            self._sections = tuple(sections)
            self._label.setText("".join(map(_html, sections)))
            self._label.setAccessibleDescription(self.text)

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text)


def _html(section: Section) -> str:
    rows = "".join(map(_row, section.lines))
    return f"<p><b>{escape(section.title)}</b></p><table width='100%'>{rows}</table>"


def _row(line: tuple[str, str]) -> str:
    what, how = line
    if not what:
        return f"<tr><td colspan='2' style='padding-bottom: 3px'>{escape(how)}</td></tr>"
    quiet = f"padding-right: 10px; color: {QUIET.name()}"
    return f"<tr><td width='45%' style='{quiet}'>{escape(what)}</td><td>{escape(how)}</td></tr>"
