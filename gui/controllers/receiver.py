"""Receives for the viewer: the newest of each stream, what was missed, the state of the run."""

from pathlib import Path

import msgspec

from gui.controllers.model_results import ModelResults, shown_models
from gui.panes import Pane
from gui.state.frame_sync import FrameSync
from streamer.calibration.calibration import Calibration
from streamer.calibration.plain_data import calibration_of
from streamer.clock import NS_PER_MS, NS_PER_S, HostNs, after, later, now_ns, since
from streamer.measuring.alarm_rule import AlarmRule
from streamer.measuring.tool_set import ToolSet
from streamer.messages import (
    CalibrationChange,
    FeatureRequest,
    Frame,
    PlaybackCommand,
    PlayerState,
    ProcessState,
    RecordingTimeline,
    RunCommand,
    SessionStatus,
    SuperResolvedFrame,
)
from streamer.runtime.process import ProcessSpec, SupervisorLink
from streamer.runtime.roles import ViewerRole
from streamer.transport import Endpoint, Policy, Publisher, Subscriber

_REQUEST_EVERY_NS = 300 * NS_PER_MS
_REQUEST_FOR_NS = NS_PER_S  # outlives two lost repetitions, and a closed window by a second


class Receiver:
    """Takes the newest messages when asked; counts the results that nobody saw.

    Subscribes: sr, visible, thermal, influence, session; in a replay clock and thumbnail, and
    compare where two models are shown.
    Publishes: heartbeat, command; in a replay playback_command.

    Attributes:
        link: to the supervisor.
        models: the results of each model that is shown; the first is the run's own.
        replays: whether the frames come from a player.
        recording: the name of what it plays; empty live.
        log: the file with the lines of the run's processes; None where it has none.
        timeline: of the recording, once the player has published it.
    """

    def __init__(self, spec: ProcessSpec) -> None:
        addresses, name = spec.addresses, spec.name
        self.link = SupervisorLink(spec)
        role = spec.role_as(ViewerRole)
        replay, self._calibration = role.replay, role.calibration
        self._realigned: CalibrationChange | None = None
        self.log = None if spec.log is None else Path(spec.log.path)
        self.recording = "" if replay is None else Path(replay.path).name
        models = shown_models(spec.config, replay)
        # of several, all results of a frame are waited for: the newest of each would not do
        policy = Policy.LATEST if len(models) == 1 else Policy.EVERY
        reading = self.link.clock()
        self.models = tuple(
            ModelResults(model, addresses, policy, name, reading) for model in models
        )
        self._sync = FrameSync(len(models))
        self._streams = {
            Pane.VISIBLE: Subscriber(addresses, Endpoint.VISIBLE, Policy.LATEST, reader=name),
            Pane.THERMAL: Subscriber(addresses, Endpoint.THERMAL, Policy.LATEST, reader=name),
            Pane.INFLUENCE: Subscriber(addresses, Endpoint.INFLUENCE, Policy.LATEST),
        }
        self._predicted: Subscriber | None = None
        if spec.config.inference.rate == "visible":
            self._predicted = Subscriber(addresses, Endpoint.PREDICTED, Policy.LATEST)
        self._requests = Publisher(addresses, Endpoint.COMMAND, bind=False)
        self.replays = replay is not None
        self._playback_commands: Publisher | None = None
        self._thumbnails: Subscriber | None = None
        if self.replays:
            self._playback_commands = Publisher(addresses, Endpoint.PLAYBACK_COMMAND, bind=False)
            self._thumbnails = Subscriber(addresses, Endpoint.THUMBNAIL, Policy.LATEST)
        self.timeline: RecordingTimeline | None = None
        self._next_requests_ns: dict[str, HostNs] = {}
        self._painted_ms: list[float] = []

    def results(self) -> list[SuperResolvedFrame | None]:
        """For each model, the result that is to be shown now, if that was not given before.

        In a replay none before the player's time is known: how old they are is not known either.
        """
        if self._awaits_clock:
            return [None for _ in self.models]
        now = now_ns()
        for number, model in enumerate(self.models):
            for result in model.receive(now):
                self._sync.add(number, result, now)
        due = self._sync.due(now)
        reading = self.link.clock()
        for model, newest in zip(self.models, due, strict=True):
            if newest is not None:
                model.on_shown(newest, reading)
        return due

    def predicted(self) -> SuperResolvedFrame | None:
        """The newest picture between two results, if that was not given before."""
        if self._predicted is None or self._awaits_clock:
            return None
        message = self._predicted.receive()
        marked = isinstance(message, SuperResolvedFrame) and message.predicted is not msgspec.UNSET
        return message if marked and isinstance(message, SuperResolvedFrame) else None

    def behind_ms(self, model: int) -> float:
        """How much older what is shown of a model is than what is shown of the others."""
        return self._sync.behind_ms(model)

    def discard_pending(self) -> None:
        """Drops results that wait for their companions: the replay has jumped away from them."""
        self._sync.clear()

    def thumbnail(self) -> Frame | None:
        """The newest small picture of the recording that was not given before."""
        message = None if self._thumbnails is None else self._thumbnails.receive()
        return message if isinstance(message, Frame) else None

    def player(self) -> PlayerState | None:
        """Where the player is; None in a live run."""
        player = self.link.player
        if player is not None and player.timeline is not None:
            self.timeline = player.timeline
        return player

    def send_playback_command(self, command: PlaybackCommand) -> None:
        """Sends a command to the player, once that is there."""
        if self._playback_commands is not None:
            self._playback_commands.post(command)

    def send_run_command(self, command: RunCommand) -> None:
        """Sends a command to the supervisor."""
        self.link.publish(command)

    def frame(self, pane: Pane) -> Frame | None:
        """The newest frame of a sensor, or of the influence, that was not given before."""
        message = None if self._awaits_clock else self._streams[pane].receive()
        return message if isinstance(message, Frame) else None

    @property
    def _awaits_clock(self) -> bool:
        return self.replays and self.link.player is None

    def poll(self) -> None:
        """Takes what has come of the run's state and of the player's clock; sends what waits."""
        self.link.poll()
        if self._playback_commands is not None:
            self._playback_commands.deliver()

    def session(self) -> SessionStatus | None:
        """The newest state of the run."""
        return self.link.session

    @property
    def calibration(self) -> Calibration | None:
        """What lines the two cameras up by now, if anything does."""
        session = self.link.session
        told = None if session is None else session.calibration
        if told is not None and told != self._realigned:
            self._realigned = told
            self._calibration = None
            if told.calibration is not None:
                self._calibration = calibration_of(told.calibration, "calibration")
        return self._calibration

    @property
    def dropped(self) -> dict[str, int]:
        """What this viewer itself lost of the run's own results, by stream and cause."""
        first = self.models[0]
        counts = {"sr/skipped": first.skipped, "sr/malformed": first.malformed}
        return {cause: count for cause, count in counts.items() if count}

    def painted(self, captured_ns: HostNs, painted_ns: HostNs) -> None:
        """Notes that a result has reached the screen."""
        self._painted_ms.append(since(painted_ns, captured_ns) / NS_PER_MS)

    def publish_status(
        self,
        state: ProcessState,
        detail: str,
        *,
        measuring: ToolSet | None = None,
        alarms: tuple[AlarmRule, ...] | None = None,
        force: bool = False,
    ) -> None:
        """Sends a heartbeat if one is due; what it carries is cleared only when it was sent.

        Args:
            state: of the viewer.
            detail: what is going on, in words.
            measuring: tools and object parameters, where there are any.
            alarms: rules, where they are others than the configured ones.
            force: send now: it is the last one.
        """
        sent = self.link.report(
            state,
            detail,
            force=force,
            dropped=self.dropped,
            painted_age_ms=tuple(self._painted_ms),
            last_sequence=self.models[0].last_sequence,
            measuring=measuring,
            alarms=alarms,
        )
        if sent:
            self._painted_ms.clear()

    def request(self, name: str, now: HostNs) -> None:
        """Asks the worker for a feature of that name; to be repeated while it is looked at."""
        if not later(self._next_requests_ns.get(name, HostNs(0)), now):
            self._next_requests_ns[name] = after(now, _REQUEST_EVERY_NS)
            until_ns = after(now, _REQUEST_FOR_NS)
            self._requests.send(FeatureRequest(name=name, until_ns=until_ns))

    def close(self) -> None:
        """Closes every socket."""
        for model in self.models:
            model.close()
        for subscriber in (*self._streams.values(), self._thumbnails, self._predicted):
            if subscriber is not None:
                subscriber.close()
        for publisher in (self._requests, self._playback_commands):
            if publisher is not None:
                publisher.close()
        self.link.close()
