"""The seek bar: intervals of the modes, marks, times, the play head, A and B."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.language import tr
from gui.state.playback.timeline import Timeline
from gui.widgets.access.tab_stops import tab_stop
from gui.widgets.theme import BACKGROUND, COLD, EMPTY, HOT, INK, QUIET, SEVERITY_COLOURS, font
from streamer.clock import StreamNs

_HEIGHT_PX = 40
_EDGE_PX = 8  # the play head is not cut at the ends
_MARK = (0, 9)  # from and to, from the top
_BAND = (11, 23)
_REACH_PX = 5  # a pointer is as near as that to a mark it means
_TICK_PX = 64
_FLAG = (20, 32)  # of A and B: they are taken here, from and to
_FLAG_PX = 7
_LEFT_OUT = QColor(24, 25, 28, 185)
_KINDS = {"ffc": COLD, "gap": QColor(255, 190, 80), "restart": HOT, "disk": HOT}


class SeekBar(QWidget):
    """Shows a Timeline; a press or a drag asks for a moment, or moves A or B.

    Signals, with moments of the recording in its nanoseconds:
        sought: a moment to go to.
        pointed: a moment under the pointer, or None when that has left.
        loop_range_moved: where A is wanted, and where B; None for the one that stays.
    """

    sought = Signal(object)
    pointed = Signal(object)
    loop_range_moved = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(_HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(tr("Time in the recording"))
        tab_stop(self)
        self._timeline = Timeline(StreamNs(0), StreamNs(0))
        self._media_ns = StreamNs(0)
        self._held = False
        self._flag: int | None = None  # A (0) or B (1), while it is held

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Wide if there is room."""
        return QSize(480, _HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Still useful."""
        return QSize(160, _HEIGHT_PX)

    def show_moment(self, timeline: Timeline, media_ns: StreamNs) -> None:
        """Shows a recording, and where the play head is."""
        if timeline != self._timeline or media_ns != self._media_ns:
            self._timeline, self._media_ns = timeline, media_ns
            self.update()

    def x_of(self, media_ns: StreamNs) -> float:
        """Where a moment is, in pixels of this widget."""
        return self._x(self._timeline.share(media_ns))

    def description_at(self, media_ns: StreamNs) -> str:
        """A moment in words, in lines."""
        return self._timeline.description(self._timeline.share(media_ns), _REACH_PX / self._length)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Seeks, or takes hold of A or B."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._flag = self._flag_at(event)
            self._held = self._flag is None
            if self._held:
                self._seek(event)
                self.pointed.emit(None)  # it is to be seen large

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Lets go what was held."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._held, self._flag = False, None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Seeks on, or moves what is held, and emits what is under the pointer."""
        if self._timeline.duration_s <= 0:
            return
        moment = self._timeline.moment(self._share(event))
        if self._held:
            self.sought.emit(moment)
        elif self._flag is not None:
            self.loop_range_moved.emit(*((moment, None) if self._flag == 0 else (None, moment)))
        over_flag = self._flag is not None or self._flag_at(event) is not None
        self.setCursor(
            Qt.CursorShape.SplitHCursor if over_flag else Qt.CursorShape.PointingHandCursor
        )
        self.pointed.emit(None if self._held else moment)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """The pointer has left."""
        self.pointed.emit(None)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paints all of it: a few rectangles."""
        painter = QPainter(self)
        painter.fillRect(self._strip(0.0, 1.0), EMPTY)
        if self._timeline.duration_s > 0:
            for segment in self._timeline.segments():
                painter.fillRect(
                    self._strip(segment.left, segment.right), SEVERITY_COLOURS[segment.severity]
                )
            self._paint_ticks(painter)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_loop_range(painter)
            self._paint_marks(painter)
            self._paint_head(painter)
        if self.hasFocus():
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self._strip(0.0, 1.0).adjusted(-2, -2, 2, 2))
        painter.end()

    @property
    def _length(self) -> float:
        return max(1.0, self.width() - 2.0 * _EDGE_PX)

    def _x(self, share: float) -> float:
        return _EDGE_PX + share * self._length

    def _share(self, event: QMouseEvent) -> float:
        return min(max((event.position().x() - _EDGE_PX) / self._length, 0.0), 1.0)

    def _seek(self, event: QMouseEvent) -> None:
        if self._timeline.duration_s > 0:
            self.sought.emit(self._timeline.moment(self._share(event)))

    def _flag_at(self, event: QMouseEvent) -> int | None:
        """Which of A and B is under the pointer."""
        if self._timeline.loop_range is None or not _FLAG[0] <= event.position().y() <= _FLAG[1]:
            return None
        away = [
            abs(event.position().x() - self.x_of(moment)) for moment in self._timeline.loop_range
        ]
        nearest = away.index(min(away))
        return nearest if away[nearest] <= _FLAG_PX else None

    def _strip(self, left: float, right: float) -> QRectF:
        width = max(1.0, (right - left) * self._length)  # the shortest is seen, too
        return QRectF(self._x(left), _BAND[0], width, _BAND[1] - _BAND[0])

    def _paint_ticks(self, painter: QPainter) -> None:
        painter.setFont(font(8))
        painter.setPen(QUIET)
        for share, text in self._timeline.ticks(max(1, int(self._length / _TICK_PX))):
            x = self._x(share)
            painter.drawLine(QPointF(x, _BAND[1]), QPointF(x, _BAND[1] + 3))
            width = painter.fontMetrics().horizontalAdvance(text) + 2
            left = min(max(0.0, x - width / 2), self.width() - width)
            place = QRectF(left, _BAND[1] + 3, width, _HEIGHT_PX - _BAND[1] - 3)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_loop_range(self, painter: QPainter) -> None:
        """Darkens what is not played, and sets a flag at A and at B."""
        if self._timeline.loop_range is None:
            return
        first, last = (self._timeline.share(moment) for moment in self._timeline.loop_range)
        for left, right in ((0.0, first), (last, 1.0)):
            if right > left:
                painter.fillRect(self._strip(left, right), _LEFT_OUT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(INK)
        for share, inward in ((first, _FLAG_PX), (last, -_FLAG_PX)):
            x = self._x(share)
            painter.drawRect(QRectF(x - 0.75, _BAND[0], 1.5, _FLAG[1] - _BAND[0]))
            corners = [(0.0, _BAND[1]), (inward, (_BAND[1] + _FLAG[1]) / 2), (0.0, _FLAG[1])]
            painter.drawPolygon(QPolygonF([QPointF(x + by, y) for by, y in corners]))

    def _paint_marks(self, painter: QPainter) -> None:
        top, tip = _MARK
        painter.setPen(Qt.PenStyle.NoPen)
        for event in self._timeline.recording.events:
            x = self.x_of(event.timestamp_ns)
            painter.setBrush(_KINDS.get(event.kind, QUIET))
            corners = (QPointF(x - 4, top + 1), QPointF(x + 4, top + 1), QPointF(x, tip))
            painter.drawPolygon(QPolygonF(corners))

    def _paint_head(self, painter: QPainter) -> None:
        x = self.x_of(self._media_ns)
        painter.setPen(QPen(BACKGROUND, 1))
        painter.setBrush(INK)
        painter.drawRect(QRectF(x - 2, _MARK[0] + 0.5, 4, _BAND[1] + 3))
