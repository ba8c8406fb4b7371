"""A small window beside the main one, in which the main one's keys work as well."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QWidget

_GAP_PX = 8


class SideWindow(QDialog):
    """Stays open beside the work; it takes no keyboard away, and stands beside the picture.

    Args:
        parent: the main window.
        title: of this one.
        own_keys: it has keys of its own: those of the main window do not work in it.
    """

    def __init__(self, parent: QWidget, title: str, *, own_keys: bool = False) -> None:
        super().__init__(parent)
        self._beside = parent
        self.setWindowTitle(title)
        if not own_keys:
            self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
            self.addActions(parent.actions())  # or a key that opened it would not close it

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Beside the window where the screen has room, else at its right edge."""
        super().showEvent(event)
        if self.focusWidget() is None:
            self.setFocus()  # or the first control had it, and single keys worked that
        window, screen = self._beside.frameGeometry(), self.screen().availableGeometry()
        left = window.right() + _GAP_PX
        left = min(left, screen.right() - self.frameGeometry().width())
        self.move(QPoint(max(screen.left(), left), max(screen.top(), window.top())))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Escape closes it; Return presses nothing."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            event.ignore()
