"""The thumbnail above the seek bar: what the recording shows where the pointer is."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gui.widgets.theme import CANVAS, QUIET, TEXT, font
from streamer.clock import StreamNs, since
from streamer.thermal.colouring import Colours

_PICTURE = QSize(160, 120)
_PADDING_PX = 6
_GAP_PX = 6  # to the seek bar
_GROUND = QColor(52, 55, 61)


class ThumbnailPopup(QWidget):
    """A picture with text below, over the rest of the window; the mouse goes through it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFont(font(9))
        self._colours: Colours | None = None  # the QImage below only borrows its memory
        self._image = QImage()
        self._image_ns: StreamNs | None = None
        self._lines: list[str] = []
        self.hide()

    @property
    def image_ns(self) -> StreamNs | None:
        """The moment of the picture; None while there is none."""
        return self._image_ns

    def show_at(self, anchor: QPoint, text: str, moment_ns: StreamNs, near_ns: int) -> None:
        """Stands with the middle of its lower edge above a point of the window.

        Args:
            anchor: the point.
            text: of the moment, in lines.
            moment_ns: the moment.
            near_ns: a picture of a moment so near is kept until the right one comes.
        """
        if self._image_ns is not None and abs(since(self._image_ns, moment_ns)) > near_ns:
            self._colours, self._image, self._image_ns = None, QImage(), None
        self._lines = text.split("\n")
        metrics = self.fontMetrics()
        widest = max(metrics.horizontalAdvance(line) for line in self._lines)
        width = max(_PICTURE.width(), widest) + 2 * _PADDING_PX
        text_px = metrics.height() * len(self._lines)
        height = _PICTURE.height() + text_px + 3 * _PADDING_PX
        area = QRect(0, 0, width, height)
        area.moveBottom(anchor.y() - _GAP_PX)
        area.moveLeft(anchor.x() - width // 2)
        room = self._window.width()
        area.moveLeft(max(_PADDING_PX, min(area.left(), room - width - _PADDING_PX)))
        self.setGeometry(area)
        self.show()
        self.raise_()
        self.update()

    def show_picture(self, colours: Colours, moment_ns: StreamNs) -> None:
        """Takes the picture of a moment."""
        height, width = colours.shape
        self._colours, self._image_ns = colours, moment_ns
        self._image = QImage(colours.data, width, height, QImage.Format.Format_RGB32)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paints ground, picture and text."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), _GROUND)
        painter.setPen(QUIET)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        place = QRect(QPoint(0, _PADDING_PX), _PICTURE)
        place.moveLeft((self.width() - place.width()) // 2)
        painter.fillRect(place, CANVAS)
        if not self._image.isNull():
            size = self._image.size().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
            area = QRect(QPoint(0, 0), size)
            area.moveCenter(place.center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(area, self._image)
        painter.setPen(TEXT)
        below = self.rect().adjusted(_PADDING_PX, place.bottom() + _PADDING_PX, -_PADDING_PX, 0)
        lines = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
        painter.drawText(below, lines, "\n".join(self._lines))
        painter.end()
