"""Colours, fonts and sizes of the window: dark and neutral, so that only the picture has colour."""

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from gui.status.diagnosis import Severity

BACKGROUND = QColor(24, 25, 28)
CANVAS = QColor(12, 13, 15)
TEXT = QColor(232, 234, 237)
QUIET = QColor(164, 169, 176)
ON = QColor(38, 76, 118)  # a button that is switched on
HOT = QColor(255, 110, 90)
COLD = QColor(110, 190, 255)

SEVERITY_COLOURS: dict[Severity, QColor] = {
    Severity.OK: QColor(31, 122, 61),
    Severity.CAUTION: QColor(150, 88, 0),
    Severity.HELD: QColor(24, 98, 180),
    Severity.RELATIVE: QColor(122, 52, 166),
    Severity.ERROR: QColor(184, 36, 36),
    Severity.NEUTRAL: QColor(78, 84, 94),
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


def apply_theme(application: QApplication, scale: float = 1.0) -> None:
    """Gives the whole application its look.

    Args:
        application: the one there is.
        scale: of text and marks.
    """
    global _scale
    plain = QFont(application.font())
    plain.setPointSizeF(plain.pointSizeF() / _scale * scale)
    _scale = scale
    application.setFont(plain)
    application.setStyle("Fusion")
    palette = QPalette()
    for role, colour in {
        QPalette.ColorRole.Window: BACKGROUND,
        QPalette.ColorRole.WindowText: TEXT,
        QPalette.ColorRole.Base: QColor(34, 36, 40),
        QPalette.ColorRole.AlternateBase: QColor(42, 44, 49),
        QPalette.ColorRole.Text: TEXT,
        QPalette.ColorRole.Button: QColor(48, 51, 57),
        QPalette.ColorRole.ButtonText: TEXT,
        QPalette.ColorRole.ToolTipBase: QColor(52, 55, 61),
        QPalette.ColorRole.ToolTipText: TEXT,
        QPalette.ColorRole.PlaceholderText: QUIET,
        QPalette.ColorRole.Highlight: QColor(62, 116, 178),
        QPalette.ColorRole.HighlightedText: QColor(255, 255, 255),
    }.items():
        palette.setColor(role, colour)
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(112, 117, 124))
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
