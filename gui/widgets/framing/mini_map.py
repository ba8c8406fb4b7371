"""A small picture of the whole in a corner, with a frame around the part that is seen."""

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from gui.state.framing.placement import Placement
from gui.widgets.framing.oriented import draw_image
from gui.widgets.theme import SELECTED, px

_SHARE = 0.2  # of the view, at most
_LARGEST_PX = 150
_MARGIN_PX = 8
_BEHIND = QColor(10, 11, 13, 235)


class MiniMap:
    """Painted only while a part of the picture is out of the view.

    Attributes:
        place: where it was painted last; None where it was not.
        held: whether the mouse holds it.
    """

    def __init__(self) -> None:
        self.place: QRect | None = None
        self.held = False

    def paint(self, painter: QPainter, view: QRect, placement: Placement, image: QImage) -> None:
        """Paints it over the lower right corner of a view."""
        box, seen = placement.box, placement.seen
        if box.width <= view.width() and box.height <= view.height():
            self.place = None
            return
        most = min(px(_LARGEST_PX), _SHARE * view.width()), _SHARE * view.height()
        scale = min(most[0] / box.width, most[1] / box.height)
        place = QRect(0, 0, max(1, round(box.width * scale)), max(1, round(box.height * scale)))
        place.moveBottomRight(view.bottomRight() - _margin())
        self.place = place
        painter.fillRect(place.adjusted(-2, -2, 2, 2), _BEHIND)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        draw_image(painter, place, image, placement.orientation)
        part = QRectF(
            place.x() + (seen.x - box.x) * scale,
            place.y() + (seen.y - box.y) * scale,
            seen.width * scale,
            seen.height * scale,
        )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen in (QPen(QColor(0, 0, 0, 220), 3), QPen(SELECTED, 1)):
            painter.setPen(pen)
            painter.drawRect(part)

    def contains(self, point: QPointF) -> bool:
        """Whether a point of the view lies on it."""
        return self.place is not None and self.place.contains(point.toPoint())

    def share(self, point: QPointF) -> tuple[float, float]:
        """A point of the view as a share of the picture, as it is seen."""
        place = self.place or QRect(0, 0, 1, 1)
        return (point.x() - place.x()) / place.width(), (point.y() - place.y()) / place.height()


def _margin() -> QPoint:
    return QPoint(px(_MARGIN_PX), px(_MARGIN_PX))
