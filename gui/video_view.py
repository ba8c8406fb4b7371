"""One picture on the screen, with its marks and words.

A plain widget: painting 640x480 costs it under a millisecond, a plotting library nine times that.
"""

from enum import StrEnum

import msgspec
from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.notice_board import paint_chip, paint_notice
from gui.render import Colours
from gui.situation import Notice
from gui.theme import CANVAS, COLD, HOT, QUIET, TEXT, font
from streamer.clock import now_ns


class MarkKind(StrEnum):
    """What a mark points at."""

    HOTTEST = "hottest"
    COLDEST = "coldest"
    SPOT = "spot"


class Mark(msgspec.Struct, frozen=True):
    """A crosshair with a value, at a place given as shares of the picture."""

    kind: MarkKind
    u: float
    v: float
    text: str


class Box(msgspec.Struct, frozen=True):
    """A frame with words, its sides given as shares of the picture."""

    left: float
    top: float
    right: float
    bottom: float
    text: str


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """Everything written onto a picture."""

    caption: str = ""
    stamp: str = ""
    empty: str = ""  # instead of a picture that is not there yet
    notice: Notice | None = None
    dimmed: bool = False
    marks: tuple[Mark, ...] = ()
    box: Box | None = None


_COLOURS = {MarkKind.HOTTEST: HOT, MarkKind.COLDEST: COLD, MarkKind.SPOT: TEXT}
_DIM = QColor(0, 0, 0, 120)
_ARM = 8
_DRAG_PX = 8  # a hand is not that steady when it clicks


class VideoView(QWidget):
    """Shows colours and words; knows nothing of what they mean.

    Signals:
        clicked: a place of the picture, as shares of width and height.
        boxed: two corners of a box that is being drawn.
        hovered: the place under the pointer, or None when it left the picture.
        painted: the capture time of a picture that has just been painted, and the time now.
    """

    clicked = Signal(float, float)
    boxed = Signal(float, float, float, float)
    hovered = Signal(object)
    painted = Signal(object, object)

    def __init__(self, smallest: QSize, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumSize(smallest)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.words = Words()
        self._colours: Colours | None = None  # the QImage below only borrows its memory
        self._image = QImage()
        self._smooth = True
        self._unpainted_ns: int | None = None
        self._pressed_at: QPoint | None = None
        self._drawing = False

    def show_colours(self, colours: Colours, *, smooth: bool, captured_ns: int | None) -> None:
        """Takes a picture; a `captured_ns` comes back by `painted` once it is on the screen."""
        if colours is not self._colours:
            height, width = colours.shape
            self._image = QImage(colours.data, width, height, QImage.Format.Format_RGB32)
            self._colours = colours
        self._smooth = smooth
        if captured_ns is not None:
            self._unpainted_ns = captured_ns
        self.update()

    def show_words(self, words: Words) -> None:
        """Takes what is written onto the picture."""
        if words != self.words:
            self.words = words
            self.update()

    def clear(self) -> None:
        """Forgets the picture: another pane's stood here."""
        self._colours, self._image, self._unpainted_ns = None, QImage(), None
        self.update()

    def picture_area(self) -> QRect:
        """Where the picture lies in the widget: as large as fits, its proportions kept."""
        if self._image.isNull():
            return self.rect()
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        area = QRect(QPoint(0, 0), size)
        area.moveCenter(self.rect().center())
        return area

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paints everything; reports the picture's capture time when it was a new one."""
        painter = QPainter(self)
        area = self.picture_area()
        if area != self.rect():
            painter.fillRect(self.rect(), CANVAS)
        if self._image.isNull():
            painter.fillRect(area, CANVAS)
            painter.setPen(QUIET)
            painter.setFont(font(10))
            centred = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(area.adjusted(12, 0, -12, 0), centred, self.words.empty)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._smooth)
            painter.drawImage(area, self._image)
        self._paint_words(painter, area)
        painter.end()
        if self._unpainted_ns is not None:
            captured_ns, self._unpainted_ns = self._unpainted_ns, None
            self.painted.emit(captured_ns, now_ns())

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """The beginning of a click or of a box."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed_at, self._drawing = event.position().toPoint(), False

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """A click, if no box was drawn."""
        start, self._pressed_at = self._pressed_at, None
        place = None if start is None or self._drawing else self._place(start)
        if place is not None:
            self.clicked.emit(*place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """The pointer moved over the widget, perhaps drawing a box."""
        point = event.position().toPoint()
        start, place = self._pressed_at, self._place(point)
        self.hovered.emit(place)
        if start is None or place is None or (begun := self._place(start)) is None:
            return
        if self._drawing or (point - start).manhattanLength() > _DRAG_PX:
            self._drawing = True
            self.boxed.emit(*begun, *place)

    def leaveEvent(self, event: object) -> None:  # noqa: N802 - Qt's name
        """The pointer left the widget."""
        self.hovered.emit(None)

    def _place(self, point: QPoint) -> tuple[float, float] | None:
        area = self.picture_area()
        if not area.contains(point):
            return None
        return (
            (point.x() - area.x() + 0.5) / area.width(),
            (point.y() - area.y() + 0.5) / area.height(),
        )

    def _paint_words(self, painter: QPainter, area: QRect) -> None:
        words = self.words
        if words.dimmed and not self._image.isNull():
            painter.fillRect(area, _DIM)
        if words.box is not None:
            self._paint_box(painter, area, words.box)
        for mark in words.marks:
            self._paint_mark(painter, area, mark)
        if words.caption:
            corner = area.topLeft() + QPoint(6, 6)
            widest = area.width() - 12
            paint_chip(painter, corner, words.caption, font(9), TEXT, right=False, widest=widest)
        if words.stamp:
            style = font(13 if area.width() > 500 else 9, bold=True)
            below = 6 if area.width() > 500 else 28
            corner = area.topRight() + QPoint(-6, below)
            paint_chip(painter, corner, words.stamp, style, QColor(255, 206, 92), right=True)
        if words.notice is not None:
            paint_notice(painter, area, words.notice)

    def _paint_box(self, painter: QPainter, area: QRect, box: Box) -> None:
        left, top = area.x() + box.left * area.width(), area.y() + box.top * area.height()
        right, bottom = area.x() + box.right * area.width(), area.y() + box.bottom * area.height()
        frame = QRect(QPoint(round(left), round(top)), QPoint(round(right), round(bottom)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen in (QPen(QColor(0, 0, 0, 200), 3), QPen(TEXT, 1)):
            painter.setPen(pen)
            painter.drawRect(frame)
        below = frame.bottom() + 4 if frame.bottom() < area.bottom() - 30 else frame.top() + 4
        corner, style = QPoint(frame.left(), below), font(10, bold=True)
        paint_chip(painter, corner, box.text, style, TEXT, right=False)

    def _paint_mark(self, painter: QPainter, area: QRect, mark: Mark) -> None:
        x = area.x() + round(mark.u * area.width())
        y = area.y() + round(mark.v * area.height())
        for pen in (QPen(QColor(0, 0, 0, 200), 4), QPen(_COLOURS[mark.kind], 2)):
            painter.setPen(pen)
            painter.drawLine(x - _ARM, y, x + _ARM, y)
            painter.drawLine(x, y - _ARM, x, y + _ARM)
        at_right = mark.u < 0.8
        top, bottom = area.top() + 34, area.bottom() - 24  # below caption and stamp
        corner = QPoint(x + 12 if at_right else x - 12, max(min(y + 4, bottom), top))
        style = font(10, bold=True)
        paint_chip(painter, corner, mark.text, style, _COLOURS[mark.kind], right=not at_right)
