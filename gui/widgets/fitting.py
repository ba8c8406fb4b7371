"""The first size and place of a window."""

from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QWidget

_FRAME = QSize(16, 48)  # of borders and title bar, which a window does not know before it is up


def fit(window: QWidget, available: QRect | None, wanted: QSize | None = None) -> None:
    """Gives a window its first size and place.

    Args:
        window: the window.
        available: what the screen has room for; None where there is none to speak of.
        wanted: the size that was asked for, if any; it is taken as it is.
    """
    if wanted is not None:
        window.resize(wanted)
    elif available is not None and not (window.isMaximized() or window.isFullScreen()):
        room = available.adjusted(0, 0, -_FRAME.width(), -_FRAME.height())
        window.resize(window.size().boundedTo(room.size()))
        place = QRect(window.pos(), window.size())
        if not room.contains(place):
            window.move(
                max(room.left(), min(place.left(), room.right() - place.width())),
                max(room.top(), min(place.top(), room.bottom() - place.height())),
            )
