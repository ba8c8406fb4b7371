"""Pulls the newest from the receiver and puts it on the window.

Results are shown as they come, side panes at a lower rate, text a few times a second: everything
here runs beside the network on the same cores.
"""

import math
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from statistics import median

import msgspec

from gui.controllers.alarm_signals import AlarmSignals
from gui.controllers.presenters.corrections import CorrectionPresenter
from gui.controllers.presenters.measuring import MeasuringPresenter
from gui.controllers.presenters.networks import NetworkPresenter
from gui.controllers.presenters.panels import PanelPresenter
from gui.controllers.presenters.takes import TakePresenter
from gui.controllers.receiver import Receiver
from gui.language import tr
from gui.panes import Pane
from gui.state.captions import with_time
from gui.state.looks.layers import LayerMaker
from gui.state.looks.look import Look
from gui.state.pane_images import Pictures, thumbnail_colours
from gui.state.picture import Picture
from gui.state.playback.control import PlaybackControl
from gui.state.readout import hottest_value
from gui.state.viewer_state import ViewerState
from gui.state.window_text import ModelStatus, WindowWriter, visible_is_old
from gui.status.diagnosis import Diagnosis, Severity
from gui.status.header_text import header_text
from gui.status.picture_facts import moment_text, picture_facts
from gui.status.run_status import RunStatus
from gui.widgets.main_window import MainWindow
from gui.widgets.video_view import VideoView
from streamer.calibration.calibration import Calibration
from streamer.clock import NS_PER_MS, NS_PER_S, HostNs, after, later, now_ns, since
from streamer.config.schema import Config
from streamer.measuring.tool_set import ToolSet
from streamer.messages import (
    SENSORS,
    ProcessState,
    RunAction,
    RunCommand,
    SuperResolvedFrame,
    Take,
)
from streamer.messages.alarms import AlarmState
from streamer.messages.streams import capture_process

_SIDE_EVERY_NS = NS_PER_S // 15
_BAR_EVERY_NS = NS_PER_S // 20
_TEXT_EVERY_NS = NS_PER_S // 10
_HEADER_EVERY_NS = NS_PER_S // 4
_MESSAGE_NS = 4 * NS_PER_S
_CAPTURES = tuple(capture_process(stream) for stream in SENSORS)


class Presenter:
    """One `tick` does everything that is due.

    Attributes:
        pictures: the newest of each pane and of each model.
        diagnosis: how the run was doing when the text was last written.
        playback: of a replay; None in a live run.
        measuring: of what tools read.
        alarm_signals: what is done when an alarm begins, once the user's actions are there.
        news: asked a few times a second for what there is to say; they say it once.
        watched: panes that a window beside this one shows, whether this one does or not.
    """

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
        models = len(receiver.models)
        self._newest: list[SuperResolvedFrame | None] = [None] * models  # frozen or not
        self.pictures = Pictures(models)
        self._writer = WindowWriter(models)
        self._layers = LayerMaker(self.pictures, receiver.calibration)
        self.diagnosis = Diagnosis(badge=tr("STARTING"), severity=Severity.NEUTRAL)
        self.playback: PlaybackControl | None = None
        if receiver.replays:
            self.playback = PlaybackControl(receiver.send_playback_command)
        self._epoch = 0
        self._was_still = self._tools_taken = False
        self._degrees = True
        self._corrections = CorrectionPresenter(self.show_message)
        self._networks = NetworkPresenter(self.show_message)
        self.alarm_signals: AlarmSignals | None = None
        self.news: list[Callable[[], str]] = []
        self.watched: frozenset[Pane] = frozenset()
        self._told_rules = False  # others than the configured ones; from then on all are told
        self.measuring = MeasuringPresenter(window, state, self.pictures)
        self._takes = TakePresenter(window, self.show_message)
        self._panels = PanelPresenter(
            window, state, self.pictures, receiver.log, receiver.recording
        )
        for view in window.views:
            view.painted.connect(self._on_painted)
        self.publish_status()

    @property
    def interval_ms(self) -> int:
        """How often to `tick`."""
        return max(1, round(1000 / self._config.viewer.refresh_hz))

    def tick(self) -> None:
        """Shows what is new and publishes a heartbeat; called as often as the window may change."""
        now = now_ns()
        self._receiver.poll()
        self._update_playback(now)
        for model, result in self._take_results(now):
            clock = self._receiver.models[model].reading
            self._show(Pane.RESULT, model, clock.host_time(result.timestamp_ns))
        predicted = self._receiver.predicted()
        if predicted is not None and not self._state.frozen:
            captured_ns = self._receiver.models[0].reading.host_time(predicted.timestamp_ns)
            if self.pictures.accept_predicted(predicted, now):
                self._show(Pane.RESULT, captured_ns=captured_ns)
        self._show_frames(now, side_due=self._is_due("side", now, _SIDE_EVERY_NS))
        if self._is_due("text", now, _TEXT_EVERY_NS):
            self._corrections.update(self._receiver.session())
            self._networks.update(self._receiver.session())
            self._update_text(now)
            self._signal_alarms()
            for words in filter(None, [ask() for ask in self.news]):
                self.show_message(words)
        self.publish_status()

    def follow(self) -> None:
        """As `tick`, while nobody sees the window: takes what is new, and paints nothing.

        Values, curves and alarms go on; what was seen last is up to date once `refresh` is called.
        """
        now = now_ns()
        self._receiver.poll()
        self._take_results(now)
        if self._is_due("text", now, _HEADER_EVERY_NS):
            for pane in (Pane.VISIBLE, Pane.THERMAL):
                self._accept_frame(pane, now)
            self._update_text(now)
            self._signal_alarms()
        self.publish_status()

    def run_status(self) -> RunStatus:
        """What is known of the run now, as the first model's worker has it."""
        return self._statuses(now_ns())[0].run

    def _take_results(self, now: HostNs) -> list[tuple[int, SuperResolvedFrame]]:
        """Takes each model's newest result; those that are to be shown, with the model's number."""
        taken = []
        for model, result in enumerate(self._receiver.results()):
            if result is not None:
                self._newest[model] = result
                if not self._state.frozen:
                    self.pictures.accept_result(result, now, model)
                    taken.append((model, result))
        return taken

    @property
    def alarms(self) -> tuple[AlarmState, ...]:
        """Where all alarms of the run stand."""
        session = self._receiver.session()
        return session.alarms if session else ()

    @property
    def alarmed(self) -> frozenset[str]:
        """The names of the alarms that hold."""
        return frozenset(alarm.name for alarm in self.alarms if alarm.active)

    def _signal_alarms(self) -> None:
        session = self._receiver.session()
        if self.alarm_signals is not None and session is not None:
            problem = self.alarm_signals.update(session.alarms)
            if problem:
                self.show_message(problem)

    def publish_status(self) -> None:
        """Publishes a heartbeat, if one is due."""
        tools = self._state.measuring.tools
        measuring = None if tools == ToolSet() else tools
        if self.pictures.result is None:
            state, detail = ProcessState.WAITING, "waiting for the first picture"
        else:
            state, detail = ProcessState.RUNNING, "frozen" if self._state.frozen else ""
        rules = self._state.alarms
        alarms = None if rules == self._config.alarms.rules and not self._told_rules else rules
        self._told_rules = self._told_rules or alarms is not None
        self._receiver.publish_status(state, detail, measuring=measuring, alarms=alarms)

    def refresh(self) -> None:
        """Shows everything anew after the state has changed."""
        self._window.show_state(self._state)
        self._window.show_framing(self._state.zoom, self._state.orientation)
        for pane in Pane:
            self._show(pane)
        for model in range(1, len(self._newest)):
            self._show(Pane.RESULT, model)
        self._update_text(now_ns())

    def refresh_tools(self) -> None:
        """Shows tools anew: the pointer has changed them, and nothing else."""
        self._window.show_tools(self._state)
        self._update_text(now_ns())

    def show_message(self, text: str) -> None:
        """Puts a message into the readout line for a few seconds."""
        self._message = (text, after(now_ns(), _MESSAGE_NS))

    @property
    def take(self) -> Take | None:
        """The recording of this window; None where it can make none."""
        session = self._receiver.session()
        return None if session is None else session.take

    @property
    def calibration(self) -> Calibration | None:
        """What the run lines both cameras up by."""
        return self._receiver.calibration

    def use_calibration(self, file: Path) -> None:
        """Lines both cameras up by a file from now on."""
        self._receiver.send_run_command(RunCommand(RunAction.ALIGN, path=str(file.resolve())))

    def camera_names(self) -> tuple[str, str]:
        """What the visible and the thermal camera call themselves; empty where they do not."""
        session = self._receiver.session()
        statuses = {} if session is None else session.statuses
        infos = [None if (one := statuses.get(name)) is None else one.camera for name in _CAPTURES]
        visible, thermal = ("" if info is None else info.name for info in infos)
        return visible, thermal

    def facts(self) -> dict[str, str]:
        """When the result on the screen was taken, from what and by what: for a saved picture."""
        return self._origin(self._statuses(now_ns())[0].run) | self.measuring.facts()

    def _origin(self, run: RunStatus) -> dict[str, str]:
        """The facts of the result that is shown: of a frozen one, whatever has come since."""
        shown = msgspec.structs.replace(run, result=self.pictures.result)
        facts = picture_facts(shown, datetime.now().astimezone())
        if self._receiver.recording:
            facts["recording"] = self._receiver.recording
        return facts

    def take_hidden(self, pane: Pane) -> None:
        """Takes the newest of a pane that nothing shows; what is frozen stays as it is."""
        if self._state.frozen or self._state.shows(pane) or pane in self.watched:
            return
        frame = self._receiver.frame(pane)
        if frame is not None:
            captured_ns = self._receiver.link.clock().host_time(frame.timestamp_ns)
            self.pictures.accept(pane, frame, captured_ns, now_ns())

    def large_picture(self) -> Picture | None:
        """What the large view shows."""
        return self.pictures.picture(self._state.large, self._state)

    def _update_playback(self, now: HostNs) -> None:
        """In a replay: takes where the player is, and sends it what waits."""
        player, bar = self._receiver.player(), self._window.playback_bar
        if self.playback is None or bar is None:
            return
        if player is not None:
            if player.epoch != self._epoch:  # a jump: what the guide added was of another moment
                self._epoch = player.epoch
                self._receiver.discard_pending()
                for pane in self.pictures.forget_far_from(player.media_ns):
                    self._show(pane)
            self.playback.on_player_state(player, self._receiver.timeline)
            self._take_recorded_tools()
        self.playback.flush(now)
        small = self._receiver.thumbnail()
        if small is not None:
            bar.show_thumbnail(thumbnail_colours(small, self._state), small.timestamp_ns)
        if self._is_due("bar", now, _BAR_EVERY_NS):
            bar.show_playback(self.playback, now)

    def _take_recorded_tools(self) -> None:
        """A recording opens with the tools it was made with, unless others are there already."""
        timeline, editor = self._receiver.timeline, self._state.measuring
        if timeline is None or self._tools_taken:
            return
        self._tools_taken = True
        if timeline.measuring is not None and editor.tools == ToolSet():
            editor.begin(timeline.measuring)
            self.refresh()

    def _show_frames(self, now: HostNs, *, side_due: bool) -> None:
        session = self._receiver.session()
        if session is not None and (worker := session.statuses.get("inference")) is not None:
            self.pictures.bad_pixels = worker.bad_pixels
        for pane in (Pane.VISIBLE, Pane.THERMAL, Pane.INFLUENCE):
            measured = pane is Pane.THERMAL and bool(self.measuring.values)  # every frame of it
            wanted = self._state.shows(pane) or measured or pane in self.watched
            if not wanted or not (side_due or measured or pane is self._state.large):
                continue
            if self._accept_frame(pane, now):
                self._show(pane)
        looked_at = self._window.isVisible() and not self._window.isMinimized()
        view = self._view(Pane.INFLUENCE, 0)
        if looked_at and view is not None and view.isVisible():
            self._receiver.request("influence", now)
        if looked_at and self._state.look is Look.PAST:
            self._receiver.request("past_shares", now)

    def _accept_frame(self, pane: Pane, now: HostNs) -> bool:
        """Takes the newest frame of a sensor; whether there is one that is to be shown."""
        frame = self._receiver.frame(pane)
        if frame is None or self._state.frozen:
            return False
        captured_ns = self._receiver.link.clock().host_time(frame.timestamp_ns)
        self.pictures.accept(pane, frame, captured_ns, now)
        return True

    def _show(self, pane: Pane, model: int = 0, captured_ns: HostNs | None = None) -> None:
        view = self._view(pane, model)
        if view is None:
            return
        picture = self.pictures.picture(pane, self._state, model)
        if picture is None:
            view.clear()
        else:
            # what is frozen is measured: values are read off it, and it may be saved
            shown = picture if self._state.frozen else self.pictures.as_shown(picture)
            colours = self.pictures.colours(shown, view.width())
            view.show_colours(colours, smooth=picture.smooth, captured_ns=captured_ns)
            view.show_fog(self.pictures.fog(picture, self._state))
            if view is self._window.views[0] and model == 0:
                old = visible_is_old(self.diagnosis, self._state)
                self._layers.line_up(self.calibration)
                view.show_layer(
                    self._layers.layer(picture, self._state, view.width(), visible_old=old)
                )

    def _view(self, pane: Pane, model: int) -> VideoView | None:
        """Where a pane is to be seen, if it is; the results of further models always are."""
        if model > 0:
            return self._window.large_views[model]
        if not self._state.shows(pane):
            return None
        return self._window.views[self._state.slots.index(pane)]

    def _update_text(self, now: HostNs) -> None:
        models = self._statuses(now)
        text = self._writer.text(models, self.pictures, self._state, now)
        self.diagnosis = text.diagnosis
        self._window.header.set_diagnosis(text.diagnosis)
        views = (*self._window.views, *self._window.large_views[1:])
        slots = text.slots
        if self._state.time_shown:
            slots = (with_time(slots[0], moment_text(self._origin(models[0].run))), *slots[1:])
        for view, annotations in zip(views, (*slots, *text.others), strict=True):
            view.set_annotations(annotations)
        self.measuring.update(text.values, now)
        locked = self._state.locked is not None
        own_bar = self._window.views[0].has_own_bar  # the palette's would be read for it
        below = None if own_bar else text.large
        self._window.span_panel.show_picture(below, text.cursor, locked=locked)
        self._window.control_bar.show_degrees(self._has_degrees(text.large))
        message, until_ns = self._message
        self._window.control_bar.show_readout(message if later(until_ns, now) else text.readout)
        if self._is_due("header", now, _HEADER_EVERY_NS):
            self._update_header(models, now)

    def _has_degrees(self, large: Picture | None) -> bool:
        """Whether the scene has any: a picture without a scale says nothing about that."""
        if large is not None and large.scale is not None:
            self._degrees = large.scale.radiometry is not None
        return self._degrees

    def _statuses(self, now: HostNs) -> list[ModelStatus]:
        """How each of the models is doing."""
        return [
            ModelStatus(
                name=results.name(self._receiver.session()),
                run=RunStatus(
                    now_ns=now,
                    since_ns=self._since_ns,
                    session=self._receiver.session(),
                    result=self._newest[model],
                    config=self._config,
                    player=self._receiver.player(),
                    jumped=self.playback is not None and self.playback.jumped,
                    recorded=None if self.playback is None else self.playback.recorded_mode,
                    reading=results.reading,
                    worker=results.model.worker,
                ),
                rate_hz=results.rate.rate_hz(now),
                behind_ms=self._receiver.behind_ms(model),
            )
            for model, results in enumerate(self._receiver.models)
        ]

    def _update_header(self, models: list[ModelStatus], now: HostNs) -> None:
        age_ms = median(self._painted_ms) if self._painted_ms else models[0].run.age_ms
        self._painted_ms.clear()
        rate_hz = models[0].rate_hz
        runs = [model.run for model in models]
        self._window.header.set_text(header_text(runs, rate_hz, age_ms))
        self._takes.update(runs[0])
        session = self._receiver.session()
        dropped = (session.dropped if session else {}) | self._receiver.dropped
        self._panels.update(runs, dropped, age_ms, self.take_hidden)
        still, self._was_still = self.diagnosis.still and self._was_still, self.diagnosis.still
        if self._state.plot_shown and not still:
            hottest, symbol = hottest_value(self.pictures.result, self._state)
            age = math.nan if age_ms is None else age_ms
            if self._was_still:  # the plots stop as well, and go on after a gap
                age = rate_hz = hottest = math.nan
            self._window.charts.add(now / NS_PER_S, age, rate_hz, hottest, symbol)

    def _is_due(self, what: str, now: HostNs, every_ns: int) -> bool:
        if later(self._due_ns[what], now):
            return False
        self._due_ns[what] = after(now, every_ns)
        return True

    def _on_painted(self, captured_ns: HostNs, painted_ns: HostNs) -> None:
        self._receiver.painted(captured_ns, painted_ns)
        self._painted_ms.append(since(painted_ns, captured_ns) / NS_PER_MS)
