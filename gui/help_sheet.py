"""The sheet of keys (F1)."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QWidget

from gui.deeds import DEEDS
from gui.theme import QUIET, font

_MOUSE = (
    ("Point", "Read the value under the pointer"),
    ("Click large", "Pin a spot; click it again to take it away"),
    ("Drag large", "Draw a box: its mean, hottest and coldest"),
    ("Click small", "Swap the small picture with the large one"),
)


class HelpSheet(QDialog):
    """Lists what keys and mouse do; stays open beside the work if wanted."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        grid = QGridLayout(self)
        grid.setContentsMargins(20, 16, 20, 16)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(5)
        lines = [(" or ".join(deed.keys), f"{deed.title}: {deed.tip}") for deed in DEEDS]
        for row, (keys, words) in enumerate((*lines, *_MOUSE)):
            key = QLabel(keys)
            key.setFont(font(10, bold=True))
            key.setAlignment(Qt.AlignmentFlag.AlignRight)
            text = QLabel(words)
            palette = text.palette()
            palette.setColor(QPalette.ColorRole.WindowText, QUIET.lighter(120))
            text.setPalette(palette)
            grid.addWidget(key, row, 0)
            grid.addWidget(text, row, 1)
