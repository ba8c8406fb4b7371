"""Lining two cameras up from what both see, without a person; sure of it, or not at all.

Coarse first (`search`): the places where edges agree best. Each is then refined in blocks
(`blocks`), and the one whose blocks agree best is kept. A wrong place looks much like a right one
to a single number; it does not to many blocks, which point this way and that.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from streamer.calibration.finding.blocks import Match, refine
from streamer.calibration.finding.fit import Fit
from streamer.calibration.finding.polish import polish
from streamer.calibration.finding.search import SCALES, search
from streamer.calibration.geometry import Size, projected
from streamer.calibration.registration.gradients import Plane

LEAST_CONFIDENCE = 0.5
"""Below it a result is refused."""

_WIDTH = 320  # of the pictures that blocks are compared on
_SEARCHED, _TRIED, _REFINED = 4, 3, 6  # moments, at most
_GUESSES = 4
_APART = 0.05  # half widths: maps nearer than this are the same
_FIRST_REACH = 16
_ROUNDS = ((12, 0.8), (8, 0.7), (5, 0.7), (5, 0.7))  # reach in pixels, blur
_SOFT = 0.45  # blur, of the size of a sensor pixel
# Right and wrong ones lie apart by far: docs/explanation/alignment.md.
_CLOSE, _SHARES = (12.0, 28.0), (0.3, 0.6)
_RESIDUALS_PX, _RIVALS = (4.0, 2.0), (0.97, 0.85)

Pair = tuple[Plane, Plane]
"""Grey pictures (visible, thermal) of one moment."""


class Found(NamedTuple):
    """What was found.

    Attributes:
        fit: the map; the best there is, also where it is refused.
        confidence: 0 to 1.
        score: mean correlation of the blocks.
        residual_px: how far blocks lie from the map, pixels of a canvas 640 wide.
        rival: how good the best other place is, as a share.
        strong: how many blocks correlate clearly.
        close: how many of these are where the map says.
    """

    fit: Fit
    confidence: float
    score: float
    residual_px: float
    rival: float
    strong: int
    close: int

    @property
    def accepted(self) -> bool:
        """Whether it is sure enough to be used."""
        return self.confidence >= LEAST_CONFIDENCE

    def words(self) -> str:
        """Why it is refused."""
        told = [
            f"{self.strong} parts of the picture show edges to both cameras, and {self.close} of "
            f"them fit together, {sum(_CLOSE) / 2:.0f} at least wanted"
            if self.close < sum(_CLOSE) / 2 or self.close < sum(_SHARES) / 2 * self.strong
            else "",
            f"parts of the picture contradict each other by {self.residual_px:.1f} px"
            if self.residual_px > sum(_RESIDUALS_PX) / 2
            else "",
            f"another place fits {100 * self.rival:.0f} % as well"
            if self.rival > sum(_RIVALS) / 2
            else "",
        ]
        return ", ".join(filter(None, told)) or f"confidence {self.confidence:.2f}"


def find_by_itself(
    pairs: Sequence[Pair],
    sensor: Size,
    scales: Sequence[float] = SCALES,
    progress: Callable[[float], None] = lambda share: None,
) -> Found:
    """The map from the thermal to the visible picture.

    Args:
        pairs: of one position of the cameras, one at least; more moments make it surer.
        sensor: (h, w) of the thermal pictures as the sensor gives them.
        scales: to try, of the visible against the thermal half width.
        progress: told what share is done.
    """
    size = (round(_WIDTH * sensor[0] / sensor[1]), _WIDTH)
    pixel = _WIDTH / sensor[1]  # of the sensor, in pixels of `size`
    found = search(_spread(pairs, _SEARCHED), scales)
    progress(0.2)
    few, some = _spread(pairs, _TRIED), _spread(pairs, _REFINED)
    tried: list[Match] = []
    for guess in found.guesses[:_GUESSES]:
        start = Fit.given(guess.matrix)
        sigma = max(1.0, _SOFT * pixel)
        tried.append(refine(few, start, size, sensor, _FIRST_REACH, sigma, bends=False))
        progress(0.2 + 0.15 * len(tried) / _GUESSES)
    if not tried:
        nothing = Fit.given(np.eye(3))
        return Found(nothing, 0.0, 0.0, float("inf"), 1.0, 0, 0)
    tried.sort(key=lambda match: -match.score)
    best = tried[0]
    rival = _rival(tried) / max(best.score, 1e-6)
    for number, (reach, soft) in enumerate(_ROUNDS, 1):
        sigma = max(1.0, soft * _SOFT * pixel)
        best = refine(some, best.fit, size, sensor, reach, sigma, bends=True)
        progress(0.35 + 0.15 * number / len(_ROUNDS))
    residual_px = best.residual_px * 640 / _WIDTH
    confidence = min(
        _between(best.close, *_CLOSE),
        _between(best.close / max(best.strong, 1), *_SHARES),
        _between(residual_px, *_RESIDUALS_PX),
        _between(rival, *_RIVALS),
    )
    agreed = best.fit
    if confidence >= LEAST_CONFIDENCE:
        agreed = polish(few, agreed, size, sensor, lambda share: progress(0.5 + share / 2))
    progress(1.0)
    return Found(agreed, confidence, best.score, residual_px, rival, best.strong, best.close)


def _rival(tried: Sequence[Match]) -> float:
    """The best score of those that lay what both see elsewhere than the first."""
    places, weights = tried[0].evidence
    if not np.any(weights):
        return max((one.score for one in tried[1:]), default=0.0)
    best = projected(tried[0].fit.matrix, places)

    def elsewhere(match: Match) -> bool:
        apart = np.linalg.norm(projected(match.fit.matrix, places) - best, axis=1)
        return float(np.average(apart, weights=weights)) > _APART

    return max((one.score for one in tried[1:] if elsewhere(one)), default=0.0)


def _between(value: float, low: float, high: float) -> float:
    """0 at `low`, 1 at `high`, which may be the lesser."""
    if not np.isfinite(value):
        return 0.0
    return float(np.clip((value - low) / (high - low), 0, 1))


def _spread(pairs: Sequence[Pair], most: int) -> list[Pair]:
    """At most so many of them, from all over."""
    if len(pairs) <= most:
        return list(pairs)
    return [pairs[index] for index in np.linspace(0, len(pairs) - 1, most).astype(int)]
