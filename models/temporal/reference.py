"""A frame that is followed until other pixels measure its places: what a pattern is learnt from."""

import numpy as np

from models.imaging.canvas import Canvas
from models.temporal.agreement import Surroundings
from models.temporal.motion import Motion
from models.temporal.pattern import FixedPattern
from models.temporal.samples import Plane, Samples

FAR_PX = 0.9
"""Sensor pixels that half of the places have to have moved by; nearer, pixels are much the same."""

LEAST_FOLLOWED = 0.3
"""Of all places; with fewer left, another frame is followed."""

_STEEPEST = 0.75  # the quarter of all places with the most contrast shows whether all have moved:
_FITS_BETTER = 0.7  # what was measured has to fit there so much better than where it was

_FLATTEST = 0.5  # the half of all places with the least contrast around them,
_FLAT_SIGMAS = 8.0  # or more, where contrast is no more than so much noise


class Reference:
    """The frame that is followed, and the pattern that is learnt by it.

    Args:
        pattern: which.
    """

    def __init__(self, pattern: FixedPattern) -> None:
        self._pattern = pattern
        self._samples: Samples | None = None

    def begin(self, present: Samples | None) -> None:
        """From now on the present frame is followed; None for none."""
        self._samples = present

    def follow(self, motion: Motion, whole: Plane, canvas: Canvas) -> None:
        """Follows it one frame further: see `Samples.moved`."""
        if self._samples is not None:
            self._samples = self._samples.moved(motion, whole, canvas)

    def look(
        self,
        present: Samples,
        surroundings: Surroundings,
        estimate: Plane,
        noise_counts: float,
    ) -> Plane | None:
        """Learns from it when it has come far enough.

        Args:
            present: the present frame's samples.
            surroundings: what they measure.
            estimate: (H, W) counts, the present picture of several frames.
            noise_counts: standard deviation of the sensor's noise.

        Returns:
            (h, w) by how many counts more is taken out from now on, where something was learnt.
        """
        samples = self._samples
        if samples is None:
            self._samples = present
            return None
        canvas = estimate.shape[0], estimate.shape[1]
        sure = samples.weights > 0.5
        if sure.mean() < LEAST_FOLLOWED:
            self._samples = present
            return None
        scale = np.float32(canvas[1] // present.values.shape[2])
        moved = (samples.points - present.points) / scale
        if np.median(np.abs(moved[sure]).max(axis=-1)) < FAR_PX:
            return None
        self._samples = present
        ranges = surroundings.of(samples, canvas)
        steep = sure & (ranges.contrast > np.quantile(ranges.contrast[sure], _STEEPEST))
        there = np.abs(samples.values - samples.around(surroundings.measured, canvas))[steep]
        here = np.abs(samples.values - surroundings.measured)[steep]
        if there.mean() > _FITS_BETTER * here.mean():
            return None  # the guide says that the scene has moved, the measurement does not
        limit = max(np.quantile(ranges.contrast[sure], _FLATTEST), _FLAT_SIGMAS * noise_counts)
        weights = ranges.trust(noise_counts) * (ranges.contrast <= limit)
        # Of several frames the picture knows edges better than values between sensor pixels do.
        apart = samples.missed(estimate)
        before = self._pattern.offsets
        learnt = self._pattern.learn(apart, weights[0], moved[0], noise_counts)
        return learnt if before is None else learnt - before
