"""The application's icon: a warm disc that an edge lies over, as the program joins them."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap, QRadialGradient

_SIZES = (16, 32, 48, 64, 128, 256)


def app_icon() -> QIcon:
    """The icon in the usual sizes."""
    icon = QIcon()
    for size in _SIZES:
        icon.addPixmap(icon_pixmap(size))
    return icon


def icon_pixmap(size: int) -> QPixmap:
    """The icon as a square of so many pixels."""
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(24, 25, 28))
    painter.drawRoundedRect(QRectF(0, 0, size, size), 0.2 * size, 0.2 * size)
    warmth = QRadialGradient(QPointF(0.42 * size, 0.5 * size), 0.34 * size)
    for at, colour in ((0.0, "#fff3b0"), (0.35, "#ff9f1c"), (0.75, "#c1121f"), (1.0, "#3c096c")):
        warmth.setColorAt(at, QColor(colour))
    painter.setBrush(warmth)
    painter.drawEllipse(QPointF(0.42 * size, 0.5 * size), 0.32 * size, 0.32 * size)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(232, 234, 237), max(1.0, 0.05 * size)))
    painter.drawEllipse(QPointF(0.58 * size, 0.5 * size), 0.32 * size, 0.32 * size)
    painter.end()
    return pixmap
