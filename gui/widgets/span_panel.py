"""The temperature bar with its ends: both can be typed, and the span held or left automatic."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QPushButton, QVBoxLayout, QWidget

from gui.panes import Pane
from gui.state.picture import Picture
from gui.widgets.color_bar import ColorBar
from streamer.thermal.scale import Scale
from streamer.thermal.span import Span

_NOTHING = "\N{EN DASH}"


class SpanPanel(QWidget):
    """High value, bar, low value, and the switch between automatic and locked.

    Signals:
        span_typed: a Span and the Scale it is in, as the user typed it.
        lock_switched: whether the span is to be locked.
    """

    span_typed = Signal(object, object)
    lock_switched = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scale: Scale | None = None
        self._high, self._low = self._end("hottest"), self._end("coldest")
        self._bar = ColorBar()
        self._bar.setToolTip(
            "Which colour is which value; the triangle is the value under the pointer"
        )
        self._lock = QPushButton("Auto span")
        self._lock.setCheckable(True)
        self._lock.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._lock.setToolTip("Automatic: the colours follow the scene (A). Locked: they stay (L)")
        self._lock.clicked.connect(self.lock_switched)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for widget in (self._high, self._bar, self._low, self._lock):
            column.addWidget(widget)
        self.setFixedWidth(100)

    def show_picture(self, picture: Picture | None, cursor: float | None, *, locked: bool) -> None:
        """Takes what the large view shows; `cursor` is the count under the pointer."""
        scale = picture.scale if picture else None
        span = picture.span if picture and scale else None
        difference = picture is not None and picture.pane is Pane.INFLUENCE
        self._bar.show_span(
            span,
            scale,
            picture.table if picture else None,
            marker=cursor,
            mark_from=picture.mark_from if picture else None,
            difference=difference,
        )
        editable = span is not None and scale is not None and not difference
        self._scale = scale if editable else None
        for end in (self._high, self._low):
            end.setEnabled(editable)
        self._lock.setEnabled(editable)
        self._lock.setChecked(locked)
        self._lock.setText("Locked span" if locked else "Auto span")
        if span is None or scale is None or difference:
            self._low.setValue(self._low.minimum())
            self._high.setValue(self._high.minimum())
            return
        for end, counts in ((self._high, span.high), (self._low, span.low)):
            if not end.hasFocus():
                _show(end, scale, counts)

    def _end(self, which: str) -> QDoubleSpinBox:
        end = QDoubleSpinBox()
        end.setRange(-1e6, 1e6)
        end.setSpecialValueText(_NOTHING)
        end.setValue(end.minimum())
        end.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # single keys belong to the window
        end.setButtonSymbols(QDoubleSpinBox.ButtonSymbols.NoButtons)
        end.setAlignment(Qt.AlignmentFlag.AlignCenter)
        end.setToolTip(
            f"The {which} value that has a colour of its own; type another to lock the span"
        )
        end.editingFinished.connect(self._on_typed)
        return end

    def _on_typed(self) -> None:
        """Typing locks the span; the keyboard then belongs to the window again."""
        if self._scale is not None and (self._high.hasFocus() or self._low.hasFocus()):
            values = self._low.value(), self._high.value()
            low, high = sorted(self._scale.counts(value) for value in values)
            self.span_typed.emit(Span(low, high), self._scale)
        for end in (self._high, self._low):
            end.clearFocus()


def _show(end: QDoubleSpinBox, scale: Scale, counts: float) -> None:
    end.blockSignals(True)
    end.setDecimals(1 if scale.radiometry else 0)
    end.setSuffix(f" {scale.symbol}" if scale.radiometry else "")
    end.setValue(scale.value(counts))
    end.blockSignals(False)
