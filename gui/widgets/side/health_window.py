"""The health of the run, in a window beside the main one."""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from gui.language import tr
from gui.status.health_text import HealthSection
from gui.widgets.side.side_window import SideWindow
from gui.widgets.theme import QUIET, px


class HealthWindow(SideWindow):
    """Streams, drops by cause, processes and modes, as they are now."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, tr("Health"))
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.RichText)
        self._text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._text.setMargin(px(12))
        area = QScrollArea()
        area.setWidget(self._text)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(area)
        room = self.screen().availableGeometry()
        self.resize(min(px(400), room.width()), min(px(560), room.height()))

    def show_sections(self, sections: Sequence[HealthSection]) -> None:
        """Takes the state of a moment."""
        text = "".join(_html(section) for section in sections)
        if text != self._text.text():
            self._text.setText(text)


def _html(section: HealthSection) -> str:
    rows = "".join(
        f"<tr><td style='padding-right: 14px; color: {QUIET.name()}'>{escape(what)}</td>"
        f"<td>{escape(how)}</td></tr>"
        for what, how in section.lines
    )
    return f"<p><b>{escape(section.title)}</b></p><table>{rows}</table>"
