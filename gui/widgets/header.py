"""The header: mode in words and colour, the network, and how the run is doing."""

from collections.abc import Mapping, Sequence

import msgspec
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from gui.language import mark, tr
from gui.status.diagnosis import Diagnosis, Severity
from gui.status.header_text import HeaderText
from gui.status.take_text import TakeText
from gui.widgets.theme import INK, QUIET, SEVERITY_COLOURS, TEXT, font, px

_TIPS = {
    "take": mark("What has been recorded, and how much room is left on its disk"),
    "network": mark(
        "The network, the engine and precision it runs on, and the size of its pictures"
    ),
    "rate": mark("Super-resolved pictures a second, over the last second"),
    "age": mark("From the thermal camera taking a picture to the end of painting it"),
    "restarts": mark("How often a process of this run ended and was started again"),
}
_FIRST = (
    "take",
    "rate",
    "age",
    "restarts",
    "network",
)  # in a narrow window the last ones have no room
_LEAST_PX = 120  # of what is cut: less would not tell a name
_MORE = " \N{HORIZONTAL ELLIPSIS}"
_BADGE_TIP = mark("What the picture is made from at this moment")


class ElidedLabel(QLabel):
    """A line of text that gives way: what does not fit becomes an ellipsis.

    Args:
        breaks: where it may be cut, if not everywhere: half of a number is another number.
    """

    def __init__(self, breaks: Sequence[str] = ()) -> None:
        super().__init__()
        self._breaks = breaks

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for one word at least."""
        return QSize(40, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paints as much as fits."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(self.rect(), self.alignment(), self.fitting(self.width()))
        painter.end()

    def fitting(self, width: int) -> str:
        """As much of the text as is shown in so many pixels."""
        metrics, text = self.fontMetrics(), self.text()
        if self._breaks:
            while metrics.horizontalAdvance(text) > width:
                cut = max((text.removesuffix(_MORE).rfind(one) for one in self._breaks), default=-1)
                if cut <= 0:
                    break
                text = text[:cut].rstrip() + _MORE
        return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)


class Header(QWidget):
    """Badge and figures in one row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._badge = QLabel(tr("STARTING"))
        self._badge.setFont(font(12, bold=True))
        self._badge.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._badge.setContentsMargins(12, 4, 12, 4)
        self._badge.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._badge.setAutoFillBackground(True)
        self._severity: Severity | None = None
        self._take = QLabel()
        self._take.setFont(font(12, bold=True))
        self._take.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._take.setContentsMargins(10, 4, 10, 4)
        self._take.setAutoFillBackground(True)
        self._take.setVisible(False)
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(18))
        row.addWidget(self._badge)
        row.addWidget(self._take)
        self._labels: dict[str, QLabel] = {}
        for name, tip in _TIPS.items():
            yields = name in ("network", "take")
            label = ElidedLabel(breaks=(", ",)) if yields else QLabel()
            label.setFont(font(10.5))
            label.setToolTip(tr(tip))
            label.setAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
            _colour(label, QUIET if name == "network" else INK)
            if yields:
                label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
            row.addWidget(label)
            self._labels[name] = label
        row.insertStretch(4, 1)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for the badge: the one word that is never cut."""
        width = self._badge.sizeHint().width()
        if not self._take.isHidden():
            width += self._row.spacing() + self._take.sizeHint().width()
        return QSize(width, self._badge.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """What there is no room for yields, whole."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Shows as many figures as fit beside the badge: a number that is cut is another one."""
        gap = self._row.spacing()
        room = self.width() - self.minimumSizeHint().width()
        for name in _FIRST:
            label = self._labels[name]
            wanted = label.sizeHint().width()
            if isinstance(label, ElidedLabel):
                wanted = max(min(wanted, room - gap), min(wanted, px(_LEAST_PX)))
                label.setMinimumWidth(wanted)  # those that follow yield first
            fits = bool(label.text()) and wanted + gap <= room
            label.setVisible(fits)
            room -= wanted + gap if fits else 0

    @property
    def badge(self) -> str:
        """The word for the mode."""
        return self._badge.text()

    def set_diagnosis(self, diagnosis: Diagnosis) -> None:
        """Shows the mode."""
        if diagnosis.badge != self._badge.text():
            self._badge.setText(diagnosis.badge)
            self._fit()
        notice = diagnosis.notice
        lines = (notice.title, *notice.lines) if notice else (tr(_BADGE_TIP),)
        self._badge.setToolTip("\n".join(lines))
        if diagnosis.severity is not self._severity:
            self._severity = diagnosis.severity
            _fill(self._badge, SEVERITY_COLOURS[diagnosis.severity])

    def set_text(self, figures: HeaderText) -> None:
        """Shows the figures."""
        self._set_labels(msgspec.structs.asdict(figures))

    def set_take(self, take: TakeText) -> None:
        """Shows the recording: a word and its time, and figures where there is room."""
        shown = bool(take.badge)
        if (self._take.text(), self._take.isHidden()) != (take.badge, not shown):
            self._take.setText(take.badge)
            self._take.setVisible(shown)
            _fill(self._take, SEVERITY_COLOURS[take.severity])
            self._fit()
        self._take.setToolTip(take.tip)
        self._set_labels({"take": take.figures})

    def _set_labels(self, texts: Mapping[str, str]) -> None:
        changed = False
        for name, text in texts.items():
            label = self._labels[name]
            if label.text() != text:
                label.setText(text)
                changed = True
                if isinstance(label, ElidedLabel):
                    label.setToolTip(f"{tr(_TIPS[name])}\n{text}" if text else tr(_TIPS[name]))
        if changed:
            self._fit()


def _fill(label: QLabel, colour: QColor) -> None:
    palette = label.palette()
    palette.setColor(QPalette.ColorRole.Window, colour)
    palette.setColor(QPalette.ColorRole.WindowText, TEXT)
    label.setPalette(palette)


def _colour(label: QLabel, colour: QColor) -> None:
    palette = label.palette()
    palette.setColor(QPalette.ColorRole.WindowText, colour)
    label.setPalette(palette)
