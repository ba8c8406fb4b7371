"""A field with one value: shown as it is, typed anew and confirmed with Return, or left alone."""

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from gui.state.span.typed_number import TypedNumberError, typed_number
from gui.widgets.access.tab_stops import give_keyboard_back

_NOTHING = "\N{EN DASH}"


class ValueField(QLineEdit):
    """Takes a number only at Return; Escape, or going elsewhere, brings the old one back.

    Either way the keyboard is the window's again: its single keys work.

    Signals:
        typed: the number.
        refused: why what was typed is none, in words.
    """

    typed = Signal(float)
    refused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._shown = _NOTHING
        self._suffix = ""
        self.setText(self._shown)
        self.returnPressed.connect(self._on_return)

    def show_value(self, value: float | None, decimals: int = 0, suffix: str = "") -> None:
        """Shows a value, unless somebody is typing; None where there is none."""
        self._suffix = suffix
        unit = f" {suffix}" if suffix else ""
        self._shown = _NOTHING if value is None else f"{value:.{decimals}f}{unit}"
        if not self.hasFocus() and self.text() != self._shown:
            self.setText(self._shown)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Escape leaves it as it was."""
        if event.key() == Qt.Key.Key_Escape:
            give_keyboard_back(self)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """What was not confirmed is not shown either."""
        super().focusOutEvent(event)
        self.setText(self._shown)

    def _on_return(self) -> None:
        text = self.text()
        if text == self._shown:  # nothing was typed
            give_keyboard_back(self)
            return
        try:
            number = typed_number(text, QLocale().decimalPoint(), self._suffix)
        except TypedNumberError as error:
            self.refused.emit(str(error))
        else:
            self.typed.emit(number)
        give_keyboard_back(self)
