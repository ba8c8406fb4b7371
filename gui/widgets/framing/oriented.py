"""Paints an image turned and mirrored."""

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QImage, QPainter

from gui.state.framing.orientation import Orientation

_UPRIGHT = Orientation()


def draw_image(painter: QPainter, area: QRect, image: QImage, orientation: Orientation) -> None:
    """Fills an area with an image; what is beyond the widget costs nothing."""
    if orientation == _UPRIGHT:
        painter.drawImage(area, image)
        return
    width, height = area.width(), area.height()
    if not orientation.upright:
        width, height = height, width
    painter.save()
    painter.translate(area.x() + area.width() / 2, area.y() + area.height() / 2)
    painter.rotate(90.0 * orientation.quarter_turns)
    if orientation.mirrored:  # what is called last is done first
        painter.scale(-1.0, 1.0)
    painter.drawImage(QRectF(-width / 2, -height / 2, width, height), image)
    painter.restore()
