"""Paints a plot of lines, with a cursor that reads them.

A plain widget: a plotting library takes 0.2 s to import and ten times as long to draw.
"""

import math
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.language import tr
from gui.state.measuring.plot import Plot, PlotLine
from gui.widgets.theme import TEXT, font, px

_COLOURS = (
    QColor(120, 190, 255),
    QColor(255, 140, 100),
    QColor(120, 220, 140),
    QColor(255, 214, 92),
    QColor(214, 150, 255),
    QColor(110, 226, 226),
    QColor(255, 150, 190),
    QColor(200, 200, 200),
)
_GROUND = QColor(12, 13, 15)  # by any theme, as pictures are: the colours of lines are made for it
_AXIS = QColor(164, 169, 176)
_GRID = QColor(255, 255, 255, 28)
_LEGEND = QColor(10, 11, 13, 190)
_DARKER = 165  # per cent: the same lines, to be read on white


class _Inks(NamedTuple):
    """What a plot is drawn with, besides its lines."""

    ground: QColor
    axis: QColor
    grid: QColor
    legend: QColor


_ON_SCREEN = _Inks(_GROUND, _AXIS, _GRID, _LEGEND)
_ON_PAPER = _Inks(
    QColor(255, 255, 255), QColor(76, 82, 90), QColor(0, 0, 0, 36), QColor(255, 255, 255, 200)
)


class PlotView(QWidget):
    """Shows a plot; the pointer reads every line at its place.

    Args:
        on_paper: whether it is drawn on white.
    """

    def __init__(self, parent: QWidget | None = None, *, on_paper: bool = False) -> None:
        super().__init__(parent)
        self._inks = _ON_PAPER if on_paper else _ON_SCREEN
        self.setMinimumSize(QSize(px(160), px(60)))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Curves"))
        self.plot = Plot()
        self._cursor: float | None = None

    def show_plot(self, plot: Plot) -> None:
        """Takes what is to be drawn."""
        if plot != self.plot:
            self.plot = plot
            self.update()

    def legend(self) -> list[tuple[str, QColor]]:
        """What is written in the plot: each line's name, with its value at the cursor."""
        if self._cursor is None:
            return [(line.name, self._colour(line)) for line in self.plot.lines]
        x, read = self.plot.read(self._cursor)
        lines = [(f"{x:.1f} {self.plot.x_unit}", TEXT)]
        return lines + [
            (f"{line.name}  {_value(value)} {self.plot.y_unit}", self._colour(line))
            for line, value in read
        ]

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """The cursor is under the pointer."""
        area = self._area()
        share = (event.position().x() - area.x()) / max(1, area.width())
        self._cursor = min(max(share, 0.0), 1.0)
        self.update()

    def leaveEvent(self, event: object) -> None:  # noqa: N802 - Qt's name
        """No pointer, no cursor."""
        self._cursor = None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paints axes, lines, cursor and legend."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._inks.ground)
        painter.setFont(font(8))
        if not self.plot.lines:
            painter.setPen(self._inks.axis)
            wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(8, 0, -8, 0), wrapped, self.plot.empty)
            painter.end()
            return
        area, metrics = self._area(), QFontMetrics(font(8))
        self._paint_axes(painter, area, metrics)
        painter.setClipRect(area)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for line in self.plot.lines:
            painter.setPen(QPen(self._colour(line), 1.4))
            for part in self._parts(line, area):
                painter.drawPolyline(part)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        if self._cursor is not None:
            x = round(area.x() + self._cursor * area.width())
            painter.setPen(QPen(self._inks.axis, 1, Qt.PenStyle.DashLine))
            painter.drawLine(x, area.top(), x, area.bottom())
        self._paint_legend(painter, area, metrics)
        painter.end()

    def _area(self) -> QRect:
        metrics = QFontMetrics(font(8))
        left = metrics.horizontalAdvance("-888.8") + 8
        return self.rect().adjusted(left, 4, -8, -(metrics.height() + 5))

    def _paint_axes(self, painter: QPainter, area: QRect, metrics: QFontMetrics) -> None:
        high = metrics.height()
        y_ticks = self.plot.y_ticks(max(2, area.height() // (2 * high)))
        for value in y_ticks:
            y = round(self._y(value, area))
            painter.setPen(self._inks.grid)
            painter.drawLine(area.left(), y, area.right(), y)
            painter.setPen(self._inks.axis)
            box = QRect(0, y - high // 2, area.left() - 4, high)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight, _value(value))
        x_ticks = self.plot.x_ticks(max(2, area.width() // px(90)))
        for number, value in enumerate(x_ticks):
            x = round(self._x(value, area))
            painter.setPen(self._inks.axis)
            last = number == len(x_ticks) - 1
            text = f"{value:g} {self.plot.x_unit}" if last else f"{value:g}"
            wide = metrics.horizontalAdvance(text)
            left = min(x - wide // 2, self.width() - wide - 2)
            painter.drawText(left, area.bottom() + high, text)

    def _paint_legend(self, painter: QPainter, area: QRect, metrics: QFontMetrics) -> None:
        """In columns from the upper left: what has no room is left out whole."""
        x, y, widest = area.left() + 4, area.top() + 2, 0
        for text, colour in self.legend():
            if y + metrics.height() > area.bottom() and y > area.top() + 2:
                x, y, widest = x + widest + 10, area.top() + 2, 0
            wide = metrics.horizontalAdvance(text) + 6
            if x + wide > area.right():
                return
            widest = max(widest, wide)
            painter.fillRect(QRectF(x, y, wide, metrics.height()), self._inks.legend)
            painter.setPen(colour)
            painter.drawText(x + 3, y + metrics.ascent(), text)
            y += metrics.height()

    def _colour(self, line: PlotLine) -> QColor:
        colour = _COLOURS[line.colour % len(_COLOURS)]
        return colour.darker(_DARKER) if self._inks is _ON_PAPER else colour

    def _parts(self, line: PlotLine, area: QRect) -> list[QPolygonF]:
        """The line in pieces between gaps."""
        parts: list[list[QPointF]] = [[]]
        for x, y in zip(line.x, line.y, strict=True):
            if math.isnan(x) or math.isnan(y):
                parts.append([])
            else:
                parts[-1].append(QPointF(self._x(x, area), self._y(y, area)))
        return [QPolygonF(part) for part in parts if part]

    def _x(self, value: float, area: QRect) -> float:
        low, high = self.plot.x_range
        return area.x() + (value - low) / max(high - low, 1e-9) * area.width()

    def _y(self, value: float, area: QRect) -> float:
        low, high = self.plot.y_range
        return area.bottom() - (value - low) / max(high - low, 1e-9) * area.height()


def _value(value: float) -> str:
    return f"{value:.1f}" if abs(value) < 1000 else f"{value:.0f}"
