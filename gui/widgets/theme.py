"""Colours, fonts and sizes of the window: neutral, so that only the picture has colour.

Dark, or light for where the sun shines. What stands on a picture or on a colour is the same.
"""

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from gui.status.diagnosis import Severity

BACKGROUND = QColor(24, 25, 28)
CANVAS = QColor(12, 13, 15)
TEXT = QColor(232, 234, 237)  # on pictures and on colours
INK = QColor(232, 234, 237)  # on the window's own ground
QUIET = QColor(164, 169, 176)
EMPTY = QColor(52, 55, 61)
FIELD = QColor(34, 36, 40)
BUTTON = QColor(48, 51, 57)
OFF = QColor(112, 117, 124)
ON = QColor(38, 76, 118)  # a button that is switched on
HOT = QColor(255, 110, 90)
COLD = QColor(110, 190, 255)
SELECTED = QColor(255, 214, 92)
ALARM = QColor(255, 64, 64)

SEVERITY_COLOURS: dict[Severity, QColor] = {
    Severity.OK: QColor(28, 114, 56),
    Severity.CAUTION: QColor(150, 88, 0),
    Severity.HELD: QColor(24, 98, 180),
    Severity.RELATIVE: QColor(122, 52, 166),
    Severity.ERROR: QColor(184, 36, 36),
    Severity.NEUTRAL: QColor(78, 84, 94),
}


_DARK: dict[str, tuple[int, int, int]] = {
    "BACKGROUND": (24, 25, 28),
    "CANVAS": (12, 13, 15),
    "INK": (232, 234, 237),
    "QUIET": (164, 169, 176),
    "EMPTY": (52, 55, 61),
    "FIELD": (34, 36, 40),
    "BUTTON": (48, 51, 57),
    "OFF": (112, 117, 124),
    "ON": (38, 76, 118),
}
_LIGHT: dict[str, tuple[int, int, int]] = {
    "BACKGROUND": (240, 241, 243),
    "CANVAS": (206, 209, 214),
    "INK": (22, 24, 28),
    "QUIET": (76, 82, 90),
    "EMPTY": (190, 194, 200),
    "FIELD": (255, 255, 255),
    "BUTTON": (222, 225, 230),
    "OFF": (136, 142, 150),
    "ON": (158, 196, 240),
}
_ROOMY = (1920, 1080)  # a screen up to this size shows everything at its plain size
_LARGEST = 2.0
_scale = 1.0


def scale_for(width: int, height: int) -> float:
    """How much larger than plain text and marks are on a screen of this many logical pixels.

    A 4K screen that the desktop does not scale would show them too small to read.
    """
    whole = min(width / _ROOMY[0], height / _ROOMY[1])
    return min(max(1.0, round(whole * 4) / 4), _LARGEST)


def apply_theme(application: QApplication, scale: float = 1.0, theme: str = "dark") -> None:
    """Gives the whole application its look, before any of its widgets is made.

    Args:
        application: the one there is.
        scale: of text and marks.
        theme: `dark` or `light`.
    """
    for name, rgb in (_LIGHT if theme == "light" else _DARK).items():
        globals()[name].setRgb(*rgb)  # the same objects: widgets have imported them by name
    global _scale
    plain = QFont(application.font())
    plain.setPointSizeF(plain.pointSizeF() / _scale * scale)
    _scale = scale
    application.setFont(plain)
    application.setStyle("Fusion")
    palette = QPalette()
    for role, colour in {
        QPalette.ColorRole.Window: BACKGROUND,
        QPalette.ColorRole.WindowText: INK,
        QPalette.ColorRole.Base: FIELD,
        QPalette.ColorRole.AlternateBase: EMPTY,
        QPalette.ColorRole.Text: INK,
        QPalette.ColorRole.Button: BUTTON,
        QPalette.ColorRole.ButtonText: INK,
        QPalette.ColorRole.ToolTipBase: QColor(52, 55, 61),
        QPalette.ColorRole.ToolTipText: TEXT,
        QPalette.ColorRole.PlaceholderText: QUIET,
        QPalette.ColorRole.Highlight: QColor(62, 116, 178),
        QPalette.ColorRole.HighlightedText: QColor(255, 255, 255),
    }.items():
        palette.setColor(role, colour)
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, OFF)
    application.setPalette(palette)


def font(points: float, *, bold: bool = False) -> QFont:
    """The application's font at a size."""
    wanted = QFont()
    wanted.setPointSizeF(points * _scale)
    wanted.setBold(bold)
    return wanted


def px(pixels: float) -> int:
    """A length on the screen, at the size of the text."""
    return round(pixels * _scale)
