"""What came before a frame, and what the present picture gains by it.

    past = Past(window=8)
    for each frame:
        fused = past.fused(picture, measured, grey, moment_ns)
        ... bring fused.picture into agreement with fused.measured ...
        past.keep(picture)

The past counts pixel by pixel, and only where three things agree: motion there and back; what was
measured then and what the present measures around the place; what was shown and what is measured
now. Where they do not, the picture is that of one frame.
"""

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from models.imaging.canvas import Canvas
from models.imaging.consistency import averaged, missed_of
from models.temporal.motion import (
    HALF,
    Grey,
    Motion,
    MotionEstimator,
    grey_of_thermal,
    grid,
    looked_up,
)
from models.temporal.noise import NoiseEstimate
from models.temporal.samples import Plane, Samples
from models.temporal.share import share_of

MOST_SAMPLES = 90_000
"""Samples that are kept: of a sensor with many pixels, fewer frames (the cost grows with them)."""

KEPT = 0.85
"""How much the picture before counts in the present estimate, at most."""

LONGEST_PAUSE = 3.5
"""Frame periods after which the past is too long ago to be followed..."""

LONGEST_PAUSE_NS = 400_000_000
"""... where that is longer than this: a slow host leaves out more frames of a fast sensor."""

LEAST_SHARE = 0.03
"""With less of the past in agreement, the scene is another one."""

_NEIGHBOURS = np.ones((3, 3), np.uint8)


@dataclass(frozen=True, slots=True)
class Fused:
    """A picture of several frames.

    Attributes:
        picture: (H, W) float32 counts.
        measured: (h, w) float32: what it is to agree with. The present measurement; where several
            frames agree within the noise, what they say together, off it by one sigma at most.
        frames: how many frames it knows of, the present one included.
        share: 0 to 1: how much of the past frames' samples counted.
        noise_counts: standard deviation of the sensor's noise, as far as known.
        let_go: why the past was forgotten at this frame; None where it was not.
        shares: (rows, columns) 0 to 1: how much of each place was measured before, `share_of`;
            None unless that is asked for, or where there is no past.
    """

    picture: Plane
    measured: Plane
    frames: int
    share: float
    noise_counts: float
    let_go: "LetGo | None" = None
    shares: Plane | None = None


class LetGo(StrEnum):
    """Why a past no longer counts."""

    PAUSE = "pause"
    """Too long without a frame: a drop, a shutter, a sensor that was away."""
    JUMP = "jump"
    """Time went back, or stood still."""
    SIZE = "size"
    """Another sensor or another canvas."""
    SCENE = "scene"
    """Next to nothing of the past agrees with the present: a cut, or a guide that lies."""


@dataclass(frozen=True, slots=True)
class _Before:
    """The frame before."""

    moment_ns: int
    measured: Plane
    guide: Grey | None
    canvas: Canvas


class Past:
    """The frames before the present one, of one stream. Not for use by two threads at once.

    Args:
        window: frames that a picture knows of, the present one included; 2 at least.

    Attributes:
        tells_shares: whether `Fused.shares` is asked for.
    """

    def __init__(self, window: int) -> None:
        self.tells_shares = False
        self._window = window
        self._motion = MotionEstimator()
        self._noise = NoiseEstimate()
        self.let_go()

    def let_go(self) -> None:
        """Forgets what was seen; noise is the sensor's own, and is still known."""
        self._before: _Before | None = None
        self._picture: Plane | None = None
        self._samples: Samples | None = None
        self._period_ns = 0

    def fused(self, picture: Plane, measured: Plane, guide: Grey | None, moment_ns: int) -> Fused:
        """What the present frame and those before it say together; `keep` has to follow.

        Args:
            picture: (H, W) counts, the network's of the present frame; not changed. H and W are the
                same integer multiple of the sensor's.
            measured: (h, w) float32 counts.
            guide: (H/2, W/2) grey, the present guide's, or None without one.
            moment_ns: capture time.

        Returns:
            The very picture and measurement that were given where there is no past to count.
        """
        now = _Before(moment_ns, measured, guide, (picture.shape[0], picture.shape[1]))
        before, shown = self._before, self._picture
        why = None if before is None else self._broken(before, now)
        if why is None and before is not None and shown is not None:
            fused = self._joined(before, shown, now, picture)
            if fused.share >= LEAST_SHARE:
                self._before = now
                return fused
            why = LetGo.SCENE
        if why is not None:
            self.let_go()
        if why is LetGo.SIZE:
            self._noise = NoiseEstimate()
        self._before = now
        self._samples = Samples.of_frame(measured, now.canvas) if self._most(measured) else None
        return Fused(picture, measured, 1, 0.0, self._noise.counts, why)

    def _most(self, measured: Plane) -> int:
        """Past frames whose samples are kept, for a sensor of this size."""
        return min(self._window - 1, MOST_SAMPLES // measured.size)

    def _joined(self, before: _Before, shown: Plane, now: _Before, picture: Plane) -> Fused:
        canvas, measured = now.canvas, now.measured
        motion = self._motion_between(before, now)
        surroundings = _Surroundings(measured)
        frames, share = 2, 1.0
        samples, trust = None, None
        if self._samples is not None:
            samples = self._samples.moved(motion, canvas)
            lowest = samples.around(surroundings.lowest, canvas)
            highest = samples.around(surroundings.highest, canvas)
            self._noise.learn(
                samples.newest, samples.newest.around(measured, canvas), (highest - lowest)[-1:]
            )
            trust = samples.weights * _agreement(
                np.maximum(lowest - samples.values, samples.values - highest),
                self._noise.counts,
                0.1 * (highest - lowest),
            )
            frames, share = 1 + len(samples), float(trust.mean())
        estimate, kept = self._warmed(picture, shown, motion, surroundings)
        if samples is not None and trust is not None:
            present = Samples.of_frame(measured, canvas)
            most = self._most(measured)
            used = samples.weighted(trust).followed_by(present, most + 1)
            cv2.add(estimate, used.correction(estimate), dst=estimate)
            self._samples = samples.followed_by(present, most)
        target = _target(estimate, measured, self._noise.counts)
        shares = None
        if self.tells_shares:
            shares = share_of(kept, (measured.shape[0], measured.shape[1]), samples, trust)
        return Fused(estimate, target, frames, share, self._noise.counts, shares=shares)

    def keep(self, picture: Plane) -> None:
        """Takes the finished picture, (H, W) counts, as what the next one begins from."""
        self._picture = picture

    def _broken(self, before: _Before, now: _Before) -> LetGo | None:
        """Why a frame cannot be the next one, if it cannot; notes the period of the stream."""
        step_ns = now.moment_ns - before.moment_ns
        if (before.canvas, before.measured.shape) != (now.canvas, now.measured.shape):
            return LetGo.SIZE
        if step_ns <= 0:
            return LetGo.JUMP
        if self._period_ns and step_ns > max(LONGEST_PAUSE * self._period_ns, LONGEST_PAUSE_NS):
            return LetGo.PAUSE
        self._period_ns = min(step_ns, self._period_ns or step_ns)
        return None

    def _motion_between(self, before: _Before, now: _Before) -> Motion:
        if before.guide is not None and now.guide is not None:
            return self._motion.between(before.guide, now.guide)
        low, high, _, _ = cv2.minMaxLoc(before.measured)
        return self._motion.between(
            grey_of_thermal(before.measured, now.canvas, (low, high)),
            grey_of_thermal(now.measured, now.canvas, (low, high)),
        )

    def _warmed(
        self, picture: Plane, shown: Plane, motion: Motion, surroundings: "_Surroundings"
    ) -> tuple[Plane, Plane]:
        """The picture, and the one before brought to the present where it still holds.

        Returns:
            Both joined, and how much the one before counts, (H, W) 0 to 1.
        """
        rows, columns = picture.shape
        half = (columns // HALF, rows // HALF)
        at = motion.backward + grid(half)
        whole = (at + np.float32(0.5)) * np.float32(HALF) - np.float32(0.5)
        earlier = looked_up(shown, _resized(whole, (columns, rows)))
        agrees = _agreement(
            np.abs(surroundings.measured - averaged(earlier, surroundings.measured.shape)),
            self._noise.counts,
            0.25 * (surroundings.highest - surroundings.lowest),
        )
        agrees = _resized(np.asarray(cv2.erode(agrees, _NEIGHBOURS), dtype=np.float32), half)
        weight = _resized(motion.held * agrees * np.float32(KEPT), (columns, rows))
        earlier -= picture
        earlier *= weight
        earlier += picture
        return earlier, weight


class _Surroundings:
    """What the present frame measures around each sensor pixel."""

    def __init__(self, measured: Plane) -> None:
        border = cv2.BORDER_REPLICATE
        lowest = cv2.erode(measured, _NEIGHBOURS, borderType=border)
        highest = cv2.dilate(measured, _NEIGHBOURS, borderType=border)
        self.measured = measured
        self.lowest = np.asarray(lowest, dtype=np.float32)
        self.highest = np.asarray(highest, dtype=np.float32)


def _agreement(
    beyond: NDArray[np.float32], noise_counts: float, tolerance: NDArray[np.float32]
) -> NDArray[np.float32]:
    """1 where something lies within the noise and a tolerance, soon 0 beyond."""
    unit = np.float32(noise_counts + 0.5)  # half a count: rounding
    apart = np.maximum(beyond - tolerance - 3 * unit, 0) / unit
    return np.asarray(np.exp(-apart * apart), dtype=np.float32)


def _target(estimate: Plane, measured: Plane, noise_counts: float) -> Plane:
    """What the estimate is to average to: the measurement, less what is noise in it.

    A difference d becomes d^3 / (d^2 + 4 sigma^2): far beyond the noise it stands, within it the
    estimate of several frames is believed; never more than a sigma is left.
    """
    missed = missed_of(estimate, measured)
    squared = missed * missed
    within = np.float32((2 * noise_counts) ** 2)
    return np.asarray(measured - missed * (within / (squared + within)), dtype=np.float32)


def _resized(plane: Plane, size: tuple[int, int]) -> Plane:
    return np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_LINEAR), dtype=np.float32)
