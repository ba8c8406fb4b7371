"""The automatic span of the window: smoothed over time so that the picture is calm."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from streamer.clock import NS_PER_S, HostNs, since
from streamer.messages import INFLUENCE_ZERO
from streamer.thermal.span import Span, robust_span
from streamer.thermal.validity import Mask

_SMOOTH_S = 0.5  # time constant; shorter follows every passing hand
_FORGET_S = 2.0  # after a pause this long the scene is a new one


class AutoSpan:
    """Follows the scene: at once after a pause or a jump, else smoothly."""

    def __init__(self) -> None:
        self._span: Span | None = None
        self._updated_ns = HostNs(0)

    def update(
        self, pixels: NDArray[Any], narrowest: float, now_ns: HostNs, bad: Mask | None = None
    ) -> Span:
        """The span to paint these pixels with; `bad` are no readings."""
        wanted, last = robust_span(pixels, narrowest, bad), self._span
        passed_s = since(now_ns, self._updated_ns) / NS_PER_S
        self._updated_ns = now_ns
        if last is None or passed_s > _FORGET_S or wanted.low > last.high or wanted.high < last.low:
            self._span = wanted
        else:
            share = 1 - math.exp(-max(0.0, passed_s) / _SMOOTH_S)
            self._span = Span(
                last.low + share * (wanted.low - last.low),
                last.high + share * (wanted.high - last.high),
            )
        return self._span


class InfluenceSpan:
    """Follows the strongest difference, always symmetric about "no difference"."""

    def __init__(self) -> None:
        self._auto = AutoSpan()

    def update(self, pixels: NDArray[np.uint16], narrowest: float, now_ns: HostNs) -> Span:
        """The span to paint this influence frame with."""
        strength = np.abs(differences(pixels[::2, ::2]))
        reach = self._auto.update(strength, narrowest, now_ns).high
        return Span(INFLUENCE_ZERO - reach, INFLUENCE_ZERO + reach)


def differences(influence: NDArray[np.uint16]) -> NDArray[np.int32]:
    """An (H, W) influence frame as signed counts: guided minus thermal-only."""
    return influence.astype(np.int32) - INFLUENCE_ZERO
