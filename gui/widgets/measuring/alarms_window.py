"""The rules of alarms, in a window beside the main one."""

from collections.abc import Collection

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui.language import mark, tr
from gui.state.measuring.alarm_form import DOES, QUANTITIES, AlarmFormError, made_rule, rule_text
from gui.widgets.access.naming import name_control
from gui.widgets.access.tab_stops import tab_stop
from gui.widgets.scale.value_field import ValueField
from gui.widgets.side.side_window import SideWindow
from gui.widgets.theme import ALARM, INK, px
from streamer.measuring.alarm_rule import AlarmRule

_PICTURE = mark("The whole picture")


class AlarmsWindow(SideWindow):
    """All rules, those that hold in red; a form for another one.

    Signals:
        changed: all rules.
        refused: why one makes no sense, in words.
    """

    changed = Signal(object)
    refused = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, tr("Alarms"))
        self._rules: tuple[AlarmRule, ...] = ()
        self._shown: tuple[object, ...] = ()
        self._list = QListWidget()
        tab_stop(self._list)
        self._list.setAccessibleName(tr("Alarms"))
        remove = _button(tr("Remove"), self._on_remove)
        self._tool, self._quantity, self._side = (_box() for _ in range(3))
        for name, title in QUANTITIES.items():
            self._quantity.addItem(tr(title), name)
        self._side.addItem(tr("above"), True)
        self._side.addItem(tr("below"), False)
        self._limit, self._hold = ValueField(), ValueField()
        self._values = {"limit": 60.0, "hold": 0.0}
        self._limit.typed.connect(lambda value: self._on_typed("limit", value))
        self._hold.typed.connect(lambda value: self._on_typed("hold", value))
        for field in (self._limit, self._hold):
            field.refused.connect(self.refused)
        self._quantity.currentIndexChanged.connect(self._show_values)
        self._does = {word: QCheckBox(tr(title)) for word, title in DOES.items()}
        self._does["sound"].setChecked(True)
        does = QHBoxLayout()
        for check in self._does.values():
            tab_stop(check)
            does.addWidget(check)
        limit = QHBoxLayout()
        limit.addWidget(self._side)
        limit.addWidget(self._limit, 1)
        form = QFormLayout()
        form.addRow(tr("Of"), self._tool)
        form.addRow(tr("Value"), self._quantity)
        form.addRow(tr("Limit"), limit)
        form.addRow(tr("Holds for"), self._hold)
        form.addRow(tr("Does"), does)
        column = QVBoxLayout(self)
        column.addWidget(self._list, 1)
        column.addWidget(remove)
        column.addLayout(form)
        column.addWidget(_button(tr("Add"), self._on_add))
        for control, title in (
            (self._tool, tr("Tool that is watched")),
            (self._quantity, tr("Value that is watched")),
            (self._side, tr("Above or below the limit")),
            (self._limit, tr("Limit")),
            (self._hold, tr("Holds for")),
        ):
            name_control(control, title)
        self._show_values()
        self.resize(px(380), px(420))

    def show_rules(
        self, rules: tuple[AlarmRule, ...], tools: list[str], active: Collection[str]
    ) -> None:
        """Takes all rules, the names of the tools there are, and which alarms hold."""
        shown = rules, tuple(tools), frozenset(active)
        if shown == self._shown:
            return
        self._shown, self._rules = shown, rules
        row = self._list.currentRow()
        self._list.clear()
        for rule in rules:
            self._list.addItem(rule_text(rule))
            item = self._list.item(self._list.count() - 1)
            item.setForeground(ALARM if rule.name in active else INK)
        self._list.setCurrentRow(min(row, len(rules) - 1))
        chosen = self._tool.currentText()
        self._tool.clear()
        self._tool.addItems([tr(_PICTURE), *tools])
        self._tool.setCurrentIndex(max(0, self._tool.findText(chosen)))

    def choose(self, tool: str) -> None:
        """Offers a tool for the next rule."""
        self._tool.setCurrentIndex(max(0, self._tool.findText(tool)))

    def _show_values(self) -> None:
        unit = {"delta": "K", "rate": "K/min"}.get(self._quantity.currentData(), "°C")
        self._limit.show_value(self._values["limit"], 1, unit)
        self._hold.show_value(self._values["hold"], 1, "s")

    def _on_typed(self, which: str, value: float) -> None:
        self._values[which] = value
        self._show_values()

    def _on_add(self) -> None:
        tool = self._tool.currentText() if self._tool.currentIndex() > 0 else ""
        try:
            rule = made_rule(
                self._rules,
                tool=tool,
                quantity=self._quantity.currentData(),
                above=self._side.currentData(),
                limit=self._values["limit"],
                hold_s=self._values["hold"],
                **{word: check.isChecked() for word, check in self._does.items()},
            )
        except AlarmFormError as error:
            self.refused.emit(str(error))
            return
        self.changed.emit((*self._rules, rule))

    def _on_remove(self) -> None:
        row = self._list.currentRow()
        if 0 <= row < len(self._rules):
            self.changed.emit((*self._rules[:row], *self._rules[row + 1 :]))


def _box() -> QComboBox:
    box = QComboBox()
    tab_stop(box)
    return box


def _button(title: str, clicked: object) -> QPushButton:
    button = QPushButton(title)
    tab_stop(button)
    button.setAutoDefault(False)
    button.clicked.connect(clicked)
    return button
