"""Pulls the newest from the receiver and puts it on the window.

Results are shown as they come, side panes at a lower rate, text a few times a second: everything
here runs beside the network on the same cores.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec

from gui.controllers.alarm_signals import AlarmSignals
from gui.controllers.presenters.corrections import CorrectionPresenter
from gui.controllers.presenters.header import HeaderPresenter
from gui.controllers.presenters.measuring import MeasuringPresenter
from gui.controllers.presenters.networks import NetworkPresenter
from gui.controllers.presenters.panes import PanePresenter
from gui.controllers.receiver import Receiver
from gui.panes import Pane
from gui.state.captions import with_time
from gui.state.pane_images import Pictures, thumbnail_colours
from gui.state.picture import Picture
from gui.state.playback.control import PlaybackControl
from gui.state.viewer_state import ViewerState
from gui.state.window_text import ModelStatus, WindowWriter
from gui.status.diagnosis import Diagnosis
from gui.status.picture_facts import moment_text, picture_facts
from gui.status.run_status import RunStatus
from gui.widgets.main_window import MainWindow
from streamer.calibration.calibration import Calibration
from streamer.clock import NS_PER_S, HostNs, after, later, now_ns
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
        panes: what puts them on the window.
        playback: of a replay; None in a live run.
        measuring: of what tools read.
        alarm_signals: what is done when an alarm begins, once the user's actions are there.
        news: asked a few times a second for what there is to say; they say it once.
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
        self._message: tuple[str, HostNs] = ("", HostNs(0))
        models = len(receiver.models)
        self._newest: list[SuperResolvedFrame | None] = [None] * models  # frozen or not
        self.pictures = Pictures(models)
        self._writer = WindowWriter(models)
        self.playback: PlaybackControl | None = None
        if receiver.replays:
            self.playback = PlaybackControl(receiver.send_playback_command)
        self._epoch = 0
        self._tools_taken = False
        self._degrees = True
        self._corrections = CorrectionPresenter(self.show_message)
        self._networks = NetworkPresenter(self.show_message)
        self.alarm_signals: AlarmSignals | None = None
        self.news: list[Callable[[], str]] = []
        self._told_rules = False  # others than the configured ones; from then on all are told
        self.measuring = MeasuringPresenter(window, state, self.pictures)
        self.panes = PanePresenter(window, state, receiver, self.pictures, self.measuring)
        self._header = HeaderPresenter(window, state, receiver, self.pictures, self.show_message)
        self.publish_status()

    @property
    def diagnosis(self) -> Diagnosis:
        """How the run was doing when the text was last written."""
        return self.panes.diagnosis

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
            self.panes.show(Pane.RESULT, model, clock.host_time(result.timestamp_ns))
        self.panes.show_predicted(now)
        self.panes.show_sensors(now, side_due=self._is_due("side", now, _SIDE_EVERY_NS))
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
                self.panes.take_frame(pane, now)
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
        self.panes.show_all()
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
                self.panes.forget_far_from(player.media_ns)
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

    def _update_text(self, now: HostNs) -> None:
        models = self._statuses(now)
        text = self._writer.text(models, self.pictures, self._state, now)
        self.panes.diagnosis = text.diagnosis
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
            still = text.diagnosis.still
            self._header.update(models, now, self.panes.take_hidden, still=still)

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

    def _is_due(self, what: str, now: HostNs, every_ns: int) -> bool:
        if later(self._due_ns[what], now):
            return False
        self._due_ns[what] = after(now, every_ns)
        return True
