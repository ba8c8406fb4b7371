"""The viewer's ears: the newest of each stream, what was missed, and the line to the supervisor."""

from collections import deque
from typing import TypeVar

import msgspec

from gui.viewer_state import Pane
from streamer.clock import NS_PER_MS, NS_PER_S, now_ns
from streamer.messages import Command, Frame, ProcessState, SessionStatus, SuperResolvedFrame
from streamer.process import Assignment, ProcessLink
from streamer.replay_messages import Chapters, PlayerState, Wish
from streamer.transport import Endpoint, Policy, Publisher, Subscriber

Picture = TypeVar("Picture", Frame, SuperResolvedFrame)
_ASK_EVERY_NS = 300 * NS_PER_MS
_ASK_FOR_NS = NS_PER_S  # a wish outlives two lost repetitions, and a closed window by a second
_RATE_OVER_S = 1.0


class Receiver:
    """Takes the newest messages when asked; counts the results that nobody saw.

    Subscribes: sr, visible, thermal, influence, session; in a replay clock.
    Publishes: heartbeat, command; in a replay wish.

    Attributes:
        replays: whether a player stands behind the frames.
        chapters: of the recording, once the player has told them.
        result_moved_ns: what was added to the newest result's time to bring it into this host's.
    """

    def __init__(self, assignment: Assignment) -> None:
        addresses = assignment.addresses
        self.link = ProcessLink(assignment)
        self._results = Subscriber(addresses, Endpoint.SR, Policy.LATEST)
        self._streams = {
            Pane.VISIBLE: Subscriber(addresses, Endpoint.VISIBLE, Policy.LATEST),
            Pane.THERMAL: Subscriber(addresses, Endpoint.THERMAL, Policy.LATEST),
            Pane.INFLUENCE: Subscriber(addresses, Endpoint.INFLUENCE, Policy.LATEST),
        }
        self._commands = Publisher(addresses, Endpoint.COMMAND, bind=False)
        self.replays = assignment.replay is not None
        self._wishes = Publisher(addresses, Endpoint.WISH, bind=False) if self.replays else None
        self.chapters: Chapters | None = None
        self.result_moved_ns = 0
        self._skipped = 0
        self._last_sequence: int | None = None
        self._arrivals_ns: deque[int] = deque(maxlen=256)
        self._next_ask_ns = 0
        self._painted_ms: list[float] = []

    def result(self) -> SuperResolvedFrame | None:
        """The newest result that was not given before."""
        message = self._results.receive()
        if not isinstance(message, SuperResolvedFrame):
            return None
        last = self._last_sequence
        if last is not None and message.sequence > last:  # a new worker counts from the beginning
            self._skipped += message.sequence - last - 1
        self._last_sequence = message.sequence
        self._arrivals_ns.append(now_ns())
        moved = self._in_host_time(message)
        self.result_moved_ns = moved.timestamp_ns - message.timestamp_ns
        return moved

    def player(self) -> PlayerState | None:
        """Where the player is; None in a live run."""
        self.link.now()
        player = self.link.player
        if player is not None and player.chapters is not None:
            self.chapters = player.chapters
        return player

    def wish(self, wish: Wish) -> None:
        """Sends a wish to the player."""
        if self._wishes is not None:
            self._wishes.send(wish)

    def frame(self, pane: Pane) -> Frame | None:
        """The newest frame of a sensor, or of the influence, that was not given before."""
        message = self._streams[pane].receive()
        return self._in_host_time(message) if isinstance(message, Frame) else None

    def _in_host_time(self, message: Picture) -> Picture:
        """In a replay: as old on this host's clock as it was on the recording's."""
        now = self.link.now()
        if self.link.player is None:
            return message
        moved_ns = message.timestamp_ns + now_ns() - now
        return msgspec.structs.replace(message, timestamp_ns=moved_ns)

    def session(self) -> SessionStatus | None:
        """The newest state of the run."""
        return self.link.session()

    def rate_hz(self, now: int) -> float:
        """Results a second, over the last second."""
        while self._arrivals_ns and now - self._arrivals_ns[0] > _RATE_OVER_S * NS_PER_S:
            self._arrivals_ns.popleft()
        if len(self._arrivals_ns) < 2:
            return 0.0
        intervals = len(self._arrivals_ns) - 1
        span_ns = self._arrivals_ns[-1] - self._arrivals_ns[0]
        if now - self._arrivals_ns[-1] > 2 * span_ns / intervals:  # they have stopped coming
            span_ns = now - self._arrivals_ns[0]
        return intervals * NS_PER_S / span_ns if span_ns else 0.0

    @property
    def dropped(self) -> dict[str, int]:
        """What this viewer itself lost, by stream and cause."""
        counts = {"sr/skipped": self._skipped, "sr/malformed": self._results.malformed}
        return {cause: count for cause, count in counts.items() if count}

    def painted(self, captured_ns: int, painted_ns: int) -> None:
        """Notes that a result has reached the screen."""
        self._painted_ms.append((painted_ns - captured_ns) / NS_PER_MS)

    def report(self, state: ProcessState, detail: str) -> None:
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

    def report_end(self, detail: str) -> None:
        """Sends the last heartbeat, with every age not sent so far."""
        self.link.report(
            ProcessState.ENDED,
            detail,
            force=True,
            dropped=self.dropped,
            painted_age_ms=tuple(self._painted_ms),
            last_sequence=self._last_sequence,
        )

    def ask_influence(self, now: int) -> None:
        """Asks the worker for what the guide added; to be repeated while that is looked at."""
        if now >= self._next_ask_ns:
            self._next_ask_ns = now + _ASK_EVERY_NS
            self._commands.send(Command(name="influence", until_ns=now + _ASK_FOR_NS))

    def close(self) -> None:
        """Closes every socket."""
        for socket in (self._results, *self._streams.values(), self._commands):
            socket.close()
        if self._wishes is not None:
            self._wishes.close()
        self.link.close()
