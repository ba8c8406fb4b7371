"""Boxes in which another network is chosen while the run goes on."""

from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui.language import mark, tr
from gui.state.panels.network_form import VIEWS, NetworkForm, short_name
from gui.widgets.access.naming import name_control
from gui.widgets.access.tab_stops import tab_stop
from gui.widgets.theme import px
from streamer.messages import NetworkChoice

_AS_NOW = mark("as now")
_AS_NOW_OF = mark("{value}, as now")
_TITLES = {
    "model": mark("Model"),
    "engine": mark("Engine"),
    "precision": mark("Precision"),
    "views": mark("Views"),
}


class NetworkBoxes(QWidget):
    """A box for each setting, whose first entry leaves it as it is.

    Signals:
        chosen: what is to be used, a `NetworkChoice`.
        file_wanted: a checkpoint is to be named.
    """

    chosen = Signal(object)
    file_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._form = NetworkForm()
        self._files: list[str] = []
        self.boxes = {name: QComboBox() for name in _TITLES}
        self.file = QPushButton(tr("Checkpoint ..."))
        self.file.setToolTip(tr("A file of weights, as training writes it"))
        self.use = QPushButton(tr("Use"))
        self.use.setToolTip(tr("The run goes on; results change when the network is ready"))
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        rows = QFormLayout()
        rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for name, box in self.boxes.items():
            box.setMinimumContentsLength(8)
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            rows.addRow(tr(_TITLES[name]), box)
        buttons = QHBoxLayout()
        buttons.addWidget(self.file)
        buttons.addWidget(self.use)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(8), px(8), px(8), px(2))
        column.addLayout(rows)
        column.addLayout(buttons)
        column.addWidget(self.words)
        for name, box in self.boxes.items():
            name_control(box, tr(_TITLES[name]))
        for stop in self.stops:
            tab_stop(stop)
        self.file.clicked.connect(self.file_wanted)
        self.use.clicked.connect(self._on_use)
        self._fill()

    @property
    def stops(self) -> list[QWidget]:
        """Where Tab goes, in this order."""
        return [*self.boxes.values(), self.file, self.use]

    @property
    def choice(self) -> NetworkChoice:
        """What the boxes say."""
        model, engine, precision, views = (box.currentData() for box in self.boxes.values())
        return NetworkChoice(model or "", engine or "", precision or "", views or 0)

    def show_form(self, form: NetworkForm) -> None:
        """Takes the state of a moment; what was chosen and not used yet stays chosen."""
        if form == self._form:
            return
        before, self._form = self._form, form
        if replace(before, words="") != replace(form, words=""):
            self._fill()
        self.words.setText(form.words)
        self.words.setVisible(bool(form.words))

    def add_file(self, file: Path) -> None:
        """Offers a checkpoint, and chooses it."""
        path = str(file)
        if path not in self._files:
            self._files.append(path)
        self._fill()
        box = self.boxes["model"]
        box.setCurrentIndex(box.findData(path))

    def _fill(self) -> None:
        form, offer = self._form, self._form.offer
        models = [] if offer is None else [(name, name) for name in offer.models]
        models += [(short_name(path), path) for path in self._files]
        engines = () if offer is None else offer.engines
        precisions = () if offer is None else offer.precisions
        self._fill_box("model", form.model, models)
        self._fill_box("engine", form.engine, [(name, name) for name in engines])
        self._fill_box("precision", form.precision, [(name, name) for name in precisions])
        self._fill_box("views", str(form.views), [(str(n), n) for n in VIEWS])
        for button in (self.file, self.use):  # boxes keep the keyboard until there is a choice
            button.setEnabled(offer is not None)

    def _fill_box(self, name: str, now: str, items: Sequence[tuple[str, object]]) -> None:
        box = self.boxes[name]
        kept = box.currentData()
        box.clear()
        box.addItem(tr(_AS_NOW_OF, value=now) if now else tr(_AS_NOW), None)
        for text, data in items:
            box.addItem(text, data)
        box.setCurrentIndex(max(0, box.findData(kept)) if kept is not None else 0)

    def _on_use(self) -> None:
        choice = self.choice
        for box in self.boxes.values():
            box.setCurrentIndex(0)
        if choice != NetworkChoice():
            self.chosen.emit(choice)
