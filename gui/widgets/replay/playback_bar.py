"""The bar of a replay: buttons, seek bar, time, rate, and a thumbnail above the seek bar."""

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QIcon, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from gui.language import tr
from gui.state.playback.control import RATES, PlaybackControl
from gui.state.playback.timeline import clock_text
from gui.widgets.access.tab_stops import tab_stop
from gui.widgets.control_bar import tint
from gui.widgets.replay.icons import icon
from gui.widgets.replay.seek_bar import SeekBar
from gui.widgets.replay.thumbnail_popup import ThumbnailPopup
from gui.widgets.theme import font
from streamer.clock import HostNs, StreamNs, since
from streamer.thermal.colouring import Colours

_BUTTONS = (
    *("mark_back", "step_back", "play", "step_forward", "mark_forward"),
    *("loop", "set_loop_start", "set_loop_end", "clear_loop_range"),
)
_LESS_NEEDED = ("set_loop_start", "set_loop_end", "clear_loop_range", "mark_back", "mark_forward")
_ALL_FROM_PX, _RATE_FROM_PX = 760, 560


class PlaybackBar(QWidget):
    """Shows where the player is, and offers the commands it takes.

    Signals:
        rate_chosen: seconds of the recording per second.
    """

    rate_chosen = Signal(float)

    def __init__(self, qactions: dict[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(3)
        self._icons: dict[bool, QIcon] = {True: icon("play"), False: icon("pause")}
        self._paused: bool | None = None
        self._buttons: list[QToolButton] = []
        self._less_needed: list[QToolButton] = []  # what a narrow window has in its menu alone
        self._play = qactions["play"]
        self._loop, self._clear_loop_range = qactions["loop"], qactions["clear_loop_range"]
        for name in _BUTTONS:
            qactions[name].setIcon(icon("pause" if name == "play" else name))
            button = _button(qactions[name])
            row.addWidget(button)
            self._buttons.append(button)
            if name in _LESS_NEEDED:
                self._less_needed.append(button)
        self.seek_bar = SeekBar()
        row.addWidget(self.seek_bar, 1)
        self.seek_bar.pointed.connect(self._on_pointed)
        self._thumbnail: ThumbnailPopup | None = None  # of the window, which is not there yet
        self._duration_ns = 0
        self._time = QLabel()
        self._time.setFont(font(10.5))
        self._time.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._time.setToolTip(tr("Time in the recording, of all of it"))
        row.addWidget(self._time)
        row.addSpacing(6)
        self._rate = QToolButton()
        self._rate.setToolTip(tr("Rate of playing ([ slower, ] faster)"))
        self._rate.setAccessibleName(tr("Rate of playing"))
        tab_stop(self._rate)
        self._rate.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._rate.setMenu(self._rates())
        widest = self._rate.fontMetrics().horizontalAdvance(_rate_text(0.25))
        self._rate.setMinimumWidth(widest + 30)
        row.addWidget(self._rate)
        self.setEnabled(False)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Buttons to play and step, some of the seek bar, and the time."""
        return QSize(360, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """In a narrow window the seek bar needs the room more than some buttons."""
        super().resizeEvent(event)
        for button in self._less_needed:
            button.setVisible(self.width() >= _ALL_FROM_PX)
        self._rate.setVisible(self.width() >= _RATE_FROM_PX)

    def show_playback(self, playback: PlaybackControl, now_ns: HostNs) -> None:
        """Shows where the player is."""
        player, timeline = playback.player, playback.timeline
        self.setEnabled(player is not None)
        if player is None:
            return
        media_ns = playback.media_ns(now_ns)
        self.seek_bar.show_moment(timeline, media_ns)
        self._duration_ns = since(timeline.end_ns, timeline.start_ns)
        total = clock_text(timeline.duration_s, 2)
        if not self._time.text().endswith(f"/ {total}"):  # or its digits would move the seek bar
            widest = self._time.fontMetrics().horizontalAdvance(
                f"{total} / {total}".replace("1", "0")
            )
            self._time.setMinimumWidth(widest + 4)
        self._time.setText(f"{clock_text(timeline.seconds(media_ns), 2)} / {total}")
        self._rate.setText(_rate_text(player.rate))
        self._loop.setChecked(player.loop)
        self._clear_loop_range.setEnabled(player.part is not None)
        if playback.paused is not self._paused:
            self._paused = playback.paused
            self._play.setIcon(self._icons[self._paused])

    def show_thumbnail(self, colours: Colours, moment_ns: StreamNs) -> None:
        """Shows the thumbnail of a moment, once the pointer is there."""
        if self._thumbnail is not None:
            self._thumbnail.show_picture(colours, moment_ns)

    @property
    def stops(self) -> list[QWidget]:
        """Where Tab goes, in this order."""
        return [*self._buttons, self.seek_bar, self._rate]

    @property
    def time_text(self) -> str:
        """The time as it is written beside the seek bar."""
        return self._time.text()

    def _on_pointed(self, media_ns: StreamNs | None) -> None:
        if media_ns is None or not self.isEnabled():
            if self._thumbnail is not None:
                self._thumbnail.hide()
            return
        if self._thumbnail is None:
            self._thumbnail = ThumbnailPopup(self.window())
        view = self.seek_bar
        anchor = view.mapTo(self.window(), QPoint(round(view.x_of(media_ns)), 0))
        near_ns = self._duration_ns // 50
        self._thumbnail.show_at(anchor, view.description_at(media_ns), media_ns, near_ns)

    def _rates(self) -> QMenu:
        menu = QMenu(self)
        for rate in RATES:
            qaction = menu.addAction(_rate_text(rate))
            qaction.triggered.connect(lambda _=False, rate=rate: self.rate_chosen.emit(rate))
        return menu


def _button(qaction: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(qaction)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    tab_stop(button)
    button.setFixedSize(28, 28)
    button.toggled.connect(lambda on: tint(button, on))
    return button


def _rate_text(rate: float) -> str:
    return f"{rate:g} \N{MULTIPLICATION SIGN}"
