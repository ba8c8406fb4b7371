"""Pages of A4: a report laid out, as a PDF or as a picture of its first page."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF, QSizeF, Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QFont,
    QImage,
    QPageLayout,
    QPageSize,
    QPaintDevice,
    QPainter,
    QPdfWriter,
    QTextDocument,
)

from gui.state.reporting.report_html import WIDTH
from gui.widgets.theme import font

_DPI = 96  # of sizes in HTML
_PAGE_MM = (210, 297)
_PER_MM = _DPI / 25.4
_MARGINS = QMarginsF(14, 14, 14, 12)  # millimetres
_PDF_DPI = 600
_SHEET_DENSITY = 2  # dots for each of HTML
_EDGE_PX = 12


def write_pdf(path: Path, html: str, images: Mapping[str, QImage], title: str) -> bool:
    """Writes a report; returns whether that worked.

    Args:
        path: the file to be.
        html: what is on it.
        images: by their names in the HTML.
        title: as programs that show it tell it.
    """
    writer = QPdfWriter(str(path))
    writer.setTitle(title)
    writer.setCreator("CoReFusion Live")
    writer.setResolution(_PDF_DPI)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(_MARGINS, QPageLayout.Unit.Millimeter)
    painter = QPainter()
    if not painter.begin(writer):
        return False
    painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
    room = QSizeF(writer.width(), writer.height())
    document = _laid_out(html, images, writer, room)
    for number in range(document.pageCount()):
        if number:
            writer.newPage()
        _paint_page(painter, document, number, room)
    return painter.end()


def first_page(html: str, images: Mapping[str, QImage]) -> QImage:
    """A picture of the first page, as it is before it is written; 96 dots an inch."""
    wide, high = (round(millimetres * _PER_MM) for millimetres in _PAGE_MM)
    page = _page_image(wide, high)
    painter = QPainter(page)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    margins = _MARGINS * _PER_MM
    painter.translate(margins.left(), margins.top())
    room = QSizeF(wide - margins.left() - margins.right(), high - margins.top() - margins.bottom())
    _paint_page(painter, _laid_out(html, images, page, room), 0, room)
    painter.end()
    return page


def sheet(html: str, images: Mapping[str, QImage]) -> QImage:
    """A picture of HTML as wide as a page and as high as it needs to be; 192 dots an inch."""
    room = QSizeF(WIDTH * _SHEET_DENSITY, -1)
    page = _page_image(1, 1, _SHEET_DENSITY)
    document = _laid_out(html, images, page, room)
    edge = _EDGE_PX * _SHEET_DENSITY
    high = document.size().height()
    page = _page_image(round(room.width() + 2 * edge), round(high + 2 * edge), _SHEET_DENSITY)
    painter = QPainter(page)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.translate(edge, edge)
    document.drawContents(painter)
    painter.end()
    return page


def _page_image(wide: int, high: int, density: int = 1) -> QImage:
    page = QImage(wide, high, QImage.Format.Format_RGB32)
    for set_density in (page.setDotsPerMeterX, page.setDotsPerMeterY):
        set_density(round(1000 * _PER_MM * density))
    page.fill(Qt.GlobalColor.white)
    return page


def _laid_out(
    html: str, images: Mapping[str, QImage], device: QPaintDevice, room: QSizeF
) -> QTextDocument:
    document = QTextDocument()
    document.setDocumentMargin(0)
    document.documentLayout().setPaintDevice(device)
    for name, image in images.items():
        kind = QTextDocument.ResourceType.ImageResource.value
        document.addResource(kind, QUrl(name), image)
    document.setDefaultFont(QFont(font(9).family(), 9))  # of paper, whatever the screen's size
    document.setHtml(html)
    document.setPageSize(room)
    return document


def _paint_page(painter: QPainter, document: QTextDocument, number: int, room: QSizeF) -> None:
    painter.save()
    painter.translate(0, -number * room.height())
    document.drawContents(painter, QRectF(0, number * room.height(), room.width(), room.height()))
    painter.restore()
    if document.pageCount() > 1:
        painter.setPen(QColor(92, 99, 107))
        painter.setFont(QFont(font(8).family(), 8))
        corner = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom
        said = f"{number + 1} / {document.pageCount()}"
        painter.drawText(QRectF(0, 0, room.width(), room.height()), corner, said)
