"""The panel of measurements below the picture."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.state.measuring.tool_text import TableRow
from gui.widgets.measuring.tool_table import ToolTable

_ROW_PX = 20
_MOST_ROWS = 6


class MeasuringPanel(QWidget):
    """The table of all tools; as high as it needs to be, up to a share of the window.

    Attributes:
        table: of values.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = ToolTable()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table)

    def show_values(self, rows: tuple[TableRow, ...], selected: str) -> None:
        """Takes what every tool reads."""
        self.table.show_rows(rows, selected)

    def fit(self, tools: int, window_height: int) -> None:
        """Takes the height that so many tools need in a window so high."""
        wanted = _ROW_PX * (min(tools, _MOST_ROWS) + 1) + 22
        self.setFixedHeight(min(wanted, max(3 * _ROW_PX, window_height // 5)))

    def edit_name(self, name: str) -> None:
        """Begins to edit the name of a tool."""
        self.table.edit_name(name)
