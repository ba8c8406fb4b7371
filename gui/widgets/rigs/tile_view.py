"""One rig in the strip: its name, how it is doing, its small picture, its hottest, its age."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from gui.language import tr
from gui.state.annotations import Annotations
from gui.state.framing.orientation import Orientation
from gui.state.framing.zoom import Zoom
from gui.state.rigs.choice import StripForm
from gui.state.rigs.tile import RigTile
from gui.widgets.header import ElidedLabel
from gui.widgets.theme import ALARM, FIELD, ON, QUIET, SEVERITY_COLOURS, TEXT, font, px
from gui.widgets.video_view import VideoView
from streamer.thermal.colouring import Colours

_SMALLEST = QSize(64, 44)
_FLAT_SHARE = 0.42  # of a flat tile's width that its picture has
_NO_LIMIT = 2**20
_DOT_PX = 14  # of a badge that has no room for its word


class RigTileView(QWidget):
    """A tile; a click anywhere on it chooses its rig.

    Signals:
        chosen: it was clicked.

    Attributes:
        view: its small picture.

    Args:
        name: of the rig.
        key: that chooses it, as it is written; empty for none.
    """

    chosen = Signal()

    def __init__(self, name: str, key: str) -> None:
        super().__init__()
        self._name, self._key = name, key
        self._large = False
        self._form = StripForm(column=True)
        self._told = RigTile(badge="", severity=next(iter(SEVERITY_COLOURS)))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._title = ElidedLabel()
        self._title.setText(name)
        self._title.setFont(font(10, bold=True))
        self._badge = QLabel()
        self._badge.setFont(font(8.5, bold=True))
        self._badge.setAutoFillBackground(True)
        self._badge.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._badge.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._record = QLabel("\N{BLACK CIRCLE}")
        self._record.setToolTip(tr("Being recorded"))
        _ink(self._record, ALARM)
        self.view = VideoView(QSize(px(_SMALLEST.width()), px(_SMALLEST.height())))
        self.view.setCursor(Qt.CursorShape.PointingHandCursor)
        self.view.released.connect(lambda *_: self.chosen.emit())
        self._value, self._age = ElidedLabel(), QLabel()
        self._value.setFont(font(10.5))
        self._age.setFont(font(9))
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(px(6), px(4), px(6), px(4))
        self._grid.setSpacing(px(4))
        self._record.hide()
        self._lay_out(flat=False)

    @property
    def words(self) -> RigTile:
        """What it tells."""
        return self._told

    def show_form(self, form: StripForm) -> None:
        """Takes whether it is a picture with words, or a button."""
        if form.flat != self._form.flat:
            self._lay_out(flat=form.flat)
        self._form = form
        for widget in (self.view, self._value, self._age):
            widget.setVisible(form.column)
        self.view.setMaximumWidth(round(_FLAT_SHARE * px(form.width)) if form.flat else _NO_LIMIT)
        vertical = QSizePolicy.Policy.Expanding if form.column else QSizePolicy.Policy.Fixed
        self.setSizePolicy(QSizePolicy.Policy.Expanding, vertical)
        self._show_badge()

    def show_large(self, large: bool) -> None:
        """Whether it is the rig that is seen large."""
        self._large = large
        self.update()

    def show_words(self, told: RigTile) -> None:
        """Takes what is told of the rig."""
        if told == self._told:
            return
        self._told = told
        self._show_badge()
        self._record.setVisible(told.recording)
        self._value.setText(told.value)
        self._age.setText(told.age)
        _ink(self._age, SEVERITY_COLOURS[told.severity].lighter(150) if told.lost else QUIET)
        stamp = told.badge if told.lost else ""
        self.view.set_annotations(Annotations(empty=stamp, dimmed=told.lost))
        key = f" ({self._key})" if self._key else ""
        lines = (tr("{name}: see it large", name=self._name) + key, told.badge, told.tip)
        self.setToolTip("\n".join(line for line in lines if line))
        self.setAccessibleName(f"{self._name}: {told.badge} {told.value}".strip())

    def show_picture(self, colours: Colours, orientation: Orientation) -> None:
        """Takes its small picture, and which way up that is shown."""
        self.view.show_framing(Zoom(), orientation)
        self.view.show_colours(colours, smooth=True, captured_ns=None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """A click beside the picture is one on it."""
        inside = self.rect().contains(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and inside:
            self.chosen.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Taken, so that the release comes here as well."""
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """The ground; that of the large one has the colour of a button that is on."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ON if self._large else FIELD)
        painter.drawRoundedRect(self.rect(), px(5), px(5))
        painter.end()

    def _lay_out(self, *, flat: bool) -> None:
        """The picture below its title, or left of all words."""
        grid, right = self._grid, Qt.AlignmentFlag.AlignRight
        for widget in (self._title, self._record, self._badge, self.view, self._value, self._age):
            grid.removeWidget(widget)
        first = 1 if flat else 0
        grid.addWidget(self._title, 0, first)
        grid.addWidget(self._record, 0, first + 1)
        grid.addWidget(self._value, 2, first)
        grid.addWidget(self._age, 2, first + 1, 1, 2, right)
        if flat:
            grid.addWidget(self.view, 0, 0, 3, 1)
            grid.addWidget(self._badge, 1, 1, 1, 3, Qt.AlignmentFlag.AlignLeft)
        else:
            grid.addWidget(self.view, 1, 0, 1, 3)
            grid.addWidget(self._badge, 0, 2)
        for column in range(3):
            grid.setColumnStretch(column, int(column == first or (flat and column == 0)))
        grid.setRowStretch(1, 1)

    def _show_badge(self) -> None:
        worded = self._form.worded
        self._badge.setText(self._told.badge if worded else "")
        self._badge.setContentsMargins(*((px(5), px(1)) * 2 if worded else (0, 0, 0, 0)))
        dot = 0 if worded else px(_DOT_PX)
        self._badge.setMinimumSize(dot, dot)
        palette = self._badge.palette()
        palette.setColor(QPalette.ColorRole.Window, SEVERITY_COLOURS[self._told.severity])
        palette.setColor(QPalette.ColorRole.WindowText, TEXT)
        self._badge.setPalette(palette)


def _ink(label: QLabel, colour: QColor) -> None:
    palette = label.palette()
    palette.setColor(QPalette.ColorRole.WindowText, colour)
    label.setPalette(palette)
