"""What the user asks of the player, and where the player is. No Qt; time is handed in."""

from collections.abc import Callable

from gui.state.playback.timeline import Timeline
from streamer.clock import NS_PER_MS, HostNs, StreamNs, after, later, since
from streamer.messages import Mode, PlaybackAction, PlaybackCommand, PlayerState, RecordingTimeline

RATES = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0)
_SEND_EVERY_NS = 40 * NS_PER_MS  # a dragged hand moves faster than pictures come
_STICKY_NS = 700 * NS_PER_MS  # "the mark before" goes past one that has just been passed
_HERE_NS = NS_PER_MS
_THUMBNAIL_EVERY_NS = 80 * NS_PER_MS  # each costs the player the reading of a picture
_IN_FLIGHT_NS = 10 * NS_PER_MS  # a state sent sooner after a jump than this is of before it


class PlaybackControl:
    """Turns the user's input into commands; jumps and steps that come too fast are merged.

    Attributes:
        player: the player's newest state; None before the first.
        timeline: the recording's.
        jumped: whether time has stood still since a jump, or stands at the end: what streams and
            worker say then is about that alone.

    Args:
        send: takes a command to the player.
    """

    def __init__(self, send: Callable[[PlaybackCommand], None]) -> None:
        self.player: PlayerState | None = None
        self.timeline = Timeline(StreamNs(0), StreamNs(0))
        self.jumped = False
        self._send = send
        self._seek_ns: StreamNs | None = None  # to be sent
        self._steps = 0  # to be sent
        self._loop_range: dict[PlaybackAction, StreamNs] = {}  # to be sent
        self._thumbnail_ns: StreamNs | None = None  # to be sent
        self._next_thumbnail_ns = HostNs(0)
        self._next_send_ns = HostNs(0)
        self._held_ns: StreamNs | None = None  # where the user put the play head
        self._held_since_ns = HostNs(0)

    def on_player_state(self, player: PlayerState, recording: RecordingTimeline | None) -> None:
        """Takes the player's state, and what is known of the recording as a whole."""
        before = self.player
        if not player.paused:
            self.jumped = False
        elif before is None or before.epoch != player.epoch or player.ended:
            self.jumped = True
        self.player = player
        timeline = Timeline(
            player.start_ns, player.end_ns, recording or RecordingTimeline(), player.part
        )
        if timeline != self.timeline:
            self.timeline = timeline
        if self._seek_ns is None and since(player.host_ns, self._held_since_ns) > _IN_FLIGHT_NS:
            self._held_ns = None

    def media_ns(self, now_ns: HostNs) -> StreamNs:
        """The moment to show: where the user put the play head, else where the player is."""
        if self._held_ns is not None:
            return self._held_ns
        return StreamNs(0) if self.player is None else self.player.now(now_ns)

    @property
    def recorded_mode(self) -> Mode | None:
        """The mode of the recording at this moment; None where it is not known."""
        return None if self.player is None else self.timeline.mode(self.player.media_ns)

    @property
    def paused(self) -> bool:
        """Whether time stands still, by a command or at the end."""
        return self.player is not None and self.player.paused

    def toggle_paused(self, now_ns: HostNs) -> None:
        """Pauses, or resumes; at the end it goes on from the beginning."""
        self._send_now(
            PlaybackCommand(PlaybackAction.RESUME if self.paused else PlaybackAction.PAUSE), now_ns
        )

    def seek(self, media_ns: StreamNs, now_ns: HostNs) -> None:
        """Jumps to a moment; the play head is there at once."""
        if self.player is None:
            return
        self._held_ns = self._seek_ns = self.timeline.played(media_ns)
        self._held_since_ns = now_ns
        self._steps = 0
        self.flush(now_ns)

    def step(self, frames: int, now_ns: HostNs) -> None:
        """So many thermal frames forward (or back), and pauses there."""
        self._steps += frames
        self._held_ns = None if self._seek_ns is None else self._held_ns
        self.flush(now_ns)

    def to_mark(self, now_ns: HostNs, *, forward: bool) -> None:
        """To the next mark or the one before; without a timeline the player itself finds it."""
        recording = self.timeline.recording
        if self.player is None or not (recording.intervals or recording.events):
            self._send_now(PlaybackCommand(PlaybackAction.MARK, 1.0 if forward else -1.0), now_ns)
            return
        playing = not self.paused and not forward
        slack_ns = round(_STICKY_NS * self.player.rate) if playing else _HERE_NS
        mark_ns = self.timeline.neighbour(self.media_ns(now_ns), forward=forward, slack_ns=slack_ns)
        if mark_ns is not None:
            self.seek(mark_ns, now_ns)

    def set_loop_range(
        self, now_ns: HostNs, *, first_ns: StreamNs | None = None, last_ns: StreamNs | None = None
    ) -> None:
        """Plays from A, to B, or both, again and again."""
        ends = {PlaybackAction.SET_LOOP_START: first_ns, PlaybackAction.SET_LOOP_END: last_ns}
        self._loop_range |= {kind: end_ns for kind, end_ns in ends.items() if end_ns is not None}
        self.flush(now_ns)

    def clear_loop_range(self, now_ns: HostNs) -> None:
        """Plays all of it."""
        self._loop_range.clear()
        self._send_now(PlaybackCommand(PlaybackAction.CLEAR_LOOP_RANGE), now_ns)

    def request_thumbnail(self, media_ns: StreamNs, now_ns: HostNs) -> None:
        """Asks for a small picture of a moment; while the pointer moves, of the last one only."""
        self._thumbnail_ns = media_ns
        self.flush(now_ns)

    def set_rate(self, rate: float, now_ns: HostNs) -> None:
        """Seconds of the recording per second."""
        self._send_now(PlaybackCommand(PlaybackAction.RATE, rate), now_ns)

    def change_rate(self, now_ns: HostNs, *, faster: bool) -> None:
        """To the next of the usual rates."""
        current = 1.0 if self.player is None else self.player.rate
        others = [rate for rate in RATES if (rate > current if faster else rate < current)]
        if others:
            self.set_rate(min(others) if faster else max(others), now_ns)

    def toggle_loop(self, now_ns: HostNs) -> None:
        """Begins again at the end, or no longer."""
        loops = self.player is not None and self.player.loop
        self._send_now(PlaybackCommand(PlaybackAction.LOOP, 0.0 if loops else 1.0), now_ns)

    def flush(self, now_ns: HostNs, *, force: bool = False) -> None:
        """Sends the jump and the steps that wait, if it is time; to be called again and again."""
        if self._thumbnail_ns is not None and not later(self._next_thumbnail_ns, now_ns):
            seconds = self.timeline.seconds(self._thumbnail_ns)
            self._send(PlaybackCommand(PlaybackAction.THUMBNAIL, seconds))
            self._thumbnail_ns, self._next_thumbnail_ns = None, after(now_ns, _THUMBNAIL_EVERY_NS)
        if not force and later(self._next_send_ns, now_ns):
            return
        for kind, moment_ns in self._loop_range.items():
            self._send(PlaybackCommand(kind, self.timeline.seconds(moment_ns)))
        if self._seek_ns is not None:
            self._send(PlaybackCommand(PlaybackAction.SEEK, self.timeline.seconds(self._seek_ns)))
            self._held_since_ns = now_ns
        if self._steps:
            self._send(PlaybackCommand(PlaybackAction.STEP, float(self._steps)))
        if self._seek_ns is not None or self._steps or self._loop_range:
            self._next_send_ns = after(now_ns, _SEND_EVERY_NS)
        self._seek_ns, self._steps, self._loop_range = None, 0, {}

    def _send_now(self, command: PlaybackCommand, now_ns: HostNs) -> None:
        self.flush(now_ns, force=True)
        self._send(command)
