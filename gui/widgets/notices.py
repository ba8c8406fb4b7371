"""Text over a picture: chips in its corners, and notices that say what to do."""

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter

from gui.status.diagnosis import Notice
from gui.widgets.theme import SEVERITY_COLOURS, TEXT, font

_BEHIND = QColor(16, 17, 20, 226)
_CHIP = QColor(10, 11, 13, 235)
_PADDING = 14
_WIDEST = 720
_LEAST_PX = 130
_SHARE = 0.3  # of the picture's height, at most, for what lets work go on over it


def paint_chip(
    painter: QPainter,
    corner: QPoint,
    text: str,
    style: QFont,
    colour: QColor,
    *,
    right: bool,
    widest: int = 4000,
) -> QRect:
    """A line of text on a dark ground, with its upper left (or right) corner at a point.

    Returns:
        Where it stands.
    """
    painter.setFont(style)
    metrics = QFontMetrics(style)
    text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, widest - 12)
    box = metrics.boundingRect(text).adjusted(-6, -3, 6, 3)
    box.moveTopLeft(corner)
    if right:
        box.moveRight(corner.x())
    painter.fillRect(box, _CHIP)
    painter.setPen(colour)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    return box


def paint_notice(painter: QPainter, area: QRect, notice: Notice) -> QRect | None:
    """A notice in the middle of an area, or along its bottom for one that lets work go on.

    Returns:
        Where it stands; None where there is no room.
    """
    small = area.width() < 420 or area.height() < 220
    title_pt = 16 if notice.whole else (13 if notice.lines else 11)
    title_font = font(11 if small else title_pt, bold=True)
    line_font = font(9 if small else 11)
    width = min(area.width() - 2 * _PADDING, _WIDEST if notice.whole else area.width())
    inner = width - 2 * _PADDING - 6
    if inner < 40:
        return None
    flags = Qt.TextFlag.TextWordWrap
    parts = [(notice.title, title_font), *((line, line_font) for line in notice.lines)]
    share = 1.0 if notice.whole else max(_SHARE, min(_LEAST_PX / max(area.height(), 1), 0.5))
    room = round(share * area.height()) - 2 * _PADDING
    boxes: list[tuple[str, QFont, int]] = []
    height = 2 * _PADDING
    for text, style in parts:
        tall = QFontMetrics(style).boundingRect(QRect(0, 0, inner, 4000), flags, text).height()
        if boxes and height + tall + 6 > room:
            break  # what does not fit is left out whole: half a line helps nobody
        boxes.append((text, style, tall))
        height += tall + (6 if len(boxes) > 1 else 0)
    panel = QRect(0, 0, width, height)
    panel.moveCenter(area.center())
    if not notice.whole:
        panel.moveBottom(area.bottom() - _PADDING)
    painter.fillRect(panel, _BEHIND)
    painter.fillRect(
        QRect(panel.x(), panel.y(), 6, panel.height()),
        SEVERITY_COLOURS[notice.severity].lighter(130),
    )
    painter.setPen(TEXT)
    top = panel.y() + _PADDING
    for text, style, tall in boxes:
        painter.setFont(style)
        painter.drawText(QRect(panel.x() + 6 + _PADDING, top, inner, tall), flags, text)
        top += tall + 6
    return panel
