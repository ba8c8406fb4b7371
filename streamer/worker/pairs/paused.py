"""What is to be seen while a replay stands still. No sockets; host time is handed in.

After a jump it is the frames of the moment that it went to, which the player names. Where time
stopped by itself, in a pause or at the end, it is the newest that was played: frames of before may
still be under way then.
"""

from streamer.clock import NS_PER_MS, NS_PER_S, HostNs, since
from streamer.messages import Frame, FrameFlag
from streamer.worker.pairs.pairing import FramePair

_QUIET_NS = 30 * NS_PER_MS  # when it stops: nothing more is under way after this long
_PATIENCE_NS = NS_PER_S  # a frame that a jump promised, and that got lost


class Standstill:
    """Where time has stopped without a jump: when nothing more is under way."""

    def __init__(self) -> None:
        self._last_ns: HostNs | None = None
        self._settled = True

    @property
    def waiting(self) -> bool:
        """Whether more may come."""
        return not self._settled

    def went_on(self) -> None:
        """Time runs."""
        self._last_ns, self._settled = None, True

    def look(self, now_ns: HostNs, *, came: bool) -> None:
        """Time stands still; whether a frame has come since the last look."""
        if came or self._last_ns is None:
            self._last_ns, self._settled = now_ns, False

    def settles(self, now_ns: HostNs) -> bool:
        """Whether it has become quiet; said once, and again if another frame comes after all."""
        quiet = self._last_ns is not None and since(now_ns, self._last_ns) >= _QUIET_NS
        first, self._settled = quiet and not self._settled, self._settled or quiet
        return first


class PausedFrames:
    """The frames of the moment that a jump went to, while time stands still."""

    def __init__(self) -> None:
        self._frames: dict[str, Frame] = {}
        self._promised: dict[str, int] | None = None
        self._since_ns = HostNs(0)
        self._done = False

    @property
    def promised(self) -> bool:
        """Whether a jump has said what is to be seen."""
        return self._promised is not None

    @property
    def waiting(self) -> bool:
        """Whether something is to be made of what has come."""
        return bool(self._frames)

    def jumped(self, shows: dict[str, int]) -> None:
        """A jump while time stands still: it shows the frames of these numbers, by stream."""
        self._frames, self._promised, self._done = {}, dict(shows), False

    def went_on(self) -> None:
        """Time runs: what comes is judged by its age again."""
        self._frames, self._promised, self._done = {}, None, False

    def take(self, stream: str, frame: Frame, now_ns: HostNs) -> None:
        """Takes a frame that came after the jump; of each stream one is the one meant."""
        shutter = FrameFlag.FFC in frame.flags  # it shows nothing to look at
        meant = self._promised is not None and self._promised.get(stream) == frame.sequence
        if self._done or shutter or not meant or stream in self._frames:
            return
        self._since_ns = self._since_ns if self._frames else now_ns
        self._frames[stream] = frame

    def due(self, now_ns: HostNs) -> FramePair | Frame | None:
        """What is to be made, once all of it is there; the same is given once."""
        if not self._frames or self._promised is None:
            return None
        complete = self._promised.keys() <= self._frames.keys()
        if not complete and since(now_ns, self._since_ns) < _PATIENCE_NS:
            return None
        thermal, visible = self._frames.get("thermal"), self._frames.get("visible")
        self._frames, self._done = {}, True
        return visible if thermal is None else FramePair(thermal, visible, 0.0)
