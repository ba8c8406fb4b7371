"""The keyboard goes from control to control by Tab, and is the window's everywhere else.

A window's single keys work in all of it. Of a control that Tab has reached, the few keys that
work it are its own: Space and Return of a button, the arrows of a box.
"""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QComboBox,
    QMainWindow,
    QPlainTextEdit,
    QWidget,
)

_PRESS = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ARROWS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right)
_PAGES = (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End)
_OF_TEXT = (QKeySequence.StandardKey.Copy, QKeySequence.StandardKey.SelectAll)
_NONE = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


def tab_stop(widget: QWidget, *, click: bool = False) -> None:
    """Lets Tab reach a control.

    Args:
        widget: the control.
        click: whether a click gives it the keyboard as well; else that stays where it is.
    """
    widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus if click else Qt.FocusPolicy.TabFocus)
    _Keys(widget)


def order_stops(stops: Sequence[QWidget]) -> None:
    """Says in which order Tab goes through controls of one window."""
    for before, after in pairwise(stops):
        QWidget.setTabOrder(before, after)


def give_keyboard_back(widget: QWidget) -> None:
    """Takes the keyboard from a control: its window has it again.

    Somebody has to: in a window whose focus is nowhere, Qt gives it to the first control when the
    window is activated, and a single key would work that.
    """
    window = widget.window()
    home = window.centralWidget() if isinstance(window, QMainWindow) else None
    (home or window).setFocus(Qt.FocusReason.OtherFocusReason)


def own_keys(widget: QWidget) -> tuple[Qt.Key, ...]:
    """The keys that work a control."""
    if isinstance(widget, QAbstractButton):
        return _PRESS
    if isinstance(widget, QComboBox):
        return (*_PRESS, *_ARROWS[:2])
    return (*_ARROWS, *_PAGES) if isinstance(widget, QAbstractScrollArea) else ()


class _Keys(QObject):
    """Takes a control's own keys before the window does, and gives the others to the window."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget, self._own = widget, own_keys(widget)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Of the control alone, while it has the keyboard."""
        if not isinstance(event, QKeyEvent):
            return False
        if event.type() is QEvent.Type.ShortcutOverride and self._is_of_text(event):
            event.accept()
            return True
        if event.modifiers() not in _NONE:
            return False
        key = Qt.Key(event.key())
        if event.type() is QEvent.Type.ShortcutOverride:
            if key in self._own:
                event.accept()
            return key in self._own
        return event.type() is QEvent.Type.KeyPress and self._press(key, event)

    def _is_of_text(self, event: QKeyEvent) -> bool:
        """Whether it copies or selects what is read in a text."""
        text = isinstance(self._widget, QPlainTextEdit)
        return text and any(event.matches(key) for key in _OF_TEXT)

    def _press(self, key: Qt.Key, event: QKeyEvent) -> bool:
        widget = self._widget
        if key == Qt.Key.Key_Escape and isinstance(widget.window(), QMainWindow):
            give_keyboard_back(widget)
        elif isinstance(widget, QAbstractButton) and key in _PRESS[1:]:
            widget.click()
        elif isinstance(widget, QComboBox) and key in _PRESS:
            widget.showPopup()
        elif key in self._own or not isinstance(widget, QAbstractButton | QComboBox):
            return False
        elif key in _ARROWS or event.text().strip():
            event.ignore()  # goes to what is around it: Qt would take an arrow for Tab
        else:
            return False
        return True
