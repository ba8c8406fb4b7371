"""The panel of measurements below the picture: what tools read, now and over time."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QComboBox,
    QHBoxLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.language import mark, tr
from gui.state.measuring.curves import SPANS_S
from gui.state.measuring.plot import Plot
from gui.state.measuring.tool_text import TableRow
from gui.widgets.access.naming import name_control
from gui.widgets.access.tab_stops import tab_stop
from gui.widgets.measuring.plot_view import PlotView
from gui.widgets.measuring.tool_table import ToolTable
from gui.widgets.theme import px

PROFILE = 0.0
"""In place of a span of time: the profile of a line."""

_ROW_PX = 20
_MOST_ROWS = 6
_BOTH_FROM_PX = 900  # a narrower window shows the table, or without it the curves
_LOWEST_PX = 110
_TITLES = ("10 s", mark("1 min"), mark("10 min"), "1 h", "24 h")


class MeasuringPanel(QWidget):
    """Table and curves; as high as the tools need, up to a share of the window.

    Attributes:
        table: of values.
        plot: of curves, or of a profile.

    Signals:
        span_chosen: how many seconds of curves to show; PROFILE for the profile of a line.
    """

    span_chosen = Signal(float)

    def __init__(self, qactions: dict[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table, self.plot = ToolTable(), PlotView()
        self._span = QComboBox()
        for title, span_s in zip(_TITLES, SPANS_S, strict=True):
            self._span.addItem(tr(title), span_s)
        self._span.addItem(tr("Profile"), PROFILE)
        self._span.setToolTip(tr("Curves over the last seconds to hours, or the profile of a line"))
        tab_stop(self._span)
        self._span.activated.connect(self._on_span)
        self._buttons: list[QToolButton] = []
        beside = QVBoxLayout()
        beside.setSpacing(2)
        beside.addWidget(self._span)
        for name in ("save_curves", "copy_curves"):
            button = QToolButton()
            button.setDefaultAction(qactions[name])
            tab_stop(button)
            beside.addWidget(button)
            self._buttons.append(button)
        beside.addStretch(1)
        self._curves = QWidget()
        row = QHBoxLayout(self._curves)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.plot, 1)
        row.addLayout(beside)
        name_control(self._span, tr("Time of the curves"))
        both = QHBoxLayout(self)
        both.setContentsMargins(0, 0, 0, 0)
        self.table.setSizeAdjustPolicy(QAbstractScrollArea.SizeAdjustPolicy.AdjustToContents)
        both.addWidget(self.table)
        both.addWidget(self._curves, 1)

    @property
    def stops(self) -> list[QWidget]:
        """Where Tab goes, in this order."""
        return [self.table, self._span, *self._buttons]

    def show_values(self, rows: tuple[TableRow, ...], selected: str) -> None:
        """Takes what every tool reads."""
        self.table.show_rows(rows, selected)

    def show_plot(self, plot: Plot, span_s: float) -> None:
        """Takes the curves, or the profile, and which of them it is."""
        self.plot.show_plot(plot)
        self._span.setCurrentIndex(self._span.findData(span_s))

    def fit(self, tools: int, window: tuple[int, int], *, table: bool, curves: bool) -> None:
        """Takes its size, and shows what there is room for.

        Args:
            tools: how many.
            window: width and height.
            table: whether it is wanted.
            curves: whether they are.
        """
        width, height = window
        both = width >= px(_BOTH_FROM_PX)
        self.table.setVisible(table)
        self._curves.setVisible(curves and (both or not table))
        wanted = px(_ROW_PX) * (min(tools, _MOST_ROWS) + 1) + 22
        if not self._curves.isHidden():
            wanted = max(wanted, px(_LOWEST_PX))
        self.setFixedHeight(min(wanted, max(3 * px(_ROW_PX), height // 4)))

    def edit_name(self, name: str) -> None:
        """Begins to edit the name of a tool."""
        self.table.edit_name(name)

    def _on_span(self, index: int) -> None:
        self.span_chosen.emit(self._span.itemData(index))
