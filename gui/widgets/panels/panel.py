"""A panel that is docked beside the picture, hidden at first."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDockWidget, QWidget

from gui.widgets.theme import px

_SMALLEST = QSize(150, 90)
_USUAL = QSize(330, 180)


class Panel(QDockWidget):
    """Docked at any edge, or a window of its own.

    Args:
        name: of its action, by which its place is kept as well.
        title: for people.
        content: what is in it.
        area: where it is docked at first.
        parent: the window.

    Attributes:
        name: of its action.
        area: where it is docked at first.
        seen: whether anybody sees it: it is up, and no other panel lies over it.
    """

    def __init__(
        self, name: str, title: str, content: QWidget, area: Qt.DockWidgetArea, parent: QWidget
    ) -> None:
        super().__init__(title, parent)
        self.name, self.area, self.seen = name, area, False
        self.setObjectName(f"panel_{name}")  # by which its place is found again
        self.setWidget(_Room(content))
        self.visibilityChanged.connect(self._on_visibility)
        self.hide()

    def _on_visibility(self, seen: bool) -> None:
        self.seen = seen


class _Room(QWidget):
    """Around what is in a panel: it may be small, whatever that is."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self._content = content
        content.setParent(self)
        self.setMinimumSize(px(_SMALLEST.width()), px(_SMALLEST.height()))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """What it takes of a window that has room."""
        return QSize(px(_USUAL.width()), px(_USUAL.height()))

    def resizeEvent(self, _event: object) -> None:  # noqa: N802 - Qt's name
        """All of it is the content's."""
        self._content.setGeometry(self.rect())
