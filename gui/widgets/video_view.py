"""One picture on the screen, with its annotations.

A plain widget: painting 640x480 costs it under a millisecond, a plotting library nine times that.
"""

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.imaging.fog import Fog
from gui.state.annotations import Annotations
from gui.state.framing.orientation import Orientation
from gui.state.framing.placement import Placement
from gui.state.framing.zoom import Box, Extent, Zoom
from gui.state.looks.look import Layer
from gui.widgets.framing.mini_map import MiniMap
from gui.widgets.framing.oriented import draw_image
from gui.widgets.layer_painter import layer_image, near_line, paint_layer
from gui.widgets.overlay import AnnotationPainter
from gui.widgets.theme import CANVAS, QUIET, font
from streamer.clock import HostNs, now_ns
from streamer.thermal.colouring import Colours

_NOTCH = 120  # of a wheel, in eighths of a degree


class VideoView(QWidget):
    """Shows colours and annotations; knows nothing of what they mean.

    Places are shares of the picture's width and height, whichever way up it is shown; beside it
    they lie beyond 0..1.

    Args:
        smallest: size that it keeps.
        zooms: whether wheel, middle button and Ctrl with the left one magnify and move the picture.

    Signals:
        pressed: the left button went down at a place.
        dragged: the pointer moved to a place with that button down.
        released: that button came up at a place.
        double_clicked: at a place.
        hovered: the place under the pointer, or None when it is not over the picture.
        painted: the capture time of a picture that has just been painted, and the time now.
        split_moved: where the line between two pictures was dragged to, as a share of the width.
        zoomed: the Zoom that the mouse asks for.
    """

    pressed = Signal(float, float)
    dragged = Signal(float, float)
    released = Signal(float, float)
    double_clicked = Signal(float, float)
    hovered = Signal(object)
    painted = Signal(object, object)
    split_moved = Signal(float)
    zoomed = Signal(object)

    def __init__(
        self, smallest: QSize, parent: QWidget | None = None, *, zooms: bool = False
    ) -> None:
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
        self._zooms = zooms
        self._zoom = Zoom()
        self._orientation = Orientation()
        self._mini_map = MiniMap()
        self._panned_from: QPointF | None = None
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

    def show_framing(self, zoom: Zoom, orientation: Orientation) -> None:
        """Takes how large the picture is shown, which part of it, and which way up."""
        if (zoom, orientation) != (self._zoom, self._orientation):
            self._zoom, self._orientation = zoom, orientation
            self.update()

    def twin(self, size: QSize) -> "VideoView":
        """A view of a size with the same picture, and all over it; later ones do not come to it."""
        twin = VideoView(size, zooms=self._zooms)
        twin.resize(size)
        twin._image, twin._smooth = self._image.copy(), self._smooth
        twin._fog_image = self._fog_image.copy()
        twin._layer, twin._layer_image = self._layer, self._layer_image.copy()
        twin._zoom, twin._orientation = self._zoom, self._orientation
        twin.annotations = self.annotations
        return twin

    @property
    def zoom(self) -> Zoom:
        """How large the picture is shown."""
        return self._zoom

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
        """Where the picture lies, its proportions kept; beyond the widget where it is zoomed."""
        if self._image.isNull():
            return self.rect()
        fitting = self._fitting()
        if self._zoom.fits:
            area = QRect(QPoint(0, 0), fitting)
            area.moveCenter(self.rect().center())
            return area
        box = self._zoom.box(_extent(fitting), _extent(self.size()))
        return QRect(round(box.x), round(box.y), round(box.width), round(box.height))

    def seen_area(self) -> QRect:
        """The part of the widget in which the picture is seen."""
        return self.picture_area().intersected(self.rect())

    def zoomed_by(self, notches: float, at: QPointF | None = None) -> Zoom:
        """The zoom after so many notches of the wheel at a point; else at the middle."""
        at = QPointF(self.width() / 2, self.height() / 2) if at is None else at
        return self._zoom.closer(
            notches, (at.x(), at.y()), _extent(self._fitting()), _extent(self.size())
        )

    def panned_by(self, x: float, y: float) -> Zoom:
        """The zoom after the picture was moved by so many pixels of the widget."""
        return self._zoom.moved((x, y), _extent(self._fitting()), _extent(self.size()))

    def pixel_for_pixel(self) -> Zoom:
        """The zoom at which a pixel of the picture is one of the screen."""
        columns = self._oriented(self._image.size()).width()
        return Zoom.of_pixels(
            1 / self.devicePixelRatioF(), _extent(self._fitting()), columns, self._zoom
        )

    def placement(self) -> Placement:
        """Where the places of the picture are."""
        return Placement(_box(self.picture_area()), _box(self.seen_area()), self._orientation)

    def _oriented(self, size: QSize) -> QSize:
        return size if self._orientation.upright else size.transposed()

    def _fitting(self) -> QSize:
        """How large the picture is where all of it is seen."""
        size = self._oriented(self._image.size())
        return size.scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paints everything; reports the picture's capture time when it was a new one."""
        painter = QPainter(self)
        area, placement = self.picture_area(), self.placement()
        if not area.contains(self.rect()):
            painter.fillRect(self.rect(), CANVAS)
        if self._image.isNull():
            painter.fillRect(area, CANVAS)
            painter.setPen(QUIET)
            painter.setFont(font(10))
            centred = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(area.adjusted(12, 0, -12, 0), centred, self.annotations.empty)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._smooth)
            draw_image(painter, area, self._image, self._orientation)
            if not self._fog_image.isNull():
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                draw_image(painter, area, self._fog_image, self._orientation)
            if self._layer is not None:
                paint_layer(painter, placement, self._layer, self._layer_image)
            self._mini_map.paint(painter, self.rect(), placement, self._image)
        has_picture = not self._image.isNull()
        self._annotation_painter.paint(
            painter,
            placement,
            self.annotations,
            has_picture=has_picture,
            taken=self._mini_map.place,
        )
        painter.end()
        if self._unpainted_ns is not None:
            captured_ns, self._unpainted_ns = self._unpainted_ns, None
            self.painted.emit(captured_ns, now_ns())

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Magnifies about the pointer."""
        notches = event.angleDelta().y() / _NOTCH
        if not self._zooms or self._image.isNull() or not notches:
            event.ignore()
            return
        self.zoomed.emit(self.zoomed_by(notches, event.position()))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """A button went down: to move the picture, on the line between two, or at a place."""
        if self._zooms and _pans(event):
            self._panned_from = event.position()
            return
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        if self._mini_map.contains(event.position()):
            self._go_to(event.position())
            return
        self._dragging_line = self._near_line(event)
        if not self._dragging_line:
            self.pressed.emit(*self._place(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """A button came up."""
        if self._panned_from is not None or self._mini_map.held:
            self._panned_from, self._mini_map.held = None, False
            return
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
        """The pointer moved over the widget, or anywhere with a button down."""
        if self._panned_from is not None:
            by, self._panned_from = event.position() - self._panned_from, event.position()
            self.zoomed.emit(self.panned_by(by.x(), by.y()))
            return
        if self._mini_map.held:
            self._go_to(event.position())
            return
        area = self.picture_area()
        if self._dragging_line:
            share = (event.position().x() - area.x()) / max(1, area.width())
            self.split_moved.emit(min(max(share, 0.0), 1.0))
            return
        if self._layer is not None and self._layer.line is not None:
            over = self._near_line(event)
            self.setCursor(Qt.CursorShape.SplitHCursor if over else Qt.CursorShape.CrossCursor)
        place = self._place(event.position())
        self.hovered.emit(place if area.contains(event.position().toPoint()) else None)
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.dragged.emit(*place)

    def leaveEvent(self, event: object) -> None:  # noqa: N802 - Qt's name
        """The pointer left the widget."""
        self.hovered.emit(None)

    def _go_to(self, point: QPointF) -> None:
        """Shows the part that the mini-map has at a point."""
        self._mini_map.held = True
        u, v = self._mini_map.share(point)
        self.zoomed.emit(
            Zoom(self._zoom.factor, u, v).within(_extent(self._fitting()), _extent(self.size()))
        )

    def _near_line(self, event: QMouseEvent) -> bool:
        return near_line(event.position().toPoint(), self.picture_area(), self._layer)

    def _place(self, point: QPointF) -> tuple[float, float]:
        """The middle of the pixel under a point; the first and the last one are in the picture."""
        area = self.picture_area()
        x, y = int(point.x()) - area.x(), int(point.y()) - area.y()
        seen = (x + 0.5) / max(1, area.width()), (y + 0.5) / max(1, area.height())
        return self._orientation.stored(seen)


def _pans(event: QMouseEvent) -> bool:
    held = event.modifiers() & Qt.KeyboardModifier.ControlModifier
    by_left = bool(held) and event.button() is Qt.MouseButton.LeftButton
    return by_left or event.button() is Qt.MouseButton.MiddleButton


def _extent(size: QSize) -> Extent:
    return Extent(max(1, size.width()), max(1, size.height()))


def _box(rect: QRect) -> Box:
    return Box(rect.x(), rect.y(), rect.width(), rect.height())
