"""Paints everything that is written and drawn over a picture."""

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gui.state.annotations import Annotations, Box, Mark, MarkKind
from gui.widgets.notices import paint_chip, paint_notice
from gui.widgets.theme import COLD, HOT, TEXT, font

_DIM = QColor(0, 0, 0, 120)
_ARM = 8


_COLOURS = {MarkKind.HOTTEST: HOT, MarkKind.COLDEST: COLD, MarkKind.SPOT: TEXT}


def paint_annotations(
    painter: QPainter, area: QRect, annotations: Annotations, *, has_picture: bool
) -> None:
    """Paints all of it over the picture that lies in an area."""
    if annotations.dimmed and has_picture:
        painter.fillRect(area, _DIM)
    if annotations.box is not None:
        _paint_box(painter, area, annotations.box)
    for mark in annotations.marks:
        _paint_mark(painter, area, mark)
    if annotations.caption:
        corner = area.topLeft() + QPoint(6, 6)
        # A caption may run on beside a picture that is narrower than its pane.
        widest = painter.window().right() - corner.x() - 6
        paint_chip(painter, corner, annotations.caption, font(9), TEXT, right=False, widest=widest)
    if annotations.stamp:
        style = font(13 if area.width() > 500 else 9, bold=True)
        below = 6 if area.width() > 500 else 28
        corner = area.topRight() + QPoint(-6, below)
        paint_chip(painter, corner, annotations.stamp, style, QColor(255, 206, 92), right=True)
    if annotations.notice is not None:
        paint_notice(painter, area, annotations.notice)


def _paint_box(painter: QPainter, area: QRect, box: Box) -> None:
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


def _paint_mark(painter: QPainter, area: QRect, mark: Mark) -> None:
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
