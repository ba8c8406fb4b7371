"""Receives for the viewer: the newest of each stream, what was missed, the state of the run."""

from gui.panes import Pane
from gui.state.frame_sync import FrameSync
from gui.state.rate_meter import RateMeter
from streamer.clock import NS_PER_MS, NS_PER_S, HostNs, after, later, now_ns, since
from streamer.messages import (
    FeatureRequest,
    Frame,
    PlaybackCommand,
    PlayerState,
    ProcessState,
    RecordingTimeline,
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
        replays: whether a player stands behind the frames.
        timeline: of the recording, once the player has told them.
        compared: the second model's name, where two are compared.
        frame_sync: of a comparison, which results to show.
        arrivals, second_arrivals: of the results of either model.
        result_clock, second_clock: both clocks when the newest result of either model was taken.
    """

    def __init__(self, spec: ProcessSpec) -> None:
        addresses = spec.addresses
        self.link = SupervisorLink(spec)
        replay = spec.role_as(ViewerRole).replay
        self.compared = None if replay is None else replay.compare
        self.frame_sync = FrameSync() if self.compared is not None else None
        # both models' results of a frame are waited for: the newest of each would not do
        policy = Policy.LATEST if self.frame_sync is None else Policy.EVERY
        self._results = Subscriber(addresses, Endpoint.SR, policy, reader=spec.name)
        self._seconds = None
        if self.frame_sync is not None:
            self._seconds = Subscriber(addresses, Endpoint.COMPARE, policy, reader=spec.name)
        self._streams = {
            Pane.VISIBLE: Subscriber(addresses, Endpoint.VISIBLE, Policy.LATEST, reader=spec.name),
            Pane.THERMAL: Subscriber(addresses, Endpoint.THERMAL, Policy.LATEST, reader=spec.name),
            Pane.INFLUENCE: Subscriber(addresses, Endpoint.INFLUENCE, Policy.LATEST),
        }
        self._commands = Publisher(addresses, Endpoint.COMMAND, bind=False)
        self.replays = replay is not None
        self._playback_commands: Publisher | None = None
        self._thumbnails: Subscriber | None = None
        if self.replays:
            self._playback_commands = Publisher(addresses, Endpoint.PLAYBACK_COMMAND, bind=False)
            self._thumbnails = Subscriber(addresses, Endpoint.THUMBNAIL, Policy.LATEST)
        self.timeline: RecordingTimeline | None = None
        self.result_clock = self.second_clock = self.link.clock()
        self._skipped = 0
        self._last_sequence: int | None = None
        self.arrivals, self.second_arrivals = RateMeter(), RateMeter()
        self._second: SuperResolvedFrame | None = None
        self._next_request_ns = HostNs(0)
        self._painted_ms: list[float] = []

    def result(self) -> SuperResolvedFrame | None:
        """The newest result that was not given before."""
        message = self._newest() if self.frame_sync is None else self._due(self.frame_sync)
        if message is None:
            return None
        last = self._last_sequence
        if last is not None and message.sequence > last:  # a new worker counts from the beginning
            self._skipped += message.sequence - last - 1
        self._last_sequence = message.sequence
        self.result_clock = self.link.clock()
        return message

    def second(self) -> SuperResolvedFrame | None:
        """The second model's result that goes with what `result` has just found."""
        message, self._second = self._second, None
        if message is not None:
            self.second_clock = self.link.clock()
        return message

    def forget(self) -> None:
        """The replay has jumped: results that wait for their companion are of the past."""
        self._second = None
        if self.frame_sync is not None:
            self.frame_sync.clear()

    def _newest(self) -> SuperResolvedFrame | None:
        message = self._results.receive()
        if not isinstance(message, SuperResolvedFrame):
            return None
        self.arrivals.add(now_ns())
        return message

    def _due(self, frame_sync: FrameSync) -> SuperResolvedFrame | None:
        now = now_ns()
        heard = ((self._results, self.arrivals), (self._seconds, self.second_arrivals))
        for side, (subscriber, arrivals) in enumerate(heard):
            while subscriber is not None and (message := subscriber.receive()) is not None:
                if isinstance(message, SuperResolvedFrame):
                    frame_sync.add(side, message, now)
                    arrivals.add(now)
        first, second = frame_sync.due(now)
        self._second = self._second if second is None else second
        return first

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
        """Sends a command to the player."""
        if self._playback_commands is not None:
            self._playback_commands.send(command)

    def frame(self, pane: Pane) -> Frame | None:
        """The newest frame of a sensor, or of the influence, that was not given before."""
        message = self._streams[pane].receive()
        return message if isinstance(message, Frame) else None

    def poll(self) -> None:
        """Takes what has come of the run's state and of the player's clock."""
        self.link.poll()

    def session(self) -> SessionStatus | None:
        """The newest state of the run."""
        return self.link.session

    @property
    def dropped(self) -> dict[str, int]:
        """What this viewer itself lost, by stream and cause."""
        counts = {"sr/skipped": self._skipped, "sr/malformed": self._results.malformed}
        return {cause: count for cause, count in counts.items() if count}

    def painted(self, captured_ns: HostNs, painted_ns: HostNs) -> None:
        """Notes that a result has reached the screen."""
        self._painted_ms.append(since(painted_ns, captured_ns) / NS_PER_MS)

    def publish_status(self, state: ProcessState, detail: str) -> None:
        """Sends a heartbeat if one is due; what it carries is forgotten only when it was sent."""
        ages = tuple(self._painted_ms)
        sent = self.link.report(
            state,
            detail,
            dropped=self.dropped,
            painted_age_ms=ages,
            last_sequence=self._last_sequence,
        )
        if sent:
            self._painted_ms.clear()

    def publish_end(self, detail: str) -> None:
        """Sends the last heartbeat, with every age not sent so far."""
        self.link.report(
            ProcessState.ENDED,
            detail,
            force=True,
            dropped=self.dropped,
            painted_age_ms=tuple(self._painted_ms),
            last_sequence=self._last_sequence,
        )

    def request_influence(self, now: HostNs) -> None:
        """Asks the worker for what the guide added; to be repeated while that is looked at."""
        if not later(self._next_request_ns, now):
            self._next_request_ns = after(now, _REQUEST_EVERY_NS)
            self._commands.send(
                FeatureRequest(name="influence", until_ns=after(now, _REQUEST_FOR_NS))
            )

    def close(self) -> None:
        """Closes every socket."""
        more = (self._seconds, self._playback_commands, self._thumbnails)
        for socket in (self._results, *self._streams.values(), self._commands, *more):
            if socket is not None:
                socket.close()
        self.link.close()
