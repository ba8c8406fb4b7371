"""Pulls the newest from the receiver and puts it on the window.

Results are shown as they come, side panes at a lower rate, text a few times a second: everything
here runs beside the network on the same cores.
"""

import math
from statistics import median

from gui.controllers.receiver import Receiver
from gui.controllers.second_model import SecondModel, behind_words, compared_line, model_caption
from gui.panes import Pane
from gui.state.captions import Captions, box_of, marks_of
from gui.state.pane_images import Picture, Pictures, thumbnail_colours
from gui.state.playback_control import PlaybackControl
from gui.state.readout import read_off
from gui.state.viewer_state import ViewerState
from gui.status.diagnosis import Diagnosis, Severity, diagnose
from gui.status.header_text import header_text
from gui.status.run_status import RunStatus
from gui.widgets.main_window import MainWindow
from streamer.clock import NS_PER_MS, NS_PER_S, HostNs, after, later, now_ns, since
from streamer.config.schema import Config
from streamer.messages import Mode, ProcessState, SuperResolvedFrame
from streamer.thermal.readings import extremes
from streamer.thermal.scale import Scale

_SIDE_EVERY_NS = NS_PER_S // 15
_BAR_EVERY_NS = NS_PER_S // 20
_TEXT_EVERY_NS = NS_PER_S // 10
_HEADER_EVERY_NS = NS_PER_S // 4
_MESSAGE_NS = 4 * NS_PER_S


class Presenter:
    """One `tick` looks for everything that is due."""

    def __init__(
        self, config: Config, receiver: Receiver, window: MainWindow, state: ViewerState
    ) -> None:
        self._config = config
        self._receiver = receiver
        self._window = window
        self._state = state
        self._since_ns = now_ns()
        self._due_ns = dict.fromkeys(("side", "text", "header", "bar"), HostNs(0))
        self._painted_ms: list[float] = []
        self._message: tuple[str, HostNs] = ("", HostNs(0))
        self._newest: SuperResolvedFrame | None = None  # frozen or not
        self.pictures = Pictures()
        self._captions = Captions(config, state, self.pictures)
        self.diagnosis = Diagnosis(badge="STARTING", severity=Severity.NEUTRAL)
        self.playback = (
            PlaybackControl(receiver.send_playback_command) if receiver.replays else None
        )
        self._second: SecondModel | None = None
        if window.second_view is not None:
            self._second = SecondModel(config, receiver, window.second_view, state, self.pictures)
        self._epoch = 0
        self._stood = False
        for view in window.views:
            view.painted.connect(self._on_painted)
        self.publish_status()

    @property
    def interval_ms(self) -> int:
        """How often to `tick`."""
        return max(1, round(1000 / self._config.viewer.refresh_hz))

    def tick(self) -> None:
        """Shows what is new and reports; called as often as the window shall look."""
        now = now_ns()
        self._receiver.poll()
        self._update_playback(now)
        result = self._receiver.result()
        if result is not None:
            self._newest = result
        if result is not None and not self._state.frozen:
            self.pictures.accept_result(result, now)
            captured_ns = self._receiver.result_clock.host_time(result.timestamp_ns)
            self._show(Pane.RESULT, captured_ns=captured_ns)
        if self._second is not None:
            self._second.tick(now)
        self._show_frames(now, side_due=self._is_due("side", now, _SIDE_EVERY_NS))
        if self._is_due("text", now, _TEXT_EVERY_NS):
            self._update_text(now)
        self.publish_status()

    def _update_playback(self, now: HostNs) -> None:
        """In a replay: takes where the player is, and sends it what waits."""
        player, bar = self._receiver.player(), self._window.playback_bar
        if self.playback is None or bar is None:
            return
        if player is not None:
            if player.epoch != self._epoch:  # a jump: what the guide added was of another moment
                self._epoch = player.epoch
                self._receiver.forget()
                self.pictures.frames.pop(Pane.INFLUENCE, None)
                self._show(Pane.INFLUENCE)
            self.playback.on_player_state(player, self._receiver.timeline)
        self.playback.flush(now)
        small = self._receiver.thumbnail()
        if small is not None:
            bar.show_thumbnail(thumbnail_colours(small, self._state), small.timestamp_ns)
        if self._is_due("bar", now, _BAR_EVERY_NS):
            bar.show_playback(self.playback, now)

    def publish_status(self) -> None:
        """Sends the heartbeat."""
        if self.pictures.result is None:
            self._receiver.publish_status(ProcessState.WAITING, "waiting for the first picture")
        else:
            self._receiver.publish_status(
                ProcessState.RUNNING, "frozen" if self._state.frozen else ""
            )

    def refresh(self) -> None:
        """Shows everything anew after the state has changed."""
        self._window.show_state(self._state)
        for pane in Pane:
            self._show(pane)
        if self._second is not None:
            self._second.show()
        self._update_text(now_ns())

    def show_message(self, text: str) -> None:
        """Puts a message into the readout line for a few seconds."""
        self._message = (text, after(now_ns(), _MESSAGE_NS))

    def large_picture(self) -> Picture | None:
        """What the large view shows, as counts and colours."""
        return self.pictures.picture(self._state.large, self._state, self._window.views[0].width())

    def _show_frames(self, now: HostNs, *, side_due: bool) -> None:
        for pane in (Pane.VISIBLE, Pane.THERMAL, Pane.INFLUENCE):
            if not self._state.shows(pane) or not (side_due or pane is self._state.large):
                continue
            frame = self._receiver.frame(pane)
            if frame is not None and not self._state.frozen:
                captured_ns = self._receiver.link.clock().host_time(frame.timestamp_ns)
                self.pictures.accept(pane, frame, captured_ns, now)
                self._show(pane)
        looked_at = self._window.isVisible() and not self._window.isMinimized()
        if looked_at and self._state.shows(Pane.INFLUENCE):
            self._receiver.request_influence(now)

    def _show(self, pane: Pane, captured_ns: HostNs | None = None) -> None:
        if not self._state.shows(pane):
            return
        view = self._window.views[self._state.slots.index(pane)]
        picture = self.pictures.picture(pane, self._state, view.width())
        if picture is None:
            view.clear()
        else:
            view.show_colours(picture.colours, smooth=picture.smooth, captured_ns=captured_ns)

    def _update_text(self, now: HostNs) -> None:
        session = self._receiver.session()
        run = RunStatus(
            now_ns=now,
            since_ns=self._since_ns,
            session=session,
            result=self._newest,
            config=self._config,
            player=self._receiver.player(),
            taken=self._receiver.result_clock,
        )
        self.diagnosis = diagnose(run)
        self._window.header.set_diagnosis(self.diagnosis)
        picture = self.large_picture()
        readout = read_off(picture, self._state)
        marks, box = marks_of(readout, picture), box_of(readout, picture, self._state)
        line, caption, behind = readout.line, "", ""
        if self._second is not None:
            other = self._second.update_text(run, now)
            line = compared_line((readout, picture), (other, self._second.picture()))
            name = self._config.inference.model
            caption = model_caption("A", name, run, self._receiver.arrivals.rate_hz(now))
            behind = behind_words(self._receiver, 0)
        for view, pane in zip(self._window.views, self._state.slots, strict=True):
            large = view is self._window.views[0]
            words = self._captions.words(
                *(pane, self.diagnosis, marks, box, now),
                large=large,
                caption=caption if pane is Pane.RESULT else "",
                behind=behind,
            )
            view.set_annotations(words)
        locked = self._state.locked is not None
        self._window.span_panel.show_picture(picture, readout.cursor, locked=locked)
        text, until_ns = self._message
        self._window.control_bar.show_readout(text if later(until_ns, now) else line)
        if self._is_due("header", now, _HEADER_EVERY_NS):
            self._update_header(run, now)

    def _update_header(self, run: RunStatus, now: HostNs) -> None:
        age_ms = median(self._painted_ms) if self._painted_ms else run.age_ms
        self._painted_ms.clear()
        rate_hz = self._receiver.arrivals.rate_hz(now)
        self._window.header.set_text(
            header_text(run.session, run.result, self._receiver.dropped, rate_hz, age_ms)
        )
        still, self._stood = self.diagnosis.still and self._stood, self.diagnosis.still
        if self._state.plot_shown and not still:
            hottest, symbol = self._hottest()
            age = math.nan if age_ms is None else age_ms
            if self._stood:  # the plots stand still as well, and go on after a gap
                age = rate_hz = hottest = math.nan
            self._window.charts.add(now / NS_PER_S, age, rate_hz, hottest, symbol)

    def _hottest(self) -> tuple[float, str]:
        result = self.pictures.result
        if result is None or result.mode is Mode.VISIBLE_ONLY:
            return math.nan, ""
        scale = Scale.of(result.radiometry, self._state.unit)
        return scale.value(extremes(result.pixels, result.radiometry).hottest.counts), scale.symbol

    def _is_due(self, what: str, now: HostNs, every_ns: int) -> bool:
        if later(self._due_ns[what], now):
            return False
        self._due_ns[what] = after(now, every_ns)
        return True

    def _on_painted(self, captured_ns: HostNs, painted_ns: HostNs) -> None:
        self._receiver.painted(captured_ns, painted_ns)
        self._painted_ms.append(since(painted_ns, captured_ns) / NS_PER_MS)
