"""The header: mode in words and colour, the network, and how the run is doing."""

import msgspec
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from gui.status.diagnosis import Diagnosis, Severity
from gui.status.header_text import HeaderText
from gui.widgets.theme import QUIET, SEVERITY_COLOURS, TEXT, font

_TIPS = {
    "network": "The network, the engine and precision it runs on, and the size of its pictures",
    "rate": "Super-resolved pictures a second, over the last second",
    "age": "From the thermal camera taking a picture to the end of painting it",
    "trust": (
        "The trust figure: how far the network strayed from what the sensor measured, at most,\n"
        "before it was brought back. Averaged to sensor pixels, the picture shown equals the\n"
        "measurement"
    ),
    "drops": "Pictures that were lost, by stream and cause, since the run began",
    "restarts": "How often a process of this run ended and was started again",
}
_BADGE_TIP = "What the picture is made from at this moment"


class ElidedLabel(QLabel):
    """A line of text that gives way: what does not fit becomes an ellipsis."""

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for one word at least."""
        return QSize(40, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paints as much as fits."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        fitting = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, self.width()
        )
        painter.drawText(self.rect(), self.alignment(), fitting)
        painter.end()


class Header(QWidget):
    """Badge and figures in one row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._badge = QLabel("STARTING")
        self._badge.setFont(font(12, bold=True))
        self._badge.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._badge.setContentsMargins(12, 4, 12, 4)
        self._badge.setMinimumWidth(150)
        self._badge.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._badge.setAutoFillBackground(True)
        self._severity: Severity | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(18)
        row.addWidget(self._badge)
        self._labels: dict[str, QLabel] = {}
        for name, tip in _TIPS.items():
            yields = name in ("network", "drops", "restarts")
            label = ElidedLabel() if yields else QLabel()
            label.setFont(font(10.5))
            label.setToolTip(tip)
            label.setAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
            _colour(label, QUIET if yields else TEXT)
            if yields:
                label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
            row.addWidget(label)
            self._labels[name] = label
        row.insertStretch(2, 1)

    def set_diagnosis(self, diagnosis: Diagnosis) -> None:
        """Shows the mode."""
        self._badge.setText(diagnosis.badge)
        notice = diagnosis.notice
        lines = (notice.title, *notice.lines) if notice else (_BADGE_TIP,)
        self._badge.setToolTip("\n".join(lines))
        if diagnosis.severity is not self._severity:
            self._severity = diagnosis.severity
            palette = self._badge.palette()
            palette.setColor(QPalette.ColorRole.Window, SEVERITY_COLOURS[diagnosis.severity])
            palette.setColor(QPalette.ColorRole.WindowText, TEXT)
            self._badge.setPalette(palette)

    def set_text(self, figures: HeaderText) -> None:
        """Shows the figures."""
        for name, text in msgspec.structs.asdict(figures).items():
            label = self._labels[name]
            if label.text() != text:
                label.setText(text)
                if isinstance(label, ElidedLabel):
                    label.setToolTip(f"{_TIPS[name]}\n{text}" if text else _TIPS[name])


def _colour(label: QLabel, colour: QColor) -> None:
    palette = label.palette()
    palette.setColor(QPalette.ColorRole.WindowText, colour)
    label.setPalette(palette)
