"""The panel of model and engine: what is chosen above, what is used below."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.widgets.panels.facts import FactsView
from gui.widgets.panels.network import NetworkBoxes


class ModelPanel(QWidget):
    """Boxes, and the facts below them.

    Args:
        facts: what is used.
        boxes: in which another network is chosen.
    """

    def __init__(self, facts: FactsView, boxes: NetworkBoxes) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(boxes)
        column.addWidget(facts, 1)
