"""Emissivity and the like, of the picture or of one tool, in a window beside the main one."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui.language import mark, tr
from gui.state.measuring.parameter_form import (
    FIELDS,
    Field,
    ParameterError,
    suffix_of,
    value_of,
    with_value,
)
from gui.widgets.access.naming import name_control
from gui.widgets.access.tab_stops import tab_stop
from gui.widgets.scale.value_field import ValueField
from gui.widgets.side.side_window import SideWindow
from gui.widgets.theme import QUIET, px
from streamer.measuring.materials import MATERIALS, material_of
from streamer.measuring.object_parameters import ObjectParameters
from streamer.measuring.tool_set import ToolSet
from streamer.thermal.scale import Unit

_PICTURE = mark("The whole picture")
_NO_MATERIAL = mark("Choose a material")


class ParametersWindow(SideWindow):
    """Fields for what holds for the picture, or for the tool that is chosen.

    Signals:
        changed: the name of a tool, or nothing for the picture, and the parameters; None: the
            picture's hold for the tool.
        refused: why a value is none, in words.
    """

    changed = Signal(str, object)
    refused = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, tr("Object parameters"))
        self._tools, self._unit, self._name = ToolSet(), Unit.CELSIUS, ""
        self._selected = "-"  # none has this name: the first call shows all
        self._of = _box(tr("Which object these are of"))
        self._of.activated.connect(self._on_chosen)
        self._material = _box(tr("Emissivities from tables: recommendations, surfaces differ"))
        self._material.addItem(tr(_NO_MATERIAL))
        for material in MATERIALS:
            self._material.addItem(
                f"{tr(material.name)}  {material.emissivity:.2f}", material.emissivity
            )
            tip = self._material.count() - 1
            self._material.setItemData(tip, material.source, Qt.ItemDataRole.ToolTipRole)
        self._material.activated.connect(self._on_material)
        self._source = QLabel()
        self._source.setWordWrap(True)
        palette = self._source.palette()
        palette.setColor(palette.ColorRole.WindowText, QUIET)
        self._source.setPalette(palette)
        form = QFormLayout()
        form.addRow(tr("Of"), self._of)
        form.addRow(tr("Material"), self._material)
        form.addRow("", self._source)
        self._fields: dict[str, ValueField] = {}
        for field in FIELDS:
            value = ValueField()
            value.setToolTip(tr(field.tip))
            value.setAccessibleName(tr(field.title))
            value.typed.connect(partial(self._on_typed, field))
            value.refused.connect(self.refused)
            form.addRow(tr(field.title), value)
            self._fields[field.name] = value
        self._own = QPushButton()
        tab_stop(self._own)
        self._own.setAutoDefault(False)
        self._own.clicked.connect(self._on_reset)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self._own)
        column.addStretch(1)
        name_control(self._of, tr("Of the picture, or of which tool"))
        name_control(self._material, tr("Material"))
        self.resize(px(340), self.sizeHint().height())

    def show_tools(self, tools: ToolSet, selected: str, unit: Unit) -> None:
        """Takes what holds; a tool that has just been selected becomes the one that is shown."""
        if (tools, unit, selected) == (self._tools, self._unit, self._selected):
            return
        if selected != self._selected:
            self._name = selected
        self._tools, self._unit, self._selected = tools, unit, selected
        if tools.tool(self._name) is None:
            self._name = ""
        names = [tr(_PICTURE), *(tool.name for tool in tools.tools)]
        if [self._of.itemText(n) for n in range(self._of.count())] != names:
            self._of.clear()
            self._of.addItems(names)
        self._of.setCurrentIndex(names.index(self._name) if self._name else 0)
        self._show()

    @property
    def _parameters(self) -> ObjectParameters:
        tool = self._tools.tool(self._name)
        return self._tools.parameters if tool is None else self._tools.parameters_of(tool)

    def _show(self) -> None:
        parameters, tool = self._parameters, self._tools.tool(self._name)
        for field in FIELDS:
            value = value_of(parameters, field, self._unit)
            self._fields[field.name].show_value(value, field.decimals, suffix_of(field, self._unit))
        material = material_of(parameters.emissivity)
        known = 0 if material is None else MATERIALS.index(material) + 1
        self._material.setCurrentIndex(known)
        self._source.setText(
            "" if material is None else tr("Source: {source}", source=material.source)
        )
        own = tool is not None and tool.parameters is not None
        self._own.setText(
            tr("As the picture") if tool is not None else tr("As the camera gives them")
        )
        self._own.setEnabled(own or (tool is None and not parameters.changes_nothing))

    def _on_chosen(self, index: int) -> None:
        self._name = self._of.itemText(index) if index else ""
        self._show()

    def _on_material(self, index: int) -> None:
        if index:
            self._on_typed(FIELDS[0], self._material.itemData(index))
        else:
            self._show()

    def _on_typed(self, field: Field, value: float) -> None:
        try:
            self.changed.emit(self._name, with_value(self._parameters, field, value, self._unit))
        except ParameterError as error:
            self.refused.emit(str(error))
            self._show()

    def _on_reset(self) -> None:
        self.changed.emit(self._name, None)


def _box(tip: str) -> QComboBox:
    box = QComboBox()
    box.setToolTip(tip)
    tab_stop(box)
    return box
