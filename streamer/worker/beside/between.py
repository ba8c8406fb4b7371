"""What is shown between two thermal frames: the newest result, carried to a visible frame."""

from collections import deque
from statistics import median

from streamer.clock import NS_PER_MS, StreamNs, after, since
from streamer.messages import Frame, PredictedUse, SuperResolvedFrame
from streamer.worker.pairs.modes import Drops
from streamer.worker.super_resolution import SuperResolver

_LONGEST_PERIODS = 2.5
"""Thermal periods after which a result is too old to be carried on: the thermal camera is away."""

_KEPT_TRIES = 64

_FORGETS = 0.8
"""Of the time that the last picture took, what is left after each that was not tried for it."""


class BetweenFrames:
    """Gives each visible frame that no result was made with a picture, while there is time.

    Args:
        resolver: whose results are carried.
        drops: where visible frames without a picture are counted: `predicted/late`, where the next
            thermal frame was due and comes first, and `predicted/unsure`, where the guide was not
            recognised.
    """

    def __init__(self, resolver: SuperResolver, drops: Drops) -> None:
        self._resolver = resolver
        self._drops = drops
        self._newest: Frame | None = None
        self._took_ms = 0.0
        self._made = 0
        self._tries_ms: deque[float] = deque(maxlen=_KEPT_TRIES)

    @property
    def use(self) -> PredictedUse | None:
        """What its pictures have cost; None before the first try."""
        if not self._tries_ms:
            return None
        unsure = self._drops["predicted/unsure"]
        return PredictedUse(self._made, unsure, round(median(self._tries_ms), 2))

    def take(self, visible: Frame) -> None:
        """A visible frame has come."""
        self._newest = visible

    def forget(self) -> None:
        """What came is of another moment."""
        self._newest = None

    def next(
        self, now: StreamNs, period_ns: float | None, rate: float
    ) -> SuperResolvedFrame | None:
        """The picture of the newest visible frame, if there is one to be made; each once.

        Args:
            now: the present of the streams.
            period_ns: between two thermal frames; None while it is not known.
            rate: how many seconds of the frames pass in one of the host.
        """
        visible, self._newest = self._newest, None
        last_ns = self._resolver.guided_ns
        if visible is None or period_ns is None or last_ns is None:
            return None
        if since(visible.timestamp_ns, last_ns) <= 0:  # it is that result's, or before it
            return None
        if since(visible.timestamp_ns, last_ns) > _LONGEST_PERIODS * period_ns:
            return None
        next_ns = after(last_ns, round(period_ns))
        while since(next_ns, now) < -period_ns / 2:  # one that did not come is not waited for
            next_ns = after(next_ns, round(period_ns))
        spare_ms = since(next_ns, now) / NS_PER_MS / rate
        if 0 <= spare_ms < self._took_ms:
            self._drops["predicted/late"] += 1
            self._took_ms *= _FORGETS  # one slow moment does not rule out all that follow
            return None
        carried = self._resolver.carried(visible)
        self._took_ms = self._resolver.carry_ms  # a try that ends without one takes as long
        self._tries_ms.append(self._took_ms)
        if carried is None:
            self._drops["predicted/unsure"] += 1
            return None
        self._made += 1
        return carried
