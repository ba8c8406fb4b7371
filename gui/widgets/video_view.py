"""One picture on the screen, with its annotations.

A plain widget: painting 640x480 costs it under a millisecond, a plotting library nine times that.
"""

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.imaging.fog import Fog
from gui.state.annotations import Annotations
from gui.state.looks.look import Layer
from gui.widgets.layer_painter import layer_image, near_line, paint_layer
from gui.widgets.overlay import AnnotationPainter
from gui.widgets.theme import CANVAS, QUIET, font
from streamer.clock import HostNs, now_ns
from streamer.thermal.colouring import Colours


class VideoView(QWidget):
    """Shows colours and annotations; knows nothing of what they mean.

    Places are shares of the picture's width and height; beside it they lie beyond 0..1.

    Signals:
        pressed: the left button went down at a place.
        dragged: the pointer moved to a place with that button down.
        released: that button came up at a place.
        double_clicked: at a place.
        hovered: the place under the pointer, or None when it is not over the picture.
        painted: the capture time of a picture that has just been painted, and the time now.
        split_moved: where the line between two pictures was dragged to, as a share of the width.
    """

    pressed = Signal(float, float)
    dragged = Signal(float, float)
    released = Signal(float, float)
    double_clicked = Signal(float, float)
    hovered = Signal(object)
    painted = Signal(object, object)
    split_moved = Signal(float)

    def __init__(self, smallest: QSize, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumSize(smallest)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.annotations = Annotations()
        self._colours: Colours | None = None  # the QImage below only borrows its memory
        self._image = QImage()
        self._fog: Fog | None = None  # borrowed alike
        self._fog_image = QImage()
        self._layer: Layer | None = None  # the QImage below borrows from it
        self._layer_image = QImage()
        self._dragging_line = False
        self._smooth = True
        self._unpainted_ns: HostNs | None = None
        self._annotation_painter = AnnotationPainter()

    def show_colours(self, colours: Colours, *, smooth: bool, captured_ns: HostNs | None) -> None:
        """Takes a picture; a `captured_ns` comes back by `painted` once it is on the screen."""
        if colours is not self._colours:
            height, width = colours.shape
            self._image = QImage(colours.data, width, height, QImage.Format.Format_RGB32)
            self._colours = colours
        self._smooth = smooth
        if captured_ns is not None:
            self._unpainted_ns = captured_ns
        self.update()

    def show_fog(self, fog: Fog | None) -> None:
        """Takes what lies over the picture, stretched to its size; None takes it away."""
        if fog is self._fog:
            return
        self._fog, self._fog_image = fog, QImage()
        if fog is not None:
            height, width = fog.shape
            kind = QImage.Format.Format_ARGB32_Premultiplied
            self._fog_image = QImage(fog.data, width, height, kind)
        self.update()

    def show_layer(self, layer: Layer | None) -> None:
        """Takes what lies over the picture, under its annotations; None takes it away."""
        if layer is not self._layer:
            self._layer = layer
            self._layer_image = QImage() if layer is None else layer_image(layer)
            self.update()

    @property
    def has_own_bar(self) -> bool:
        """Whether what lies over the picture has colours that mean other values."""
        return self._layer is not None and self._layer.legend is not None

    def set_annotations(self, annotations: Annotations) -> None:
        """Takes what is written and drawn onto the picture."""
        if annotations != self.annotations:
            self.annotations = annotations
            self.update()

    def clear(self) -> None:
        """Forgets the picture: another pane's stood here."""
        self._colours, self._image, self._unpainted_ns = None, QImage(), None
        self.show_fog(None)
        self.show_layer(None)
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
            painter.drawText(area.adjusted(12, 0, -12, 0), centred, self.annotations.empty)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._smooth)
            painter.drawImage(area, self._image)
            if not self._fog_image.isNull():
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                painter.drawImage(area, self._fog_image)
            if self._layer is not None:
                paint_layer(painter, area, self._layer, self._layer_image)
        has_picture = not self._image.isNull()
        self._annotation_painter.paint(painter, area, self.annotations, has_picture=has_picture)
        painter.end()
        if self._unpainted_ns is not None:
            captured_ns, self._unpainted_ns = self._unpainted_ns, None
            self.painted.emit(captured_ns, now_ns())

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """The left button went down: on the line between two pictures, or at a place."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        self._dragging_line = self._near_line(event)
        if not self._dragging_line:
            self.pressed.emit(*self._place(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """The left button came up."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        if not self._dragging_line:
            self.released.emit(*self._place(event.position()))
        self._dragging_line = False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Qt sends this in place of the second press."""
        if event.button() is Qt.MouseButton.LeftButton and not self._near_line(event):
            self.double_clicked.emit(*self._place(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """The pointer moved over the widget, or anywhere with the button down."""
        place, area = self._place(event.position()), self.picture_area()
        if self._dragging_line:
            self.split_moved.emit(min(max(place[0], 0.0), 1.0))
            return
        if self._layer is not None and self._layer.line is not None:
            over = self._near_line(event)
            self.setCursor(Qt.CursorShape.SplitHCursor if over else Qt.CursorShape.CrossCursor)
        self.hovered.emit(place if area.contains(event.position().toPoint()) else None)
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.dragged.emit(*place)

    def leaveEvent(self, event: object) -> None:  # noqa: N802 - Qt's name
        """The pointer left the widget."""
        self.hovered.emit(None)

    def _near_line(self, event: QMouseEvent) -> bool:
        return near_line(event.position().toPoint(), self.picture_area(), self._layer)

    def _place(self, point: QPointF) -> tuple[float, float]:
        """The middle of the pixel under a point; the first and the last one are in the picture."""
        area = self.picture_area()
        x, y = int(point.x()) - area.x(), int(point.y()) - area.y()
        return (x + 0.5) / max(1, area.width()), (y + 0.5) / max(1, area.height())
