"""The temperature bar with its ends: both can be typed, and the span held or left automatic."""

from typing import Any

from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from gui.imaging.tone import histogram
from gui.language import mark, tr
from gui.panes import Pane
from gui.state.picture import Picture
from gui.state.span.typed_span import SpanRefusedError, span_with_end
from gui.widgets.access.tab_stops import tab_stop
from gui.widgets.scale.color_bar import ColorBar
from gui.widgets.scale.value_field import ValueField
from gui.widgets.theme import px
from streamer.thermal.span import Span

_HISTOGRAM_BARS = 64

_NAMES = {
    "hottest": mark("Hottest value with a colour of its own"),
    "coldest": mark("Coldest value with a colour of its own"),
}
_TIPS = {
    "hottest": mark(
        "The hottest value that has a colour of its own; type another and press Return to\n"
        "lock the span, or Esc to leave it"
    ),
    "coldest": mark(
        "The coldest value that has a colour of its own; type another and press Return to\n"
        "lock the span, or Esc to leave it"
    ),
}


class SpanPanel(QWidget):
    """High value, bar, low value, and the switch between automatic and locked.

    Signals:
        span_typed: a Span and the Scale it is in, as the user typed it.
        refused: why what was typed cannot be an end of the span, in words.
        lock_switched: whether the span is to be locked.
    """

    span_typed = Signal(object, object)
    refused = Signal(str)
    lock_switched = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture: Picture | None = None  # whose span can be typed
        self._high, self._low = self._end("hottest"), self._end("coldest")
        self._bar = ColorBar()
        self._bar.setToolTip(
            tr(
                "Which colour is which value, and how many pixels have it; the triangle is the "
                "value\nunder the pointer. Drag its ends or its middle, or turn the wheel, for "
                "another span;\na double click makes it automatic"
            )
        )
        self._bar.span_dragged.connect(self._on_dragged)
        self._bar.double_clicked.connect(lambda: self.lock_switched.emit(False))
        self._counted: tuple[object, object] = (None, None)  # whose histogram it is
        self._histogram: NDArray[Any] | None = None
        self._lock = QPushButton(tr("Span: auto"))
        self._lock.setCheckable(True)
        tab_stop(self._lock)
        self._lock.setToolTip(
            tr("Automatic: the colours follow the scene (A). Locked: they stay (L)")
        )
        self._lock.clicked.connect(self.lock_switched)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for widget in (self._high, self._bar, self._low, self._lock):
            column.addWidget(widget)
        self.setFixedWidth(px(116))

    @property
    def stops(self) -> list[QWidget]:
        """Where Tab goes, in this order."""
        return [self._high, self._low, self._lock]

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
            isotherm=picture.isotherm if picture else None,
            beyond=picture is not None and picture.beyond,
            difference=difference,
            editable=span is not None and not difference,
            histogram=None if difference else self._histogram_of(picture),
        )
        editable = span is not None and scale is not None and not difference
        self._picture = picture if editable else None
        for end in (self._high, self._low):
            end.setEnabled(editable)
        self._lock.setEnabled(editable)
        self._lock.setChecked(locked)
        self._lock.setText(tr("Span: locked") if locked else tr("Span: auto"))
        if span is None or scale is None or difference:
            self._low.show_value(None)
            self._high.show_value(None)
            return
        decimals, suffix = (1, scale.symbol) if scale.radiometry else (0, "")
        self._high.show_value(scale.value(span.high), decimals, suffix)
        self._low.show_value(scale.value(span.low), decimals, suffix)

    def _end(self, which: str) -> ValueField:
        end = ValueField()
        end.setAccessibleName(tr(_NAMES[which]))
        end.setToolTip(tr(_TIPS[which]))
        end.typed.connect(lambda value: self._on_typed(value, high=which == "hottest"))
        end.refused.connect(self.refused)
        return end

    def _histogram_of(self, picture: Picture | None) -> NDArray[Any] | None:
        """How many pixels of a picture have each value; counted once."""
        if picture is None or picture.span is None or picture.scale is None:
            return None
        if self._counted[0] is not picture.pixels or self._counted[1] != picture.span:
            self._counted = picture.pixels, picture.span
            self._histogram = histogram(picture.pixels, picture.span, _HISTOGRAM_BARS)
        return self._histogram

    def _on_dragged(self, span: Span) -> None:
        if self._picture is not None and self._picture.scale is not None:
            self.span_typed.emit(span, self._picture.scale)

    def _on_typed(self, value: float, *, high: bool) -> None:
        """Typing locks the span."""
        if self._picture is None or self._picture.scale is None:
            return
        try:
            span = span_with_end(self._picture, value, high=high)
        except SpanRefusedError as error:
            self.refused.emit(str(error))
        else:
            self.span_typed.emit(span, self._picture.scale)
