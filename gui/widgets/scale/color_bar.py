"""The bar beside the large picture: which colour is which temperature, and a handle for that."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPolygonF, QWheelEvent
from PySide6.QtWidgets import QWidget

from gui.language import tr
from gui.state.span.span_mouse import BarDrag, Grip, grip_at, scrolled
from gui.widgets.theme import BACKGROUND, INK, QUIET, font, px
from streamer.messages import INFLUENCE_ZERO
from streamer.thermal.colouring import ISOTHERM, OVER, UNDER
from streamer.thermal.isotherm import Isotherm
from streamer.thermal.palettes import Table
from streamer.thermal.scale import Scale
from streamer.thermal.span import Span
from streamer.thermal.ticks import ticks

_STRIP_PX = 26
_MARGIN_PX = 10
_LEFT_PX = 34  # of the strip; the histogram stands before it
_BEYOND_PX = 7
_REACH_PX = 14  # from an end of the bar, where that end is taken hold of
_NOTCH = 120  # of a wheel, in eighths of a degree
_BARS = QColor(120, 128, 140)


class ColorBar(QWidget):
    """Paints a palette with ticks, how many pixels have each value, and the one under the pointer.

    Signals:
        span_dragged: the Span that mouse or wheel ask for.
        double_clicked: anywhere on it.

    Args:
        ground: what it stands on.
        ink: of its figures.
    """

    span_dragged = Signal(object)
    double_clicked = Signal()

    def __init__(
        self, parent: QWidget | None = None, *, ground: QColor = BACKGROUND, ink: QColor = INK
    ) -> None:
        super().__init__(parent)
        self._ground, self._ink = ground, ink
        self.setAccessibleName(tr("Colour bar"))
        self.setMinimumSize(QSize(px(112), px(56)))
        self.setMaximumWidth(px(112))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self._span: Span | None = None
        self._scale: Scale | None = None
        self._table: Table | None = None
        self._marker: float | None = None
        self._strip = QImage()
        self._isotherm: Isotherm | None = None
        self._beyond = False
        self._difference = False
        self._editable = False
        self._histogram: NDArray[Any] | None = None
        self._drag: BarDrag | None = None
        self._shown: tuple[object, ...] = ()

    def show_span(
        self,
        span: Span | None,
        scale: Scale | None,
        table: Table | None,
        *,
        marker: float | None = None,
        isotherm: Isotherm | None = None,
        beyond: bool = False,
        difference: bool = False,
        editable: bool = False,
        histogram: NDArray[Any] | None = None,
    ) -> None:
        """Takes what the large picture is painted with; no span where it is no measurement.

        Args:
            span: of the palette.
            scale: what counts mean.
            table: the colours, in equal steps of the span.
            marker: the count under the pointer.
            isotherm: which counts are marked.
            beyond: whether what lies beyond the span has colours of its own.
            difference: whether counts are differences.
            editable: whether mouse and wheel may change the span.
            histogram: how many pixels have a value, in equal parts of the span.
        """
        shown = (span, scale, marker, isotherm, beyond, difference, editable)
        if shown == self._shown and table is self._table and histogram is self._histogram:
            return
        self._shown, self._histogram = shown, histogram
        self._span, self._scale, self._marker, self._isotherm, *_ = shown
        self._beyond, self._difference, self._editable = beyond, difference, editable
        if table is not self._table:
            self._table = table
            self._strip = QImage() if table is None else _strip(table)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paints strip, ticks and marker."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._ground)
        strip = self._strip_area()
        if self._span is None or self._scale is None or self._table is None:
            painter.setPen(QUIET)
            painter.drawRect(strip.adjusted(0, 0, -1, -1))
        else:
            painter.drawImage(strip, self._strip)
            if self._beyond:
                _paint_beyond(painter, strip)
            if self._isotherm is not None:
                _paint_isotherm(painter, strip, self._isotherm, self._span)
            if self._histogram is not None:
                _paint_histogram(painter, strip, self._histogram)
            self._paint_ticks(painter, strip, self._span, self._scale)
            if self._marker is not None:
                _paint_marker(painter, strip, _height_of(self._marker, self._span, strip))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Takes hold of an end, or of the whole."""
        strip = self._strip_area()
        if event.button() is Qt.MouseButton.LeftButton and self._editable and self._span:
            grip = self._grip(event.position().y())
            per_pixel = self._span.width / max(1, strip.height() - 1)
            self._drag = BarDrag(grip, self._span, per_pixel, event.position().y())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Drags it."""
        y = event.position().y()
        if self._drag is not None:
            self.span_dragged.emit(self._drag.span_at(y))
        elif self._editable:
            whole = self._grip(y) is Grip.BOTH
            self.setCursor(Qt.CursorShape.OpenHandCursor if whole else Qt.CursorShape.SizeVerCursor)
        else:
            self.unsetCursor()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Lets it go."""
        self._drag = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Asks for the automatic span."""
        self._drag = None
        if self._editable:
            self.double_clicked.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Narrows or widens the span about the value at the pointer."""
        strip, notches = self._strip_area(), event.angleDelta().y() / _NOTCH
        if not (self._editable and self._span and notches):
            event.ignore()
            return
        share = (strip.bottom() - event.position().y()) / max(1, strip.height() - 1)
        about = self._span.low + min(max(share, 0.0), 1.0) * self._span.width
        self.span_dragged.emit(scrolled(self._span, about, notches))
        event.accept()

    def _strip_area(self) -> QRect:
        margin = px(_MARGIN_PX)
        return QRect(px(_LEFT_PX), margin, px(_STRIP_PX), self.height() - 2 * margin)

    def _grip(self, y: float) -> Grip:
        strip = self._strip_area()
        reach = min(px(_REACH_PX), strip.height() / 4)
        return grip_at(y, strip.top(), strip.bottom(), reach)

    def _paint_ticks(self, painter: QPainter, strip: QRect, span: Span, scale: Scale) -> None:
        painter.setFont(font(10))
        painter.setPen(self._ink)
        most = max(2, strip.height() // px(48))
        for counts, text in self._labels(span, scale, most):
            y = round(_height_of(counts, span, strip))
            painter.drawLine(strip.right() + 1, y, strip.right() + px(5), y)
            left, half = strip.right() + px(8), px(10)
            box = QRect(left, y - half, self.width() - left, 2 * half)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, text)

    def _labels(self, span: Span, scale: Scale, most: int) -> list[tuple[float, str]]:
        if self._difference:
            radiometry = scale.radiometry
            each = abs(radiometry.gain_k) * scale.unit.per_kelvin if radiometry else 1.0
            reach = span.width / 2 * each
            steps = ticks(-reach, reach, most)
            return [(INFLUENCE_ZERO + step / each, _number(step, steps, "+")) for step in steps]
        low, high = sorted((scale.value(span.low), scale.value(span.high)))
        steps = ticks(low, high, most)
        return [(scale.counts(step), _number(step, steps)) for step in steps]


def _number(value: float, steps: list[float], sign: str = "-") -> str:
    apart = steps[1] - steps[0] if len(steps) > 1 else 1.0
    decimals = next((n for n in range(3) if abs(apart * 10**n - round(apart * 10**n)) < 1e-6), 3)
    return f"{value if abs(value) > 1e-9 else 0.0:{sign}.{decimals}f}"


def _height_of(counts: float, span: Span, strip: QRect) -> float:
    share = (counts - span.low) / span.width if span.width else 0.5
    return strip.bottom() - min(max(share, 0.0), 1.0) * (strip.height() - 1)


def _paint_isotherm(painter: QPainter, strip: QRect, isotherm: Isotherm, span: Span) -> None:
    """The marked parts of the bar in the colour of the marks."""
    rows = np.arange(strip.top(), strip.bottom() + 1)
    counts = span.low + (strip.bottom() - rows) / max(1, strip.height() - 1) * span.width
    green = QColor.fromRgb(ISOTHERM)
    edges = np.flatnonzero(np.diff(isotherm.marks(counts), prepend=False, append=False))
    for first, end in edges.reshape(-1, 2):
        painter.fillRect(
            QRect(strip.left(), strip.top() + int(first), strip.width(), int(end - first)), green
        )


def _paint_beyond(painter: QPainter, strip: QRect) -> None:
    """What is over and under the span, at the ends of the bar."""
    tall = px(_BEYOND_PX)
    over = QRect(strip.left(), strip.top() - tall, strip.width(), tall)
    painter.fillRect(over, QColor.fromRgb(OVER))
    under = QRect(strip.left(), strip.bottom() + 1, strip.width(), tall)
    painter.fillRect(under, QColor.fromRgb(UNDER))


def _paint_histogram(painter: QPainter, strip: QRect, histogram: NDArray[Any]) -> None:
    """Bars that grow to the left of the strip; roots, so that few hot pixels are seen as well."""
    most = histogram.max(initial=0.0)
    if most <= 0:
        return
    widest, number = px(_LEFT_PX) - px(14), len(histogram)
    lengths = np.sqrt(histogram / most) * widest
    for place, length in enumerate(lengths):
        top = strip.bottom() + 1 - round((place + 1) / number * strip.height())
        bottom = strip.bottom() + 1 - round(place / number * strip.height())
        long = int(np.ceil(length))
        left = strip.left() - px(3) - long
        painter.fillRect(QRect(left, top, long, max(1, bottom - top)), _BARS)


def _strip(table: Table) -> QImage:
    colours = np.ascontiguousarray(table[::-1, None])
    return QImage(colours.data, 1, len(colours), QImage.Format.Format_RGB32).copy()


def _paint_marker(painter: QPainter, strip: QRect, y: float) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(INK)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    left, long, half = strip.left() - px(2), px(9), px(6)
    painter.drawPolygon(
        QPolygonF(
            [QPointF(left, y), QPointF(left - long, y - half), QPointF(left - long, y + half)]
        )
    )
