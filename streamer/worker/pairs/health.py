"""How streams are doing, and the mode that follows. Nothing here reads a clock.

Every judgement is a function of arrival times and a `now` handed in, so that a replay judges as the
live run did.
"""

from collections import deque
from itertools import pairwise
from statistics import median

from streamer.clock import NS_PER_MS, NS_PER_S, StreamNs
from streamer.config.schema import HealthConfig
from streamer.messages import Frame, FrameFlag, StreamState

_MEASURE_NS = 2 * NS_PER_S
_FEWEST_STAMPS = 3  # of a slow stream: a period of its own takes three frames, however long
_MOST_STAMPS = 1024  # two seconds of 240 Hz, and more
_BROKEN = (StreamState.STALE, StreamState.LOST)


class StreamHealth:
    """The state of one stream.

    The configured period counts until two seconds of frames have been seen, then the measured one.
    Thresholds are those of the settings, or follow the period where that is long: a stream of one
    frame in ten seconds is not lost after one.

    A stream that was stale or lost stays so until `recover_frames` frames came in a row; the very
    first frame of a stream makes it well at once.
    """

    def __init__(self, settings: HealthConfig, rate_hz: float, *, expected: bool = True) -> None:
        self._settings = settings
        self._period_ns = NS_PER_S / rate_hz
        self._expected = expected
        self._stamps: deque[int] = deque(maxlen=_MOST_STAMPS)
        self._heard_ns: int | None = None  # last arrival that shows a living sensor
        self._fresh_ns = 0  # last arrival with a new picture
        self._ffc_since_ns: int | None = None
        self._broken = StreamState.LOST
        self._streak = 0

    @property
    def period_ns(self) -> float:
        """The period in force, nanoseconds."""
        return self._period_ns

    @property
    def lost_ns(self) -> float:
        """After a silence of how long it is lost; of a slow stream, a period after it is stale."""
        periods_ns = (self._settings.stale_periods + 1) * self._period_ns
        return max(self._settings.lost_ms * NS_PER_MS, periods_ns)

    @property
    def stale_ns(self) -> float:
        """After a silence of how long it is stale."""
        periods_ns = self._settings.stale_periods * self._period_ns
        return max(periods_ns, self._settings.stale_min_ms * NS_PER_MS)

    @property
    def awaited(self) -> bool:
        """Whether the stream is to come and has not yet begun."""
        return self._expected and self._heard_ns is None

    def frame(self, frame: Frame, now_ns: StreamNs) -> bool:
        """Takes note of an arrival.

        Returns:
            Whether the frame may be used: not taken behind a shutter, not from a frozen sensor.
        """
        before = self.state(now_ns)
        first = self._heard_ns is None
        gap = self._silent_ns(now_ns) > self.stale_ns
        if FrameFlag.FFC in frame.flags:
            self._ffc_since_ns = now_ns if self._ffc_since_ns is None else self._ffc_since_ns
            if now_ns - self._ffc_since_ns <= self._settings.ffc_max_ms * NS_PER_MS:
                self._heard_ns = now_ns
            return False
        self._ffc_since_ns = None
        repeated = FrameFlag.REPEATED in frame.flags
        frozen_ns = max(self._settings.frozen_ms * NS_PER_MS, self.stale_ns)
        if repeated and now_ns - self._fresh_ns > frozen_ns:
            self._streak = 0
            self._broken = StreamState.STALE if before is not StreamState.LOST else before
            return False
        if not repeated:
            self._fresh_ns = now_ns
        self._measure(frame.timestamp_ns)
        self._heard_ns = now_ns
        if first:
            self._streak = self._settings.recover_frames
        elif before in _BROKEN and (gap or self._streak >= self._settings.recover_frames):
            self._broken, self._streak = before, 1
        else:
            self._streak += 1
        return True

    def state(self, now_ns: StreamNs) -> StreamState:
        """The state at `now_ns`."""
        if self._heard_ns is None or not self._expected:
            return StreamState.LOST
        silent_ns = self._silent_ns(now_ns)
        ffc_max_ns = self._settings.ffc_max_ms * NS_PER_MS
        if self._ffc_since_ns is not None and now_ns - self._ffc_since_ns <= ffc_max_ns:
            return StreamState.FFC
        if silent_ns > self.lost_ns:
            return StreamState.LOST
        if self._streak < self._settings.recover_frames:
            return self._broken
        if silent_ns > self.stale_ns:
            return StreamState.STALE
        if silent_ns > self._settings.late_periods * self._period_ns:
            return StreamState.LATE
        return StreamState.OK

    def age_ms(self, now_ns: StreamNs) -> float | None:
        """Silence since the last living frame, None before the first."""
        return None if self._heard_ns is None else (now_ns - self._heard_ns) / NS_PER_MS

    def lost(self) -> None:
        """The stream's process is known to have ended: no need to wait for the silence."""
        if self._heard_ns is not None:
            self._broken, self._streak = StreamState.LOST, 0

    def _silent_ns(self, now_ns: StreamNs) -> float:
        return float("inf") if self._heard_ns is None else now_ns - self._heard_ns

    def _measure(self, timestamp_ns: StreamNs) -> None:
        if self._stamps and timestamp_ns <= self._stamps[-1]:
            self._stamps.clear()
        self._stamps.append(timestamp_ns)
        if len(self._stamps) >= _FEWEST_STAMPS and timestamp_ns - self._stamps[0] >= _MEASURE_NS:
            stamps = list(self._stamps)
            self._period_ns = median(b - a for a, b in pairwise(stamps))
            while (
                len(self._stamps) > _FEWEST_STAMPS and timestamp_ns - self._stamps[0] >= _MEASURE_NS
            ):
                self._stamps.popleft()
