"""The header: mode in words and colour, the network, and how the run is doing."""

import msgspec
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from gui.status.diagnosis import Diagnosis, Severity
from gui.status.header_text import HeaderText
from gui.widgets.theme import QUIET, SEVERITY_COLOURS, TEXT, font, px

_TIPS = {
    "network": "The network, the engine and precision it runs on, and the size of its pictures",
    "rate": "Super-resolved pictures a second, over the last second",
    "age": "From the thermal camera taking a picture to the end of painting it",
    "restarts": "How often a process of this run ended and was started again",
}
_FIRST = ("rate", "age", "restarts", "network")  # in a narrow window the last ones have no room
_LEAST_PX = 120  # of what is cut: less would not tell a name
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
        self._badge.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._badge.setAutoFillBackground(True)
        self._severity: Severity | None = None
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(18))
        row.addWidget(self._badge)
        self._labels: dict[str, QLabel] = {}
        for name, tip in _TIPS.items():
            yields = name == "network"
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

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for the badge: the one word that is never cut."""
        return QSize(self._badge.sizeHint().width(), self._badge.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """What there is no room for yields, whole."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Shows as many figures as fit beside the badge: a number that is cut is another one."""
        gap = self._row.spacing()
        room = self.width() - self._badge.sizeHint().width()
        for name in _FIRST:
            label = self._labels[name]
            wanted = label.sizeHint().width()
            if isinstance(label, ElidedLabel):
                wanted = min(wanted, px(_LEAST_PX))
            fits = bool(label.text()) and wanted + gap <= room
            label.setVisible(fits)
            room -= wanted + gap if fits else 0

    def set_diagnosis(self, diagnosis: Diagnosis) -> None:
        """Shows the mode."""
        if diagnosis.badge != self._badge.text():
            self._badge.setText(diagnosis.badge)
            self._fit()
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
        changed = False
        for name, text in msgspec.structs.asdict(figures).items():
            label = self._labels[name]
            if label.text() != text:
                label.setText(text)
                changed = True
                if isinstance(label, ElidedLabel):
                    label.setToolTip(f"{_TIPS[name]}\n{text}" if text else _TIPS[name])
        if changed:
            self._fit()


def _colour(label: QLabel, colour: QColor) -> None:
    palette = label.palette()
    palette.setColor(QPalette.ColorRole.WindowText, colour)
    label.setPalette(palette)
