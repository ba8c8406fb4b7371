"""The bar beside the large picture: which colour is which temperature."""

import numpy as np
from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QWidget

from gui.widgets.theme import BACKGROUND, INK, QUIET, font, px
from streamer.messages import INFLUENCE_ZERO
from streamer.thermal.colouring import ISOTHERM
from streamer.thermal.palettes import Table
from streamer.thermal.scale import Scale
from streamer.thermal.span import Span
from streamer.thermal.ticks import ticks

_STRIP_PX = 26
_MARGIN_PX = 10


class ColorBar(QWidget):
    """Paints a palette with ticks, and a marker at the value under the pointer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumSize(QSize(px(96), px(56)))
        self.setMaximumWidth(px(96))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._span: Span | None = None
        self._scale: Scale | None = None
        self._table: Table | None = None
        self._marker: float | None = None
        self._strip = QImage()
        self._mark_from: float | None = None
        self._difference = False
        self._shown: tuple[object, ...] = ()

    def show_span(
        self,
        span: Span | None,
        scale: Scale | None,
        table: Table | None,
        *,
        marker: float | None = None,
        mark_from: float | None = None,
        difference: bool = False,
    ) -> None:
        """Takes what the large picture is painted with; no span where it is no measurement."""
        shown = (span, scale, marker, mark_from, difference)
        if shown == self._shown and table is self._table:
            return
        self._shown = shown
        self._span, self._scale, self._marker, self._mark_from, self._difference = shown
        if table is not self._table:
            self._table = table
            self._strip = QImage() if table is None else _strip(table)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paints strip, ticks and marker."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), BACKGROUND)
        margin = px(_MARGIN_PX)
        strip = QRect(px(12), margin, px(_STRIP_PX), self.height() - 2 * margin)
        if self._span is None or self._scale is None or self._table is None:
            painter.setPen(QUIET)
            painter.drawRect(strip.adjusted(0, 0, -1, -1))
        else:
            painter.drawImage(strip, self._strip)
            if self._mark_from is not None:
                top = round(_height_of(self._mark_from, self._span, strip))
                painter.fillRect(
                    QRect(strip.left(), strip.top(), strip.width(), top - strip.top()),
                    QColor.fromRgb(ISOTHERM),
                )
            self._paint_ticks(painter, strip, self._span, self._scale)
            if self._marker is not None:
                _paint_marker(painter, strip, _height_of(self._marker, self._span, strip))
        painter.end()

    def _paint_ticks(self, painter: QPainter, strip: QRect, span: Span, scale: Scale) -> None:
        painter.setFont(font(10))
        painter.setPen(INK)
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
