"""The player: which recorded messages are due. No sockets, no clock; host time is handed in."""

from collections import Counter, deque
from collections.abc import Collection, Iterator
from itertools import chain
from operator import itemgetter

from streamer.clock import NS_PER_MS, NS_PER_S, HostNs, StreamNs, after, since
from streamer.messages import (
    SENSORS,
    Frame,
    FrameFlag,
    PlaybackAction,
    PlaybackCommand,
    PlayerState,
)
from streamer.recording.reader import RecordingReader, TimestampedMessage
from streamer.recording.schema import EncodedMessage
from streamer.replay.playback_clock import PlayerClock

_SKIP_FROM = 6  # frames of a stream that may wait to be shown; older ones are passed over
_COMPANION_NS = 100 * NS_PER_MS
_SHORTEST_PART_NS = 100 * NS_PER_MS  # of an A-B loop: some pictures
_FAR_NS = 60 * NS_PER_S  # a step back crosses a dropout of this length
_SHUTTER_NS = 10 * NS_PER_S  # a shutter that stays closed for longer hides nothing to go back to


class Player:
    """Plays a recording by a PlayerClock.

    Attributes:
        skipped: frames passed over because playing could not keep up, by stream.

    Args:
        reader: the recording; it must hold something.
        now_ns: the host's time.
        streams: what is played.
        first_s: where to begin, seconds from its start.
        last_s: where to end; None for its end.
        rate: seconds of the recording per second.
        loop: begin again at the end.
        paused: stand still until told otherwise.

    Raises:
        ValueError: the recording is empty, or the part asked for lies outside of it.
    """

    def __init__(
        self,
        reader: RecordingReader,
        now_ns: HostNs,
        *,
        streams: Collection[str] = (*SENSORS, "truth"),
        first_s: float = 0.0,
        last_s: float | None = None,
        rate: float = 1.0,
        loop: bool = False,
        paused: bool = False,
    ) -> None:
        if reader.start_ns is None or reader.end_ns is None:
            raise ValueError("there is nothing in it to play")
        self.skipped: Counter[str] = Counter()
        self._reader = reader
        self._streams = tuple(streams)
        self._start_ns, self._end_ns = reader.start_ns, reader.end_ns
        self._clock = PlayerClock(
            self._start_ns, self._end_ns, now_ns, rate=rate, loop=loop, paused=paused
        )
        first_ns = after(self._start_ns, first_s * NS_PER_S)
        last_ns = self._end_ns if last_s is None else after(self._start_ns, last_s * NS_PER_S)
        self._clock.set_range(first_ns, min(last_ns, self._end_ns), now_ns)
        self._loop_before = loop  # what it was before an A-B loop
        self._epoch = 0
        self._round = 0
        self._marks: list[StreamNs] | None = None
        self._shown: list[TimestampedMessage] = []  # what is to be seen right after a jump
        self._shows: dict[str, int] = {}  # the frames among them, by stream
        self._coming: Iterator[EncodedMessage] = iter(())
        self._head: EncodedMessage | None = None
        self._cue(first_ns)

    def due(self, now_ns: HostNs) -> list[TimestampedMessage]:
        """Takes the messages whose moment has come."""
        position = self._clock.at(now_ns)
        if position.round != self._round:
            self._round = position.round
            self._jumped(position.media_ns)
        shown, self._shown = self._shown, []
        decoded = (self._reader.decoded(item) for item in self._come(position.media_ns))
        return shown + [item for item in decoded if item is not None]

    def next_ns(self, now_ns: HostNs) -> HostNs | None:
        """When the next message is due on the host's clock; None while none is."""
        if self._shown:
            return now_ns
        return None if self._head is None else self._clock.due_ns(self._head.arrived_ns, now_ns)

    def show_again(self, now_ns: HostNs) -> None:
        """Gives what is to be seen once more, where time stands still: somebody has seen nothing.

        While time runs, what comes next is soon enough.
        """
        if self.state(now_ns).paused:
            self._jumped(self._clock.at(now_ns).media_ns)

    def ended(self, now_ns: HostNs) -> bool:
        """Whether the end has been reached; a command may lead away from it again."""
        return self._clock.ended(now_ns) and not self._shown

    def state(self, now_ns: HostNs) -> PlayerState:
        """For all who live by the recording's time."""
        return PlayerState(
            host_ns=now_ns,
            media_ns=self._clock.at(now_ns).media_ns,
            rate=self._clock.rate,
            paused=self._clock.paused or self._clock.ended(now_ns),
            epoch=self._epoch,
            start_ns=self._start_ns,
            end_ns=self._end_ns,
            ended=self.ended(now_ns),
            loop=self._clock.loop,
            shows=self._shows,
            part=None if self._is_whole(self._clock.range) else self._clock.range,
        )

    def handle(self, command: PlaybackCommand, now_ns: HostNs) -> None:
        """Does what is commanded; a value out of range is taken to the nearest that is in it."""
        match command.kind:
            case PlaybackAction.PAUSE:
                self._clock.pause(now_ns)
            case PlaybackAction.RESUME:
                at_end = self._clock.ended(now_ns)
                self._clock.resume(now_ns)
                if at_end:
                    self._jumped(self._clock.at(now_ns).media_ns)
            case PlaybackAction.RATE:
                self._clock.set_rate(min(max(command.value, 0.1), 10.0), now_ns)
            case PlaybackAction.LOOP:
                self._clock.set_loop(bool(command.value), now_ns)
            case PlaybackAction.SEEK:
                self._seek(after(self._start_ns, command.value * NS_PER_S), now_ns)
            case PlaybackAction.STEP:
                self._step(round(command.value), now_ns)
            case PlaybackAction.MARK:
                self._to_mark(command.value >= 0, now_ns)
            case PlaybackAction.SET_LOOP_START | PlaybackAction.SET_LOOP_END:
                moment_ns = after(self._start_ns, command.value * NS_PER_S)
                first_ns, last_ns = self._clock.range
                if command.kind is PlaybackAction.SET_LOOP_START:
                    self._set_part(moment_ns, last_ns, now_ns)
                else:
                    self._set_part(first_ns, moment_ns, now_ns)
            case PlaybackAction.CLEAR_LOOP_RANGE:
                self._set_part(self._start_ns, self._end_ns, now_ns)
            case PlaybackAction.THUMBNAIL:
                pass  # no matter of time: whoever takes the commandes has it read

    def _seek(self, media_ns: StreamNs, now_ns: HostNs) -> None:
        self._clock.seek(media_ns, now_ns)
        self._jumped(self._clock.at(now_ns).media_ns)

    def _step(self, frames: int, now_ns: HostNs) -> None:
        """To the thermal frame so many after (or before) the present one, and stand still."""
        media_ns = self._clock.at(now_ns).media_ns
        for _ in range(abs(frames)):
            found = self._next_thermal(media_ns) if frames > 0 else self._last_thermal(media_ns)
            media_ns = media_ns if found is None else found
        self._clock.step(media_ns, now_ns)
        self._jumped(media_ns)

    def _set_part(self, first_ns: StreamNs, last_ns: StreamNs, now_ns: HostNs) -> None:
        """Plays a part again and again, or all of it as before; a part has some length."""
        wanted = max(first_ns, self._start_ns), min(last_ns, self._end_ns)
        if since(wanted[1], wanted[0]) < _SHORTEST_PART_NS:
            return
        was_whole = self._is_whole(self._clock.range)
        before = self._clock.at(now_ns).media_ns
        if self._is_whole(wanted):
            self._clock.set_range(*wanted, now_ns)
            self._clock.set_loop(self._loop_before, now_ns)
        else:
            if was_whole:
                self._loop_before = self._clock.loop
            self._clock.set_range(*wanted, now_ns)
            self._clock.set_loop(True, now_ns)
        media_ns = self._clock.at(now_ns).media_ns
        if media_ns != before:
            self._jumped(media_ns)

    def _is_whole(self, part: tuple[StreamNs, StreamNs]) -> bool:
        return part == (self._start_ns, self._end_ns)

    def _to_mark(self, forward: bool, now_ns: HostNs) -> None:
        if self._marks is None:
            self._marks = [item.arrived_ns for item in self._reader.read(("log",))]
        media_ns = self._clock.at(now_ns).media_ns
        later = [mark for mark in self._marks if mark > media_ns]
        earlier = [mark for mark in self._marks if mark < media_ns]
        if later if forward else earlier:
            self._seek(min(later) if forward else max(earlier), now_ns)

    def _next_thermal(self, media_ns: StreamNs) -> StreamNs | None:
        coming = self._reader.stored(("thermal",), after(media_ns, 1))
        return next((item.arrived_ns for item in coming), None)

    def _last_thermal(self, media_ns: StreamNs) -> StreamNs | None:
        present = self._reader.newest(media_ns, ("thermal",), _FAR_NS)
        if not present:
            return None
        before = self._reader.newest(after(present[0].arrived_ns, -1), ("thermal",), _FAR_NS)
        return before[0].arrived_ns if before else None

    def _jumped(self, media_ns: StreamNs) -> None:
        """Begins anew at a moment, and shows at once what was to be seen then."""
        self._epoch += 1
        self._shown = self._seen_at(media_ns)
        self._shows = _numbers_of(self._shown)
        self._cue(after(media_ns, 1))

    def _seen_at(self, media_ns: StreamNs) -> list[TimestampedMessage]:
        """The newest frames at a moment, and the visible one that follows the thermal.

        The pairing takes a later visible frame as the sign that no nearer one will come; time that
        stands still would otherwise wait for it for ever. While the shutter was closed, the picture
        was held: the frames that it was made from come first.
        """
        found = self._reader.newest(media_ns, self._streams)
        before = [item for item in found if _is(item, "visible")]
        others = [item for item in found if not _is(item, "visible")]
        held = self._before_shutter(others)
        if held is not None:
            guide = self._reader.newest(held.arrived_ns, ("visible",))
            return [*guide, held, *before, *others]
        if any(_is(item, "thermal") for item in others):
            following = self._reader.read(
                ("visible",), after(media_ns, 1), after(media_ns, _COMPANION_NS)
            )
            before += [item for item in (next(following, None),) if item is not None]
        return before + others

    def _before_shutter(self, found: list[TimestampedMessage]) -> TimestampedMessage | None:
        """The thermal frame before the shutter closed; None where it was open."""
        first = next((item for item in found if _is(item, "thermal")), None)
        item = first
        while item is not None and first is not None and _is_shutter(item):
            if since(first.arrived_ns, item.arrived_ns) > _SHUTTER_NS:
                return None
            earlier = self._reader.newest(after(item.arrived_ns, -1), ("thermal",))
            item = earlier[0] if earlier else None
        return None if item is first else item

    def _cue(self, media_ns: StreamNs) -> None:
        self._coming = self._reader.stored(self._streams, media_ns)
        self._head = next(self._coming, None)

    def _come(self, media_ns: StreamNs) -> list[EncodedMessage]:
        """Takes what is due at a moment: of a backlog, the newest of each stream alone.

        A player that stood still for an hour does not keep an hour of pictures.
        """
        newest: dict[str, deque[tuple[int, EncodedMessage]]] = {}
        taken = 0
        while self._head is not None and self._head.arrived_ns <= media_ns:
            waiting = newest.setdefault(self._head.stream, deque(maxlen=_SKIP_FROM))
            self.skipped[self._head.stream] += len(waiting) == _SKIP_FROM
            waiting.append((taken, self._head))
            taken += 1
            self._head = next(self._coming, None)
        in_order = sorted(chain.from_iterable(newest.values()), key=itemgetter(0))
        return [item for _, item in in_order]


def _is(recorded: TimestampedMessage, stream: str) -> bool:
    return isinstance(recorded.message, Frame) and recorded.message.stream == stream


def _is_shutter(recorded: TimestampedMessage) -> bool:
    return isinstance(recorded.message, Frame) and FrameFlag.FFC in recorded.message.flags


def _numbers_of(shown: list[TimestampedMessage]) -> dict[str, int]:
    """The frame of each sensor that is meant: the first; a closed shutter shows nothing."""
    numbers: dict[str, int] = {}
    for item in shown:
        frame = item.message
        if isinstance(frame, Frame) and frame.stream != "truth" and not _is_shutter(item):
            numbers.setdefault(frame.stream, frame.sequence)
    return numbers
