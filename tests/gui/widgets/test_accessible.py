"""Who cannot see the window is told what each of its parts is."""

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QWidget,
)

from gui.widgets.measuring.plot_view import PlotView
from gui.widgets.replay.seek_bar import SeekBar
from gui.widgets.scale.color_bar import ColorBar
from gui.widgets.video_view import VideoView

_CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    ColorBar,
    PlotView,
    SeekBar,
    VideoView,
)
_WINDOWS = (
    "cameras",
    "model",
    "log",
    "health",
    "help",
    "alarms",
    "object_parameters",
    "find_action",
    "align",
)


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
        interface = QAccessible.queryAccessibleInterface(widget)
        if not interface.text(QAccessible.Text.Name).strip():
            parents = []
            above = widget
            while above is not None and above is not window:
                parents.append(type(above).__name__)
                above = above.parent()
            found.append(" < ".join(parents) + f" ({widget.toolTip()})")
    return found


def test_every_control_has_a_name(viewer):
    for name in _WINDOWS:
        viewer.window.qactions[name].trigger()
    assert nameless(viewer.window) == []
