"""Pictures of both cameras of the same moments, as they come. No Qt; time is handed in."""

from collections import deque
from typing import Any, NamedTuple

from numpy.typing import NDArray

from streamer.clock import NS_PER_MS, NS_PER_S, HostNs, since
from streamer.messages import Frame

WANTED = 8
"""Moments that are looked for."""

EVERY_NS = NS_PER_S // 2
LONGEST_NS = 8 * NS_PER_S
"""After which what has come has to do."""

_KEPT = 8  # visible frames, for thermal ones that come later
_APART_NS = 100 * NS_PER_MS


class Moment(NamedTuple):
    """What both cameras saw.

    Attributes:
        visible: (H, W, 3) BGR, or (H, W).
        thermal: (h, w) counts.
    """

    visible: NDArray[Any]
    thermal: NDArray[Any]


class Moments:
    """Takes frames; pairs them by when they were taken.

    Attributes:
        newest: to be looked at, however far apart they were taken; None before the first.
    """

    def __init__(self) -> None:
        self.newest: Moment | None = None
        self._visible: deque[Frame] = deque(maxlen=_KEPT)
        self._thermal: Frame | None = None
        self._taken: list[Moment] = []
        self._since_ns: HostNs | None = None
        self._taken_ns: HostNs | None = None

    @property
    def collecting(self) -> bool:
        """Whether moments are being collected."""
        return self._since_ns is not None

    @property
    def share(self) -> float:
        """Of the moments that are wanted, what has come."""
        return len(self._taken) / WANTED

    def begin(self, now_ns: HostNs) -> None:
        """Collects from now on."""
        self._taken, self._since_ns, self._taken_ns = [], now_ns, None

    def cancel(self) -> None:
        """Collects no more."""
        self._taken, self._since_ns = [], None

    def add(self, visible: Frame | None, thermal: Frame | None, now_ns: HostNs) -> None:
        """Takes the newest frames, new or not; one behind a shutter is none."""
        if visible is not None and (not self._visible or visible is not self._visible[-1]):
            self._visible.append(visible)
        if thermal is None or thermal is self._thermal or thermal.flags or not self._visible:
            return
        self._thermal = thermal
        nearest = min(
            self._visible, key=lambda one: abs(since(one.timestamp_ns, thermal.timestamp_ns))
        )
        self.newest = Moment(nearest.pixels, thermal.pixels)
        if abs(since(nearest.timestamp_ns, thermal.timestamp_ns)) > _APART_NS:
            return
        due = self._taken_ns is None or since(now_ns, self._taken_ns) >= EVERY_NS
        if self.collecting and due and len(self._taken) < WANTED:
            self._taken.append(self.newest)
            self._taken_ns = now_ns

    def complete(self, now_ns: HostNs) -> list[Moment] | None:
        """All moments once they are there, or the time is over; None before that.

        Where pictures stand still (a paused replay) the one there is has to do.
        """
        if self._since_ns is None:
            return None
        if len(self._taken) < WANTED and since(now_ns, self._since_ns) < LONGEST_NS:
            return None
        taken, newest = self._taken, self.newest
        self.cancel()
        return taken or ([] if newest is None else [newest])
