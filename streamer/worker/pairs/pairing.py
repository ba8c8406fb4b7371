"""Finds the visible frame for each thermal frame. Nothing here reads a clock.

Thermal is the pivot: it is the slower stream and the one being super-resolved. A pivot is ready
when the visible stream has passed its capture time, since nothing nearer can then come, or when it
has waited long enough.
"""

from collections import deque
from typing import NamedTuple

from streamer.clock import NS_PER_MS, NS_PER_S, StreamNs, after, since
from streamer.config.schema import PairingConfig
from streamer.messages import Frame
from streamer.pictures.losses import UNPAIRED

_REACH = 0.6  # of a visible period
_WAIT = 0.1
_LONGEST_WAIT_NS = 100 * NS_PER_MS
_MOST, _MOST_BYTES, _LEAST = 1200, 256 * 2**20, 2  # frames of a stream that wait for the other


class FramePair(NamedTuple):
    """A pivot and the visible frame nearest to it in capture time, if there is a usable one."""

    thermal: Frame
    visible: Frame | None
    waited_ms: float

    @property
    def skew_ms(self) -> float | None:
        """Visible minus thermal capture time."""
        if self.visible is None:
            return None
        return since(self.visible.timestamp_ns, self.thermal.timestamp_ns) / NS_PER_MS


class ThermalPivotPairing:
    """The ring of recent visible frames and the thermal frames that wait for them."""

    def __init__(self, settings: PairingConfig, max_age_ms: float) -> None:
        self._settings = settings
        self._ring_ns = settings.ring_s * NS_PER_S
        self._wait_ns = round(settings.max_wait_ms * NS_PER_MS)
        self._max_age_ns = max_age_ms * NS_PER_MS
        self._ring: deque[Frame] = deque()
        self._pivots: deque[tuple[Frame, StreamNs]] = deque()

    def follow(self, visible_ns: float) -> None:
        """Takes the visible stream's period: a slow one has its frames further apart, and later.

        Between two of its frames no pivot is further from one than half a period; what comes at the
        same moment may be a tenth of it later, 100 ms at most.
        """
        self._ring_ns = max(self._settings.ring_s * NS_PER_S, _REACH * visible_ns)
        usual_ns = self._settings.max_wait_ms * NS_PER_MS
        self._wait_ns = round(max(usual_ns, min(_WAIT * visible_ns, _LONGEST_WAIT_NS)))

    def add_visible(self, frame: Frame) -> None:
        """Puts a visible frame into the ring."""
        self._ring.append(frame)
        while (
            since(frame.timestamp_ns, self._ring[0].timestamp_ns) > self._ring_ns
            or len(self._ring) > self._room_for(frame)  # its times may stand still
        ):
            self._ring.popleft()

    def add_thermal(self, frame: Frame, now_ns: StreamNs) -> int:
        """Queues a thermal frame that arrived at `now_ns`; returns how many made room for it."""
        self._pivots.append((frame, now_ns))
        made_room = max(0, len(self._pivots) - self._room_for(frame))
        for _ in range(made_room):
            self._pivots.popleft()
        return made_room

    @staticmethod
    def _room_for(frame: Frame) -> int:
        """How many frames as long as this one may wait."""
        return max(_LEAST, min(_MOST, _MOST_BYTES // max(1, frame.pixels.nbytes)))

    @property
    def waiting(self) -> int:
        """How many thermal frames wait."""
        return len(self._pivots)

    def clear_pivots(self) -> int:
        """Gives up the waiting thermal frames; returns how many."""
        count = len(self._pivots)
        self._pivots.clear()
        return count

    def skip_late(self, now_ns: StreamNs) -> int:
        """When the oldest pivot is over age, goes on with the newest alone; returns the skipped.

        A short hiccup is worked off without losing a frame; a machine that is too slow shows fresh
        frames instead of an ever longer queue.
        """
        if (
            len(self._pivots) < 2
            or since(now_ns, self._pivots[0][0].timestamp_ns) <= self._max_age_ns
        ):
            return 0
        skipped = len(self._pivots) - 1
        self._pivots = deque([self._pivots[-1]])
        return skipped

    def next(self, now_ns: StreamNs, *, visible_usable: bool) -> FramePair | None:
        """The next pair that is ready, in order of arrival.

        A thermal picture of a folder whose name has no partner there takes none of another name.

        Args:
            now_ns: the present, live or replayed.
            visible_usable: False while the visible stream is stale or lost; a pivot then neither
                waits for it nor takes an old frame of it.
        """
        if not self._pivots:
            return None
        thermal, arrived_ns = self._pivots[0]
        visible_usable = visible_usable and UNPAIRED not in thermal.metadata
        passed = bool(self._ring) and self._ring[-1].timestamp_ns >= thermal.timestamp_ns
        if visible_usable and not passed and since(now_ns, arrived_ns) < self._wait_ns:
            return None
        self._pivots.popleft()
        visible = self._nearest(thermal.timestamp_ns) if visible_usable else None
        return FramePair(thermal, visible, since(now_ns, arrived_ns) / NS_PER_MS)

    def newest(self, reach_ns: float) -> FramePair | None:
        """The newest pivot, which waits for nothing, with the visible frame nearest to it.

        The others are given up. A thermal picture without a partner takes none here either.

        Args:
            reach_ns: how far that may lie from it.
        """
        if not self._pivots:
            return None
        thermal, _ = self._pivots[-1]
        self._pivots.clear()
        visible = None if UNPAIRED in thermal.metadata else self._nearest(thermal.timestamp_ns)
        pair = FramePair(thermal, visible, 0.0)
        far = pair.skew_ms is not None and abs(pair.skew_ms) * NS_PER_MS > reach_ns
        return pair._replace(visible=None) if far else pair

    def deadline_ns(self) -> StreamNs | None:
        """When the oldest pivot will have waited long enough; None without one."""
        return after(self._pivots[0][1], self._wait_ns) if self._pivots else None

    def _nearest(self, timestamp_ns: StreamNs) -> Frame | None:
        def distance(frame: Frame) -> int:
            return abs(frame.timestamp_ns - timestamp_ns)

        nearest = min(self._ring, key=distance, default=None)
        return nearest if nearest is not None and distance(nearest) <= self._ring_ns else None
