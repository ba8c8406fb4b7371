"""Who cannot see the window is told what each of its parts is."""

import re

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QComboBox,
    QDockWidget,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QWidget,
)

from gui.state.viewer_state import ViewerState
from gui.widgets.access.naming import name_control
from gui.widgets.main_window import MainWindow
from gui.widgets.measuring.plot_view import PlotView
from gui.widgets.panels.facts import FactsView
from gui.widgets.replay.seek_bar import SeekBar
from gui.widgets.scale.color_bar import ColorBar
from gui.widgets.theme import apply_theme
from gui.widgets.video_view import VideoView

_CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    ColorBar,
    FactsView,
    PlotView,
    SeekBar,
    VideoView,
)
_WINDOWS = (
    *("cameras", "model", "log", "health", "help", "alarms", "object_parameters"),
    *("find_action", "align"),
)


def own_name(widget):
    """A name that stays, whatever is chosen: its own, or the words on a button.

    What Qt says in place of one is none: the value of a box, the words of a tooltip, what is
    typed into a field.
    """
    name = widget.accessibleName().strip()
    if not name and isinstance(widget, QAbstractButton):
        name = widget.text().replace("&", "").strip()
    return name if re.search(r"[^\W\d_]{2}", name) else ""


def told_name(widget):
    """What a screen reader is told; of a box that is the label that belongs to it."""
    interface = QAccessible.queryAccessibleInterface(widget)
    if not isinstance(widget, QComboBox):
        return interface.text(QAccessible.Text.Name)
    labels = [other.object() for other, _ in interface.relations(QAccessible.RelationFlag.Label)]
    return labels[-1].text() if labels else ""


def nameless(window):
    """What has no name, by its class and where it is."""
    found = []
    for widget in window.findChildren(QWidget):
        qts_own = widget.objectName().startswith("qt_") or isinstance(widget, QScrollBar)
        of_a_box = isinstance(widget.parent(), QComboBox) or (
            widget.parent() and isinstance(widget.parent().parent(), QComboBox)
        )
        if not isinstance(widget, _CONTROLS) or qts_own or of_a_box:
            continue
        if isinstance(widget.parent(), QLineEdit | QAbstractItemView):
            continue
        said = told_name(widget)
        if not own_name(widget) or said.replace("&", "") != own_name(widget):
            parents = []
            above = widget
            while above is not None and above is not window:
                parents.append(type(above).__name__)
                above = above.parent()
            found.append(" < ".join(parents) + f" ({said!r}, {widget.toolTip()})")
    return found


def test_every_control_has_a_name(viewer):
    for name in _WINDOWS:
        viewer.window.qactions[name].trigger()
    assert nameless(viewer.window) == []


@pytest.mark.parametrize("models", [1, 2])
def test_every_control_of_a_replay_has_a_name(qtbot, qapp, models):
    apply_theme(qapp)
    window = MainWindow(60.0, replay=True, models=models)
    qtbot.addWidget(window)
    window.show_state(ViewerState())
    assert nameless(window) == []
    assert window.playback_bar.seek_bar.accessibleName() == "Time in the recording"


def test_a_box_is_told_by_its_name_and_by_its_value(viewer):
    bar = viewer.window.control_bar
    told = {}
    for box in bar.findChildren(QComboBox):
        interface = QAccessible.queryAccessibleInterface(box)
        told[told_name(box)] = interface.text(QAccessible.Text.Value)
    assert told == {"Palette": "Iron", "Unit": "°C"}


def test_what_is_no_name_is_found_out(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    box = QComboBox(window)
    box.addItem("Iron")
    field = QLineEdit("36.4", window)
    field.setPlaceholderText("a number")
    assert len(nameless(window)) == 2
    name_control(box, "Palette")
    field.setAccessibleName("Limit")
    assert nameless(window) == []


def test_panels_are_told_by_their_titles(viewer):
    titles = {panel.windowTitle() for panel in viewer.window.findChildren(QDockWidget)}
    assert titles == {"Cameras", "Model and engine", "Log", "Health"}
