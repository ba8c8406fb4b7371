"""The list of keys (F1)."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from gui.language import mark, tr
from gui.state.commands.action import Action
from gui.widgets.access.key_text import key_text
from gui.widgets.side.side_window import SideWindow
from gui.widgets.theme import QUIET, font, px

_MOST_ROWS = 30  # what a small screen holds
_MOUSE = (
    (mark("Point"), mark("Read the value under the pointer")),
    (
        mark("Click large"),
        mark("Pin a spot, or select the tool that is there; a double click names it"),
    ),
    (mark("Drag large"), mark("Draw a box, or move the tool, or the corner, that is there")),
    (mark("Esc"), mark("Let go of what is being drawn, then of the selected tool")),
    (mark("Click small"), mark("See the small picture large")),
)
_REPLAY_MOUSE = (
    (mark("Point time"), mark("A small picture of that moment, and what happened then")),
    (mark("Press time"), mark("Go there; drag the flags below it to move A and B")),
)


class ShortcutsDialog(SideWindow):
    """Lists what keys and mouse do; stays open beside the work if wanted."""

    def __init__(self, parent: QWidget, actions: tuple[Action, ...]) -> None:
        super().__init__(parent, tr("Keys"))
        sheet, area, around = QWidget(), QScrollArea(), QVBoxLayout(self)
        area.setWidget(sheet)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(area)
        grid = QGridLayout(sheet)
        grid.setContentsMargins(20, 16, 20, 16)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(5)
        lines = [
            (tr(" or ").join(map(key_text, action.keys)), f"{tr(action.title)}: {tr(action.tip)}")
            for action in actions
        ]
        lines += [(tr(keys), tr(tip)) for keys, tip in _MOUSE]
        if any(action.replay for action in actions):
            lines += [(tr(keys), tr(tip)) for keys, tip in _REPLAY_MOUSE]
        columns = -(-len(lines) // _MOST_ROWS)
        rows = -(-len(lines) // columns)  # rounded up
        for place, (keys, tip) in enumerate(lines):
            column, row = divmod(place, rows)
            key = QLabel(keys)
            key.setFont(font(10, bold=True))
            key.setAlignment(Qt.AlignmentFlag.AlignRight)
            text = QLabel(tip)
            palette = text.palette()
            palette.setColor(QPalette.ColorRole.WindowText, QUIET)
            text.setPalette(palette)
            grid.addWidget(key, row, 2 * column)
            grid.addWidget(text, row, 2 * column + 1)
        wanted, room = sheet.sizeHint(), self.screen().availableGeometry()
        self.resize(
            min(wanted.width() + px(24), room.width()), min(wanted.height() + 4, room.height())
        )
