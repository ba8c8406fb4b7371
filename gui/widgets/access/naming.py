"""What a control is, for who cannot see it."""

from PySide6.QtWidgets import QComboBox, QLabel, QWidget


def name_control(widget: QWidget, title: str) -> None:
    """Names a control, whatever is chosen in it.

    Call it once the control has its place. Of a box Qt tells the chosen value in place of its name
    on X and Wayland; screen readers take the label then that belongs to it, seen or not.
    """
    widget.setAccessibleName(title)
    if isinstance(widget, QComboBox):
        label = QLabel(title, widget.parentWidget())
        label.setBuddy(widget)
        label.hide()
