"""The bar of a replay: buttons, time scale, time, rate, and the small picture above the scale."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from gui.imaging.render import Colours
from gui.state.playback_control import RATES, Steering
from gui.state.timeline import clock_words
from gui.widgets.control_bar import tint
from gui.widgets.replay.icons import icon
from gui.widgets.replay.seek_bar import ScaleView
from gui.widgets.replay.thumbnail_popup import GlanceView
from gui.widgets.theme import font
from streamer.clock import HostNs, StreamNs

_BUTTONS = {
    "mark_back": "mark_back",
    "step_back": "step_back",
    "play": "pause",
    "step_on": "step_on",
    "mark_on": "mark_on",
    "loop": "loop",
    "from_here": "from_here",
    "to_here": "to_here",
    "whole": "whole",
}


class ReplayBar(QWidget):
    """Shows where the player is, and offers what can be wished of it.

    Signals:
        rate_chosen: seconds of the recording per second.
    """

    rate_chosen = Signal(float)

    def __init__(self, actions: dict[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(3)
        self._icons: dict[bool, QIcon] = {True: icon("play"), False: icon("pause")}
        self._stands: bool | None = None
        self._play = actions["play"]
        self._loop, self._whole = actions["loop"], actions["whole"]
        for name, sign in _BUTTONS.items():
            actions[name].setIcon(icon(sign))
            row.addWidget(_button(actions[name]))
        self.scale_view = ScaleView()
        row.addWidget(self.scale_view, 1)
        self.scale_view.pointed.connect(self._on_pointed)
        self._glance: GlanceView | None = None  # of the window, which is not there yet
        self._duration_ns = 0
        self._time = QLabel()
        self._time.setFont(font(10.5))
        self._time.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._time.setToolTip("Time in the recording, of all of it")
        row.addWidget(self._time)
        row.addSpacing(6)
        self._rate = QToolButton()
        self._rate.setToolTip("Rate of playing ([ slower, ] faster)")
        self._rate.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._rate.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._rate.setMenu(self._rates())
        widest = self._rate.fontMetrics().horizontalAdvance(_rate_words(0.25))
        self._rate.setMinimumWidth(widest + 30)
        row.addWidget(self._rate)
        self.setEnabled(False)

    def show_steering(self, steering: Steering, now_ns: HostNs) -> None:
        """Takes where the player is."""
        player, scale = steering.player, steering.scale
        self.setEnabled(player is not None)
        if player is None:
            return
        media_ns = steering.media_ns(now_ns)
        self.scale_view.show_moment(scale, media_ns)
        self._duration_ns = scale.end_ns - scale.start_ns
        total = clock_words(scale.duration_s, 2)
        if not self._time.text().endswith(f"/ {total}"):  # it shall not push the scale about
            widest = self._time.fontMetrics().horizontalAdvance(
                f"{total} / {total}".replace("1", "0")
            )
            self._time.setMinimumWidth(widest + 4)
        self._time.setText(f"{clock_words(scale.seconds(media_ns), 2)} / {total}")
        self._rate.setText(_rate_words(player.rate))
        self._loop.setChecked(player.loop)
        self._whole.setEnabled(player.part is not None)
        if steering.stands is not self._stands:
            self._stands = steering.stands
            self._play.setIcon(self._icons[self._stands])

    def show_glance(self, colours: Colours, moment_ns: StreamNs) -> None:
        """Takes the small picture of a moment."""
        if self._glance is not None:
            self._glance.show_picture(colours, moment_ns)

    @property
    def time_words(self) -> str:
        """The time as it is written beside the scale."""
        return self._time.text()

    def _on_pointed(self, media_ns: StreamNs | None) -> None:
        if media_ns is None or not self.isEnabled():
            if self._glance is not None:
                self._glance.hide()
            return
        if self._glance is None:
            self._glance = GlanceView(self.window())
        view = self.scale_view
        anchor = view.mapTo(self.window(), QPoint(round(view.x_of(media_ns)), 0))
        near_ns = self._duration_ns // 50
        self._glance.show_at(anchor, view.words_at(media_ns), media_ns, near_ns)

    def _rates(self) -> QMenu:
        menu = QMenu(self)
        for rate in RATES:
            action = menu.addAction(_rate_words(rate))
            action.triggered.connect(lambda _=False, rate=rate: self.rate_chosen.emit(rate))
        return menu


def _button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    button.setFixedSize(28, 28)
    button.toggled.connect(lambda on: tint(button, on))
    return button


def _rate_words(rate: float) -> str:
    return f"{rate:g} \N{MULTIPLICATION SIGN}"
