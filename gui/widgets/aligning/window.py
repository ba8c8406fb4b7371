"""The window in which two cameras are lined up, beside the main one."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QPalette
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.language import mark, tr
from gui.panes import Pane
from gui.state.aligning.alignment import CANVAS_WIDTH, LONG_STEP_PX, STEP_PX
from gui.state.aligning.layer import AlignLook
from gui.state.aligning.words import HELP
from gui.state.annotations import Annotations
from gui.state.looks.look import Layer
from gui.widgets.access.tab_stops import tab_stop
from gui.widgets.aligning.align_view import AlignView
from gui.widgets.control_bar import tint
from gui.widgets.side.side_window import SideWindow
from gui.widgets.theme import QUIET, font, px
from streamer.thermal.colouring import Colours

_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_SCALES = {"+": 1.0, "=": 1.0, "-": -1.0}
_TURNS = {"[": -1.0, "]": 1.0}
_LOOKS = {
    AlignLook.BLEND: (mark("Blend"), mark("The visible picture shines through")),
    AlignLook.EDGES: (mark("Edges"), mark("Edges of the visible picture over the thermal one")),
    AlignLook.POINTS: (
        mark("Points"),
        mark("Click the same places in both pictures, four or more"),
    ),
}
_SMALLEST = QSize(140, 100)


class AligningWindow(SideWindow):
    """Shows what it is given; passes on what the user does.

    Signals:
        moved: to the right and down, pixels of a canvas 640 wide.
        enlarged: steps.
        turned: steps, clockwise.
        clicked: which picture, and where, as shares.
        look_chosen: how the pictures are put together.
        before_switched: whether the run's own calibration is to be seen.
        asked: `find`, `undo`, `start_over` or `save`.
        hidden: it is seen no longer.
    """

    moved = Signal(float, float)
    enlarged = Signal(float)
    turned = Signal(float)
    clicked = Signal(object, float, float)
    look_chosen = Signal(object)
    before_switched = Signal(bool)
    asked = Signal(str)
    hidden = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, tr("Align two cameras[*]"), own_keys=True)
        self._held: tuple[float, float] | None = None
        self._ratio = 0.75
        self.view, self.visible = AlignView(_SMALLEST), AlignView(_SMALLEST)
        self.view.setAccessibleName(tr("Both pictures"))
        self.visible.setAccessibleName(tr("Visible picture"))
        for view in (self.view, self.visible):
            view.setCursor(Qt.CursorShape.CrossCursor)
        self.look = AlignLook.BLEND
        self.buttons = {
            "find": _button(tr("Find by itself"), tr("Look for it in the next seconds (F)")),
            "undo": _button(tr("Undo"), tr("The step before (Ctrl+Z)")),
            "start_over": _button(tr("Start over"), tr("As it was at first")),
            "save": _button(tr("Save ..."), tr("Write a calibration file (Ctrl+S)")),
        }
        for name, button in self.buttons.items():
            button.clicked.connect(self._asker(name))
        self.before = _button(tr("Before"), tr("As the run has it now, or as it will be (Space)"))
        self.before.setCheckable(True)
        self.before.toggled.connect(self.before_switched)
        self._looks: list[QToolButton] = []  # no QButtonGroup: Tab comes to each of them
        self.placement, self.score, self.message = _label(), _label(), _label()
        self._help = _label(tr(HELP), quiet=True)
        self.message.setFont(font(10, bold=True))
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.view.pressed.connect(self._on_pressed)
        self.view.dragged.connect(self._on_dragged)
        self.view.released.connect(self._on_released)
        self.visible.pressed.connect(lambda u, v: self.clicked.emit(Pane.VISIBLE, u, v))
        self.view.scrolled.connect(self._on_scrolled)
        self._lay_out()
        self.choose_look(AlignLook.BLEND)

    def choose_look(self, look: AlignLook) -> None:
        """Puts the pictures together in another way."""
        self.look = look
        points = look is AlignLook.POINTS
        self.visible.setVisible(points)
        self._help.setVisible(not points)
        self.before.setEnabled(not points)
        for button in self._looks:
            button.setChecked(button.property("look") == look)
        self.look_chosen.emit(look)

    def show_pictures(self, thermal: Colours, layer: Layer | None, visible: Colours | None) -> None:
        """Takes the thermal picture, what lies over it, and the visible one as it came."""
        self._ratio = thermal.shape[0] / thermal.shape[1]
        self.view.show_colours(thermal, smooth=True, captured_ns=None)
        self.view.show_layer(layer)
        if visible is not None:
            self.visible.show_colours(visible, smooth=True, captured_ns=None)

    def show_captions(self, view: str, visible: str, empty: str = "") -> None:
        """Takes what is written on the pictures."""
        self.view.set_annotations(Annotations(caption=view, empty=empty))
        self.visible.set_annotations(Annotations(caption=visible, empty=empty))

    def show_words(self, placement: str, score: str, message: str) -> None:
        """Takes where the visible picture lies, how well, and what has happened."""
        for label, text in (
            (self.placement, placement), (self.score, score), (self.message, message),
        ):  # fmt: skip
            if label.text() != text:
                label.setText(text)

    def show_can(self, *, undo: bool, save: bool, unsaved: bool, looking: bool) -> None:
        """Takes what can be done."""
        self.buttons["undo"].setEnabled(undo)
        self.buttons["save"].setEnabled(save)
        self.buttons["find"].setText(tr("Stop looking") if looking else tr("Find by itself"))
        self.setWindowModified(unsaved)

    def file_to_save(self, proposed: Path) -> Path | None:
        """Asks where to; None where the user would rather not. One that is there is confirmed."""
        dialog = QFileDialog(self, tr("Save the calibration"), str(proposed.parent))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([tr("Calibrations (*.yaml *.yml)"), tr("All files (*)")])
        dialog.setDefaultSuffix("yaml")
        dialog.selectFile(proposed.name)
        if not dialog.exec():
            return None
        return Path(dialog.selectedFiles()[0])

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Moves, scales and turns."""
        key, text = Qt.Key(event.key()), event.text()
        held = event.modifiers()
        if held & Qt.KeyboardModifier.ControlModifier:
            asked = {Qt.Key.Key_Z: "undo", Qt.Key.Key_S: "save"}.get(key)
            if asked is not None:
                self._ask(asked)
            elif key == Qt.Key.Key_L:
                self.hide()
        elif key in _ARROWS:
            step = LONG_STEP_PX if held & Qt.KeyboardModifier.ShiftModifier else STEP_PX
            right, down = _ARROWS[key]
            self.moved.emit(right * step, down * step)
        elif text in _SCALES:
            self.enlarged.emit(_SCALES[text])
        elif text in _TURNS:
            self.turned.emit(_TURNS[text])
        elif key == Qt.Key.Key_Space and self.before.isEnabled():
            self.before.toggle()
        elif key == Qt.Key.Key_F:
            self._ask("find")
        elif key == Qt.Key.Key_Backspace:
            self._ask("undo")
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Passes it on."""
        super().hideEvent(event)
        self.hidden.emit()

    def _ask(self, name: str) -> None:
        if self.buttons[name].isEnabled():
            self.asked.emit(name)

    def _asker(self, name: str) -> Callable[[], None]:
        return lambda: self._ask(name)

    def _on_pressed(self, u: float, v: float) -> None:
        if self.look is AlignLook.POINTS:
            self.clicked.emit(Pane.THERMAL, u, v)
        else:
            self._held = u, v

    def _on_dragged(self, u: float, v: float) -> None:
        if self._held is not None:
            right, down = u - self._held[0], v - self._held[1]
            self._held = u, v
            self.moved.emit(right * CANVAS_WIDTH, down * CANVAS_WIDTH * self._ratio)

    def _on_released(self, u: float, v: float) -> None:
        self._held = None

    def _on_scrolled(self, steps: float, turning: bool) -> None:
        if self.look is not AlignLook.POINTS:
            (self.turned if turning else self.enlarged).emit(steps)

    def _lay_out(self) -> None:
        upper, pictures, lower = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        for look, (title, tip) in _LOOKS.items():
            button = _button(tr(title), tr(tip))
            button.setCheckable(True)
            button.setProperty("look", look)
            button.clicked.connect(lambda _=False, look=look: self.choose_look(look))
            self._looks.append(button)
            upper.addWidget(button)
        upper.addStretch(1)
        upper.addWidget(self.before)
        pictures.setSpacing(6)
        pictures.addWidget(self.visible, 1)
        pictures.addWidget(self.view, 1)
        for name in ("find", "undo", "start_over"):
            lower.addWidget(self.buttons[name])
        lower.addStretch(1)
        lower.addWidget(self.buttons["save"])
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(6)
        column.addLayout(upper)
        column.addLayout(pictures, 1)
        for label in (self.placement, self.score, self.message, self._help):
            column.addWidget(label)
        column.addLayout(lower)
        room = self.screen().availableGeometry()
        self.resize(min(px(680), room.width()), min(px(640), room.height()))


def _button(title: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(title)
    tab_stop(button)
    button.setMinimumSize(px(78), px(24))
    button.toggled.connect(partial(tint, button))
    button.setToolTip(tip)
    return button


def _label(text: str = "", *, quiet: bool = False) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if quiet:
        palette = label.palette()
        palette.setColor(QPalette.ColorRole.WindowText, QUIET)
        label.setPalette(palette)
    return label
