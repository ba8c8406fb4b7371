"""What the user wishes of the player, and where it stands. No Qt; time is handed in."""

from collections.abc import Callable

from gui.state.timeline import TimeScale
from streamer.clock import NS_PER_MS, HostNs, StreamNs, after, since
from streamer.messages import PlaybackAction, PlaybackCommand, PlayerState, RecordingTimeline

RATES = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0)
_SEND_EVERY_NS = 40 * NS_PER_MS  # a dragged hand moves faster than pictures come
_STICKY_NS = 700 * NS_PER_MS  # "the mark before" goes past one that has just been passed
_HERE_NS = NS_PER_MS
_GLANCE_EVERY_NS = 80 * NS_PER_MS  # each costs the player the reading of a picture
_ON_ITS_WAY_NS = 10 * NS_PER_MS  # what the player said sooner than this, it said before it knew


class Steering:
    """Turns what hands do into wishes; jumps and steps that come too fast are taken together.

    Attributes:
        player: what the player said last; None before it has spoken.
        scale: the recording's time scale.

    Args:
        send: takes a wish to the player.
    """

    def __init__(self, send: Callable[[PlaybackCommand], None]) -> None:
        self.player: PlayerState | None = None
        self.scale = TimeScale(StreamNs(0), StreamNs(0))
        self._send = send
        self._seek_ns: StreamNs | None = None  # to be sent
        self._steps = 0  # to be sent
        self._part: dict[PlaybackAction, StreamNs] = {}  # to be sent
        self._glance_ns: StreamNs | None = None  # to be sent
        self._next_glance_ns = HostNs(0)
        self._next_send_ns = HostNs(0)
        self._held_ns: StreamNs | None = None  # where the hand put the play head
        self._held_since_ns = HostNs(0)

    def take(self, player: PlayerState, timeline: RecordingTimeline | None) -> None:
        """Takes what the player says, and the newest timeline."""
        self.player = player
        timeline = timeline or RecordingTimeline()
        scale = TimeScale(player.start_ns, player.end_ns, timeline, player.part)
        if scale != self.scale:
            self.scale = scale
        if self._seek_ns is None and since(player.host_ns, self._held_since_ns) > _ON_ITS_WAY_NS:
            self._held_ns = None

    def media_ns(self, now_ns: HostNs) -> StreamNs:
        """The moment to show: where the hand is, else where the player is."""
        if self._held_ns is not None:
            return self._held_ns
        return StreamNs(0) if self.player is None else self.player.now(now_ns)

    @property
    def stands(self) -> bool:
        """Whether time stands still, by a wish or at the end."""
        return self.player is not None and self.player.paused

    def toggle(self, now_ns: HostNs) -> None:
        """Stands still, or goes on; at the end it goes on from the beginning."""
        self._send_now(
            PlaybackCommand(PlaybackAction.RESUME if self.stands else PlaybackAction.PAUSE), now_ns
        )

    def seek(self, media_ns: StreamNs, now_ns: HostNs) -> None:
        """Jumps to a moment; the play head is there at once."""
        if self.player is None:
            return
        first_ns, last_ns = self.scale.part or (self.scale.start_ns, self.scale.end_ns)
        self._held_ns = self._seek_ns = min(max(media_ns, first_ns), last_ns)
        self._held_since_ns = now_ns
        self._steps = 0
        self.flush(now_ns)

    def step(self, frames: int, now_ns: HostNs) -> None:
        """So many thermal frames on (or back), and stands still there."""
        self._steps += frames
        self._held_ns = None if self._seek_ns is None else self._held_ns
        self.flush(now_ns)

    def to_mark(self, now_ns: HostNs, *, forward: bool) -> None:
        """To the next mark or the one before; without timeline the player itself looks for it."""
        if self.player is None or not (self.scale.timeline.intervals or self.scale.timeline.events):
            self._send_now(PlaybackCommand(PlaybackAction.MARK, 1.0 if forward else -1.0), now_ns)
            return
        runs = not self.stands and not forward
        slack_ns = round(_STICKY_NS * self.player.rate) if runs else _HERE_NS
        place = self.scale.neighbour(self.media_ns(now_ns), forward=forward, slack_ns=slack_ns)
        if place is not None:
            self.seek(place, now_ns)

    def set_part(
        self, now_ns: HostNs, *, first_ns: StreamNs | None = None, last_ns: StreamNs | None = None
    ) -> None:
        """Plays from A, to B, or both, again and again."""
        wanted = {PlaybackAction.SET_LOOP_START: first_ns, PlaybackAction.SET_LOOP_END: last_ns}
        self._part |= {kind: moment for kind, moment in wanted.items() if moment is not None}
        self.flush(now_ns)

    def whole(self, now_ns: HostNs) -> None:
        """Plays all of it."""
        self._part.clear()
        self._send_now(PlaybackCommand(PlaybackAction.CLEAR_LOOP_RANGE), now_ns)

    def glance(self, media_ns: StreamNs, now_ns: HostNs) -> None:
        """Asks for a small picture of a moment; where a hand moves, of the last one only."""
        self._glance_ns = media_ns
        self.flush(now_ns)

    def set_rate(self, rate: float, now_ns: HostNs) -> None:
        """Seconds of the recording per second."""
        self._send_now(PlaybackCommand(PlaybackAction.RATE, rate), now_ns)

    def change_rate(self, now_ns: HostNs, *, faster: bool) -> None:
        """To the next of the usual rates."""
        rate = 1.0 if self.player is None else self.player.rate
        others = [one for one in RATES if (one > rate if faster else one < rate)]
        if others:
            self.set_rate(min(others) if faster else max(others), now_ns)

    def toggle_loop(self, now_ns: HostNs) -> None:
        """Begins again at the end, or no longer."""
        loops = self.player is not None and self.player.loop
        self._send_now(PlaybackCommand(PlaybackAction.LOOP, 0.0 if loops else 1.0), now_ns)

    def flush(self, now_ns: HostNs, *, force: bool = False) -> None:
        """Sends the jump and the steps that wait, if it is time; to be called again and again."""
        if self._glance_ns is not None and now_ns >= self._next_glance_ns:
            self._send(
                PlaybackCommand(PlaybackAction.THUMBNAIL, self.scale.seconds(self._glance_ns))
            )
            self._glance_ns, self._next_glance_ns = None, after(now_ns, _GLANCE_EVERY_NS)
        if not force and now_ns < self._next_send_ns:
            return
        for kind, moment_ns in self._part.items():
            self._send(PlaybackCommand(kind, self.scale.seconds(moment_ns)))
        if self._seek_ns is not None:
            self._send(PlaybackCommand(PlaybackAction.SEEK, self.scale.seconds(self._seek_ns)))
            self._held_since_ns = now_ns
        if self._steps:
            self._send(PlaybackCommand(PlaybackAction.STEP, float(self._steps)))
        if self._seek_ns is not None or self._steps or self._part:
            self._next_send_ns = after(now_ns, _SEND_EVERY_NS)
        self._seek_ns, self._steps, self._part = None, 0, {}

    def _send_now(self, wish: PlaybackCommand, now_ns: HostNs) -> None:
        self.flush(now_ns, force=True)
        self._send(wish)
