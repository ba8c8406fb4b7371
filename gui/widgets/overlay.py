"""Paints everything that is written and drawn over a picture."""

from collections.abc import Iterator
from typing import NamedTuple

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QPolygonF

from gui.state.annotations import Annotations, MarkKind, ToolMark
from gui.state.framing.placement import Placement
from gui.state.framing.zoom import Box
from gui.state.measuring.label_layout import Placed, Rect, Wanted, place_labels
from gui.status.diagnosis import Severity
from gui.widgets.notices import paint_chip, paint_notice
from gui.widgets.theme import ALARM, COLD, HOT, SELECTED, SEVERITY_COLOURS, TEXT, font, px
from streamer.measuring.tool import Place

_DIM = QColor(0, 0, 0, 120)
_BEHIND = QColor(0, 0, 0, 200)
_LABEL = QColor(10, 11, 13, 225)  # 4.5:1 and more, over the white of a palette too
_ARM = 8
_MOST_ALARMS = 4
_HANDLE = 7
_PADDING = 4
_COLOURS = {MarkKind.HOTTEST: HOT, MarkKind.COLDEST: COLD}


class _Label(NamedTuple):
    """A text in all its forms, what it names, and its colour."""

    around: Rect
    forms: tuple[str, ...]
    colour: QColor


class AnnotationPainter:
    """Paints annotations; finds places for labels once, however often they are painted."""

    def __init__(self) -> None:
        self._placed_for: tuple[Annotations, Placement, tuple[Rect, ...], Rect | None] | None = None
        self._placed: list[tuple[_Label, Placed | None]] = []

    def paint(
        self,
        painter: QPainter,
        placement: Placement,
        annotations: Annotations,
        *,
        has_picture: bool,
        taken: QRect | None = None,
    ) -> None:
        """Paints all of it over a picture; words stand in the part of it that is seen.

        Args:
            painter: of the view.
            placement: of the picture.
            annotations: what is to be painted.
            has_picture: whether there is one below.
            taken: where no label may stand besides.
        """
        area = _qrect(placement.seen)
        if annotations.dimmed and has_picture:
            painter.fillRect(area, _DIM)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for tool in annotations.tools:
            _paint_tool(painter, placement, tool)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        for mark in annotations.marks:
            at = _on_screen((mark.u, mark.v), placement)
            _paint_cross(painter, at, _COLOURS[mark.kind])
        full = tuple(_rect(each) for each in _paint_texts(painter, area, annotations))
        if annotations.alarms:
            alarms = _paint_alarms(painter, area, annotations.alarms)
            full += tuple(_rect(each) for each in alarms)
        if taken is not None:
            full += (_rect(taken),)
        notice = annotations.notice
        panel = None if notice is None else paint_notice(painter, area, notice)
        covered = None if panel is None else _rect(panel)
        if annotations.tools or annotations.marks:
            self._paint_labels(painter, placement, annotations, full, covered)

    def _paint_labels(
        self,
        painter: QPainter,
        placement: Placement,
        annotations: Annotations,
        taken: tuple[Rect, ...],
        covered: Rect | None,
    ) -> None:
        style = font(10 if placement.seen.width > 420 else 8, bold=True)
        key = (annotations, placement, taken, covered)
        known = self._placed_for
        if known is None or known[0] is not annotations or known[1:] != key[1:]:
            self._placed_for = key
            self._placed = _place(placement, annotations, taken, covered, QFontMetrics(style))
        painter.setFont(style)
        shown = [(label, placed) for label, placed in self._placed if placed is not None]
        for label, placed in shown:  # lines first: none may run through a number
            if placed.apart:
                painter.setPen(QPen(label.colour, 1))
                near = _nearest(QRectF(*placed.at), label.around)
                painter.drawLine(near, _centre(label.around))
        for label, placed in shown:
            box = QRectF(*placed.at)
            painter.fillRect(box, _LABEL)
            painter.setPen(label.colour)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, label.forms[placed.form])


def _paint_texts(painter: QPainter, area: QRect, annotations: Annotations) -> Iterator[QRect]:
    """Caption and stamp; yields where they stand."""
    if annotations.caption:
        corner = area.topLeft() + QPoint(6, 6)
        # A caption may run on beside a picture that is narrower than its pane.
        widest = painter.window().right() - corner.x() - 6
        style = font(9)
        yield paint_chip(
            painter, corner, annotations.caption, style, TEXT, right=False, widest=widest
        )
    if annotations.stamp:
        style = font(13 if area.width() > 500 else 9, bold=True)
        below = 6 if area.width() > 500 else 28
        corner = area.topRight() + QPoint(-6, below)
        yellow = QColor(255, 206, 92)
        yield paint_chip(painter, corner, annotations.stamp, style, yellow, right=True)


def _paint_alarms(
    painter: QPainter, area: QRect, alarms: tuple[tuple[str, ...], ...]
) -> Iterator[QRect]:
    """A frame in red around the picture, and the alarms in words along its bottom."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(ALARM, 4))
    painter.drawRect(area.adjusted(2, 2, -2, -2))
    style = font(11 if area.width() > 420 else 9, bold=True)
    bottom = area.bottom() - 8
    metrics, room = QFontMetrics(style), area.width() - 28
    painter.setFont(style)
    for forms in alarms[:_MOST_ALARMS]:
        fitting = (form for form in forms if metrics.horizontalAdvance(form) <= room)
        words = next(fitting, forms[-1])
        box = QRect(0, 0, metrics.horizontalAdvance(words) + 12, metrics.height() + 4)
        box.moveBottomLeft(QPoint(area.left() + 8, bottom))
        painter.fillRect(box, SEVERITY_COLOURS[Severity.ERROR])
        painter.setPen(TEXT)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
        bottom = box.top() - 3
        yield box


def _place(
    placement: Placement,
    annotations: Annotations,
    taken: tuple[Rect, ...],
    covered: Rect | None,
    metrics: QFontMetrics,
) -> list[tuple[_Label, Placed | None]]:
    seen = Rect(*placement.seen)
    labels = [one for one in _labels(placement, annotations) if one.around.overlaps(seen)]
    height = metrics.height() + 2
    wanted = [
        Wanted(
            label.around,
            tuple((metrics.horizontalAdvance(form) + 2 * _PADDING, height) for form in label.forms),
        )
        for label in labels
    ]
    return list(zip(labels, place_labels(seen, wanted, taken, covered), strict=True))


def _labels(placement: Placement, annotations: Annotations) -> Iterator[_Label]:
    """Everything that has a label, the most important first: it has the first choice of places."""
    chosen = [tool for tool in annotations.tools if tool.labels and tool.handles]
    others = [tool for tool in annotations.tools if tool.labels and not tool.handles]
    spots = [tool for tool in others if len(tool.outline) == 1]
    for tool in (*chosen, *spots):
        yield _Label(_around(tool, placement), tool.labels, _colour(tool))
    for mark in annotations.marks:
        at = _on_screen((mark.u, mark.v), placement)
        around = Rect(at.x() - px(_ARM), at.y() - px(_ARM), 2 * px(_ARM), 2 * px(_ARM))
        yield _Label(around, (mark.text,), _COLOURS[mark.kind])
    for tool in others:
        if len(tool.outline) > 1:
            yield _Label(_around(tool, placement), tool.labels, _colour(tool))


def _paint_tool(painter: QPainter, placement: Placement, tool: ToolMark) -> None:
    points = [_on_screen(place, placement) for place in tool.outline]
    colour = _colour(tool)
    if len(points) == 1:
        _paint_cross(painter, points[0], colour)
    else:
        polygon = QPolygonF(points)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        wide = 2 if tool.handles or tool.alarmed else 1
        for pen in (QPen(_BEHIND, wide + 2), QPen(colour, wide)):
            painter.setPen(pen)
            (painter.drawPolygon if tool.closed else painter.drawPolyline)(polygon)
    for place, colour, up in ((tool.hottest, HOT, True), (tool.coldest, COLD, False)):
        if place is not None:
            _paint_triangle(painter, _on_screen(place, placement), colour, up=up)
    painter.setPen(QPen(_BEHIND, 1))
    painter.setBrush(SELECTED)
    if len(points) > 1:
        for place in tool.handles:
            at = _on_screen(place, placement)
            half = px(_HANDLE) / 2
            painter.drawRect(QRectF(at.x() - half, at.y() - half, 2 * half, 2 * half))


def _paint_cross(painter: QPainter, at: QPointF, colour: QColor) -> None:
    x, y = round(at.x()), round(at.y())
    for pen in (QPen(_BEHIND, 4), QPen(colour, 2)):
        painter.setPen(pen)
        painter.drawLine(x - px(_ARM), y, x + px(_ARM), y)
        painter.drawLine(x, y - px(_ARM), x, y + px(_ARM))


def _paint_triangle(painter: QPainter, at: QPointF, colour: QColor, *, up: bool) -> None:
    """Its tip is the place."""
    down = 8 if up else -8
    tip = [at, at + QPointF(-4, down), at + QPointF(4, down)]
    painter.setPen(QPen(_BEHIND, 1))
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF(tip))


def _colour(tool: ToolMark) -> QColor:
    if tool.alarmed:
        return ALARM
    return SELECTED if tool.handles else TEXT


def _around(tool: ToolMark, placement: Placement) -> Rect:
    """What a tool covers on the screen; of a spot, its cross."""
    points = [_on_screen(place, placement) for place in tool.outline]
    left, right = min(p.x() for p in points), max(p.x() for p in points)
    top, bottom = min(p.y() for p in points), max(p.y() for p in points)
    room = px(_ARM) if len(points) == 1 else 0
    return Rect(left - room, top - room, right - left + 2 * room, bottom - top + 2 * room)


def _on_screen(place: Place, placement: Placement) -> QPointF:
    return QPointF(*placement.on_screen(place))


def _qrect(box: Box) -> QRect:
    return QRect(round(box.x), round(box.y), round(box.width), round(box.height))


def _rect(rect: QRect) -> Rect:
    return Rect(rect.x(), rect.y(), rect.width(), rect.height())


def _centre(rect: Rect) -> QPointF:
    return QPointF(rect.x + rect.width / 2, rect.y + rect.height / 2)


def _nearest(box: QRectF, around: Rect) -> QPointF:
    """The point of a label that is nearest to what it names."""
    centre = _centre(around)
    return QPointF(
        min(max(centre.x(), box.left()), box.right()), min(max(centre.y(), box.top()), box.bottom())
    )
