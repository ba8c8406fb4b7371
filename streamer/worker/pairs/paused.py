"""What is to be seen while a replay stands still. No sockets; host time is handed in."""

from streamer.clock import NS_PER_MS, NS_PER_S, HostNs
from streamer.messages import Frame, FrameFlag
from streamer.worker.pairs.pairing import FramePair

_QUIET_NS = 30 * NS_PER_MS  # when it stops: nothing more is under way after this long
_PATIENCE_NS = NS_PER_S  # a frame that a jump promised, and that got lost


class PausedFrames:
    """The frames of the moment that a jump went to, or those still under way when time stopped."""

    def __init__(self) -> None:
        self._frames: dict[str, Frame] = {}
        self._promised: dict[str, int] | None = None
        self._since_ns = self._last_ns = 0
        self._done = False

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
        """Takes a frame that came while time stands still; of each stream one is the one meant."""
        shutter = FrameFlag.FFC in frame.flags  # it shows nothing to look at
        meant = self._promised is None or self._promised.get(stream) == frame.sequence
        if self._done or shutter or not meant or stream in self._frames:
            return
        self._since_ns = self._since_ns if self._frames else now_ns
        self._last_ns = now_ns
        self._frames[stream] = frame

    def due(self, now_ns: HostNs) -> FramePair | Frame | None:
        """What is to be made, once all of it is there; the same is given once."""
        if not self._frames:
            return None
        if self._promised is None:
            ready = now_ns - self._last_ns >= _QUIET_NS
        else:
            ready = self._promised.keys() <= self._frames.keys()
            ready = ready or now_ns - self._since_ns >= _PATIENCE_NS
        if not ready:
            return None
        thermal, visible = self._frames.get("thermal"), self._frames.get("visible")
        self._frames, self._done = {}, True
        return visible if thermal is None else FramePair(thermal, visible, 0.0)
