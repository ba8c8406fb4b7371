"""Paints a layer over the picture of a view, and the line that is dragged between two."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QRegion

from gui.state.framing.placement import Placement
from gui.state.looks.look import Layer, Legend
from gui.widgets.framing.oriented import draw_image
from gui.widgets.theme import TEXT, font, px

_CHIP = QColor(10, 11, 13, 235)
_REACH_PX = 7


def layer_image(layer: Layer) -> QImage:
    """A layer's picture; it borrows the layer's memory."""
    height, width = layer.pixels.shape
    kind = QImage.Format.Format_RGB32
    if layer.alpha:
        kind = QImage.Format.Format_ARGB32_Premultiplied
    return QImage(layer.pixels.data, width, height, kind)


def paint_layer(painter: QPainter, placement: Placement, layer: Layer, image: QImage) -> None:
    """Paints it over a picture; its part and its line are those of what is seen."""
    box, seen = placement.box, placement.seen
    area = QRect(round(box.x), round(box.y), round(box.width), round(box.height))
    frame = QRect(round(seen.x), round(seen.y), round(seen.width), round(seen.height))
    painter.save()
    part = _part(area, layer)
    if layer.outside:
        painter.setClipRegion(QRegion(area) - QRegion(part))
    else:
        painter.setClipRect(part)
    painter.setOpacity(layer.opacity)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, layer.smooth)
    draw_image(painter, area, image, placement.orientation)
    painter.restore()
    if layer.outside:
        painter.setPen(QPen(QColor(232, 234, 237), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(part)
    if layer.line is not None:
        _paint_line(painter, frame, _x(area, layer.line))
    if layer.legend is not None:
        _paint_legend(painter, frame, layer.legend)


def near_line(point: QPoint, area: QRect, layer: Layer | None) -> bool:
    """Whether a point is where the line is taken hold of."""
    if layer is None or layer.line is None or not area.contains(point):
        return False
    return abs(point.x() - _x(area, layer.line)) <= px(_REACH_PX)


def _paint_legend(painter: QPainter, area: QRect, legend: Legend) -> None:
    """A bar along the lower edge, its ends written at its sides."""
    painter.setFont(font(9, bold=True))
    metrics = painter.fontMetrics()
    widths = [metrics.horizontalAdvance(text) + px(12) for text in (legend.low, legend.high)]
    bar = max(px(60), min(px(160), area.width() - sum(widths) - px(24)))
    chip = QRect(0, 0, sum(widths) + bar, metrics.height() + px(6))
    chip.moveBottomLeft(area.bottomLeft() + QPoint(px(6), -px(6)))
    painter.fillRect(chip, _CHIP)
    strip = QImage(legend.table.data, len(legend.table), 1, QImage.Format.Format_RGB32)
    high = chip.adjusted(widths[0], px(4), -widths[1], -px(4))
    painter.drawImage(high, strip)
    painter.setPen(TEXT)
    centred = Qt.AlignmentFlag.AlignCenter
    painter.drawText(QRect(chip.topLeft(), QSize(widths[0], chip.height())), centred, legend.low)
    last = QRect(0, 0, widths[1], chip.height())
    last.moveTopRight(chip.topRight())
    painter.drawText(last, centred, legend.high)


def _part(area: QRect, layer: Layer) -> QRect:
    left, top, right, bottom = layer.only
    first = QPoint(_x(area, left), area.y() + round(top * area.height()))
    last = QPoint(_x(area, right) - 1, area.y() + round(bottom * area.height()) - 1)
    return QRect(first, last)


def _x(area: QRect, share: float) -> int:
    return area.x() + round(share * area.width())


def _paint_line(painter: QPainter, area: QRect, x: int) -> None:
    """A line with a handle in its lower part, where no caption stands."""
    y = area.bottom() - px(28)
    for pen in (QPen(QColor(0, 0, 0, 200), 4), QPen(QColor(255, 255, 255), 2)):
        painter.setPen(pen)
        painter.drawLine(x, area.top(), x, area.bottom())
    handle = QRect(0, 0, px(26), px(18))
    handle.moveCenter(QPoint(x, y))
    painter.setPen(QPen(QColor(0, 0, 0, 200), 1))
    painter.setBrush(QColor(255, 255, 255))
    painter.drawRoundedRect(handle, px(4), px(4))
    painter.setPen(QPen(QColor(0, 0, 0), 2))
    for side in (-1, 1):
        tip = QPoint(x + side * px(9), y)
        for away in (-px(4), px(4)):
            painter.drawLine(tip, QPoint(x + side * px(5), y + away))
