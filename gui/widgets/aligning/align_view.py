"""The picture that is lined up: the mouse moves it, the wheel scales and turns it."""

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QWheelEvent

from gui.widgets.theme import SELECTED, font, px
from gui.widgets.video_view import VideoView

_NOTCH = 120  # of a wheel, in eighths of a degree
_RADIUS_PX = 7


class AlignView(VideoView):
    """A view with numbered points on it.

    Signals:
        scrolled: steps of the wheel, and whether Shift was held.
    """

    scrolled = Signal(float, bool)

    _points: tuple[tuple[float, float], ...] = ()

    def show_points(self, points: tuple[tuple[float, float], ...]) -> None:
        """Takes the points, as shares of width and height."""
        if points != self._points:
            self._points = points
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """The points over everything."""
        super().paintEvent(event)
        if not self._points:
            return
        area, radius = self.picture_area(), px(_RADIUS_PX)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(10, bold=True))
        for number, (u, v) in enumerate(self._points, 1):
            place = QPointF(area.x() + u * area.width(), area.y() + v * area.height())
            for colour, width in ((QColor(0, 0, 0), px(4)), (SELECTED, px(2))):
                painter.setPen(QPen(colour, width))
                painter.drawEllipse(place, radius, radius)
                painter.drawPoint(place)
            left = place.x() + 4 * radius > area.right()  # no room at its right
            text = place + QPointF(-2.2 * radius if left else 1.3 * radius, -0.6 * radius)
            painter.setPen(QColor(0, 0, 0))
            painter.drawText(text + QPointF(1, 1), str(number))
            painter.setPen(SELECTED)
            painter.drawText(text, str(number))
        painter.end()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Passes the steps on; with Shift or Alt some systems turn them sideways."""
        turned = event.angleDelta()
        steps = (turned.y() or turned.x()) / _NOTCH
        if steps:
            held = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self.scrolled.emit(steps, bool(held))
        event.accept()
