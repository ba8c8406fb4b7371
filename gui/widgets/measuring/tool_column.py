"""The tools in a narrow column: pressed, the next one is drawn."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QIcon, QPainter, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from gui.widgets.access.tab_stops import tab_stop
from gui.widgets.control_bar import tint
from gui.widgets.theme import INK, px
from streamer.measuring.shapes import KINDS

_ICON_PX = 22
_BUTTON_PX = 30


class ToolColumn(QWidget):
    """A button for each kind of tool."""

    def __init__(self, qactions: dict[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        self._buttons: dict[str, QToolButton] = {}
        for kind in KINDS:
            action = qactions[f"tool_{kind}"]
            action.setIcon(_icon(kind))
            button = QToolButton()
            button.setDefaultAction(action)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
            button.setIconSize(QSize(px(_ICON_PX), px(_ICON_PX)))
            button.setFixedSize(px(_BUTTON_PX), px(_BUTTON_PX))
            tab_stop(button)
            button.setAutoRaise(True)
            button.setAccessibleName(action.text())
            column.addWidget(button)
            self._buttons[kind] = button
        column.addStretch(1)
        self.setFixedWidth(px(_BUTTON_PX))

    @property
    def stops(self) -> list[QWidget]:
        """Where Tab goes, in this order."""
        return [*self._buttons.values()]

    def show_kind(self, kind: str) -> None:
        """Takes what is drawn next; empty for none."""
        for name, button in self._buttons.items():
            button.defaultAction().setChecked(name == kind)
            tint(button, name == kind)


def _icon(kind: str) -> QIcon:
    """A sign for a kind of tool."""
    pixmap = QPixmap(_ICON_PX * 2, _ICON_PX * 2)
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(INK, 1.6))
    frame = QRectF(4, 5, 14, 12)
    match kind:
        case "spot":
            painter.drawLine(QPointF(11, 4), QPointF(11, 18))
            painter.drawLine(QPointF(4, 11), QPointF(18, 11))
        case "line":
            painter.drawLine(QPointF(4, 17), QPointF(18, 5))
        case "box":
            painter.drawRect(frame)
        case "ellipse":
            painter.drawEllipse(frame)
        case "polygon":
            corners = ((4, 9), (10, 4), (18, 8), (15, 17), (7, 16))
            painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))
    painter.end()
    return QIcon(pixmap)
