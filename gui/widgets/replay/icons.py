"""The signs on the playback buttons, drawn: fonts do not all have them, styles draw them dark."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap, QPolygonF

from gui.widgets.theme import INK, OFF, font

_SIZE = 16
_SCALE = 3  # sharp on dense screens, too


def icon(name: str) -> QIcon:
    """The sign of a playback action, or `pause`."""
    made = QIcon()
    for mode, colour in ((QIcon.Mode.Normal, INK), (QIcon.Mode.Disabled, OFF)):
        made.addPixmap(_pixmap(name, colour), mode)
    return made


def _pixmap(name: str, colour: QColor) -> QPixmap:
    pixmap = QPixmap(_SIZE * _SCALE, _SIZE * _SCALE)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(_SCALE, _SCALE)
    if name.endswith("_back"):  # the mirror image
        painter.translate(_SIZE, 0)
        painter.scale(-1, 1)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    match name:
        case "play":
            _triangle(painter, 3.0, 13.0)
        case "pause":
            _bar(painter, 3.5, 3.2)
            _bar(painter, 9.3, 3.2)
        case "step_back" | "step_forward":
            _bar(painter, 3.0, 2.2)
            _triangle(painter, 7.0, 14.0)
        case "mark_back" | "mark_forward":
            _triangle(painter, 1.0, 7.0)
            _triangle(painter, 6.5, 12.5)
            _bar(painter, 12.8, 2.0)
        case "set_loop_start":
            _bar(painter, 1.5, 2.0)
            _letter(painter, colour, "A", 4.0)
        case "set_loop_end":
            _letter(painter, colour, "B", 0.0)
            _bar(painter, 12.5, 2.0)
        case "clear_loop_range":
            _cross(painter, colour)
        case _:
            _loop(painter, colour)
    painter.end()
    pixmap.setDevicePixelRatio(_SCALE)
    return pixmap


def _triangle(painter: QPainter, left: float, right: float) -> None:
    painter.drawPolygon(QPolygonF([QPointF(left, 2.5), QPointF(right, 8.0), QPointF(left, 13.5)]))


def _bar(painter: QPainter, left: float, width: float) -> None:
    painter.drawRect(QRectF(left, 2.5, width, 11.0))


def _letter(painter: QPainter, colour: QColor, letter: str, left: float) -> None:
    style = font(9, bold=True)
    style.setPixelSize(13)
    painter.setFont(style)
    painter.setPen(colour)
    painter.drawText(QRectF(left, 0.0, 12.0, 16.0), Qt.AlignmentFlag.AlignCenter, letter)
    painter.setPen(Qt.PenStyle.NoPen)


def _cross(painter: QPainter, colour: QColor) -> None:
    painter.setPen(QPen(colour, 2.0))
    painter.drawLine(QPointF(4.0, 4.0), QPointF(12.0, 12.0))
    painter.drawLine(QPointF(4.0, 12.0), QPointF(12.0, 4.0))


def _loop(painter: QPainter, colour: QColor) -> None:
    painter.save()
    painter.setPen(QPen(colour, 1.8))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawArc(QRectF(2.5, 2.8, 11.0, 10.4), 60 * 16, 300 * 16)
    painter.restore()
    painter.drawPolygon(QPolygonF([QPointF(9.0, 0.2), QPointF(14.6, 3.6), QPointF(9.0, 7.0)]))
