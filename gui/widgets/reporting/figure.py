"""A picture as it goes onto paper or into a file: with what is written on it, and its bar."""

from collections.abc import Mapping

from msgspec.structs import replace
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget

from gui.panes import Pane
from gui.state.picture import Picture
from gui.widgets.scale.color_bar import ColorBar
from gui.widgets.theme import px
from gui.widgets.video_view import VideoView

PAPER = QColor(255, 255, 255)
ON_PAPER = QColor(22, 24, 28)
_DENSITY = 3  # pixels for each on the screen: 300 dots an inch and more, in print
_GAP_PX = 6
_BAR_PX = 104


def picture_of(view: VideoView, wide: int, high: int) -> QImage:
    """What a view shows, anew at a size: marks and words are as large as on the screen.

    Args:
        view: with a picture or without.
        wide: the most that it may take, in pixels of the screen.
        high: likewise.
    """
    seen = view.seen_area().size()
    twin = view.twin(seen.scaled(wide, high, Qt.AspectRatioMode.KeepAspectRatio))
    tools = tuple(replace(tool, handles=()) for tool in view.annotations.tools)
    # nobody takes hold of paper; what a notice means for the picture is stamped on it
    twin.set_annotations(replace(view.annotations, tools=tools, notice=None))
    return image_of(twin)


def with_bar(image: QImage, picture: Picture | None) -> QImage:
    """A picture of `picture_of` and the bar that its values are read by; alone without values."""
    if picture is None or picture.span is None or picture.scale is None:
        return image
    bar = ColorBar(ground=PAPER, ink=ON_PAPER)
    high = round(image.height() / _DENSITY)
    bar.setMinimumSize(px(_BAR_PX), 1)
    bar.resize(px(_BAR_PX), high)
    bar.show_span(
        picture.span,
        picture.scale,
        picture.table,
        isotherm=picture.isotherm,
        beyond=picture.beyond,
        difference=picture.pane is Pane.INFLUENCE,
    )
    wide = round(image.width() / _DENSITY) + px(_GAP_PX)
    both = _blank(QSize(wide + bar.width(), high))
    _paste(both, image, QPoint(0, 0))
    _paste(both, image_of(bar), QPoint(wide, 0))
    return both


def image_of(widget: QWidget) -> QImage:
    """A widget in print's resolution."""
    image = _blank(widget.size())
    widget.render(image, QPoint(0, 0))
    return image


def sizes_on_paper(images: Mapping[str, QImage]) -> dict[str, tuple[int, int]]:
    """How large pictures are to be there: as on a screen whose text is not scaled."""
    sizes = {}
    for name, image in images.items():
        each = 1000 / (image.devicePixelRatio() * px(1000))
        sizes[name] = round(image.width() * each), round(image.height() * each)
    return sizes


def _blank(size: QSize) -> QImage:
    image = QImage(size * _DENSITY, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(_DENSITY)
    image.fill(PAPER)
    return image


def _paste(onto: QImage, image: QImage, at: QPoint) -> None:
    painter = QPainter(onto)
    painter.drawImage(at, image)
    painter.end()
