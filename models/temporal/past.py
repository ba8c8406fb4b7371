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

from models.imaging.agreement.consistency import averaged, missed_of
from models.imaging.canvas import Canvas
from models.temporal.agreement import NEIGHBOURS, Surroundings, agreement
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
from models.temporal.pattern import FixedPattern
from models.temporal.reference import Reference
from models.temporal.samples import Plane, Samples, whole_held
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
        pattern_counts: standard deviation of the fixed pattern that the measurement was made
            without; 0 where none is known.
    """

    picture: Plane
    measured: Plane
    frames: int
    share: float
    noise_counts: float
    let_go: "LetGo | None" = None
    shares: Plane | None = None
    pattern_counts: float = 0.0


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
        pattern: whether the sensor's fixed pattern is learnt and taken out.

    Attributes:
        tells_shares: whether `Fused.shares` is asked for.
        pattern: what is known of the sensor's fixed pattern; None where it is left alone.
    """

    def __init__(self, window: int, *, pattern: bool = False) -> None:
        self.tells_shares = False
        self.pattern = FixedPattern() if pattern else None
        self._reference = Reference(self.pattern or FixedPattern())
        self._window = window
        self._motion = MotionEstimator()
        self._noise = NoiseEstimate()
        self.let_go()

    def let_go(self) -> None:
        """Forgets what was seen; noise is the sensor's own, and is still known."""
        self._forget_frames()
        if self.pattern is not None:
            self.pattern.forget()

    def _forget_frames(self) -> None:
        self._before: _Before | None = None
        self._picture: Plane | None = None
        self._samples: Samples | None = None
        self._reference.begin(None)
        self._period_ns = 0

    def without_pattern(self, measured: Plane, moment_ns: int) -> Plane:
        """A measurement, (h, w) counts, without the sensor's fixed pattern as far as it is known.

        What was known does not hold for another sensor, nor behind a pause: a shutter that closes
        measures the pattern anew. To be called before `fused`, which takes what comes of it.
        """
        if self.pattern is None:
            return measured
        before = self._before
        if before is not None and self._interrupted(before, measured, moment_ns) is not None:
            self.pattern.forget()
        return self.pattern.taken_out_of(measured)

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
        pattern = 0.0 if self.pattern is None else self.pattern.counts
        before, shown = self._before, self._picture
        why = None if before is None else self._broken(before, now)
        if why is None and before is not None and shown is not None:
            fused = self._joined(before, shown, now, picture, pattern)
            if fused.share >= LEAST_SHARE:
                self._before = now
                return fused
            why = LetGo.SCENE
        if why is not None:
            self._forget_frames()
        if why is LetGo.SIZE:
            self._noise = NoiseEstimate()
        self._before = now
        self._samples = Samples.of_frame(measured, now.canvas) if self._most(measured) else None
        self._reference.begin(self._samples)
        return Fused(picture, measured, 1, 0.0, self._noise.counts, why, pattern_counts=pattern)

    def _most(self, measured: Plane) -> int:
        """Past frames whose samples are kept, for a sensor of this size."""
        return min(self._window - 1, MOST_SAMPLES // measured.size)

    def _joined(
        self, before: _Before, shown: Plane, now: _Before, picture: Plane, pattern_counts: float
    ) -> Fused:
        canvas, measured = now.canvas, now.measured
        motion = self._motion_between(before, now)
        surroundings = Surroundings(measured)
        frames, share = 2, 1.0
        samples, trust, whole = None, None, None
        if self._samples is not None:
            whole = whole_held(motion, canvas[1] // measured.shape[1])
            samples = self._samples.moved(motion, whole, canvas)
            ranges = surroundings.of(samples, canvas)
            newest = samples.newest
            self._noise.learn(newest, newest.around(measured, canvas), ranges.contrast[-1:])
            trust = ranges.trust(self._noise.counts)
            frames, share = 1 + len(samples), float(trust.mean())
        estimate, kept = self._warmed(picture, shown, motion, surroundings)
        if samples is not None and trust is not None and whole is not None:
            present = Samples.of_frame(measured, canvas)
            most = self._most(measured)
            used = samples.weighted(trust).followed_by(present, most + 1)
            cv2.add(estimate, used.correction(estimate), dst=estimate)
            self._samples = samples.followed_by(present, most)
            if self.pattern is not None:
                self._reference.follow(motion, whole, canvas)
                self._learn_pattern(before, now, surroundings, estimate)
        target = _target(estimate, measured, self._noise.counts)
        shares = None
        if self.tells_shares:
            shares = share_of(kept, (measured.shape[0], measured.shape[1]), samples, trust)
        return Fused(
            *(estimate, target, frames, share, self._noise.counts),
            shares=shares,
            pattern_counts=pattern_counts,
        )

    def keep(self, picture: Plane) -> None:
        """Takes the finished picture, (H, W) counts, as what the next one begins from."""
        self._picture = picture

    def _broken(self, before: _Before, now: _Before) -> LetGo | None:
        """Why a frame cannot be the next one, if it cannot; notes the period of the stream."""
        if before.canvas != now.canvas:
            return LetGo.SIZE
        why = self._interrupted(before, now.measured, now.moment_ns)
        if why is None:
            step_ns = now.moment_ns - before.moment_ns
            self._period_ns = min(step_ns, self._period_ns or step_ns)
        return why

    def _interrupted(self, before: _Before, measured: Plane, moment_ns: int) -> LetGo | None:
        """Why a measurement is not the sensor's next one, if it is not."""
        step_ns = moment_ns - before.moment_ns
        if before.measured.shape != measured.shape:
            return LetGo.SIZE
        if step_ns <= 0:
            return LetGo.JUMP
        if self._period_ns and step_ns > max(LONGEST_PAUSE * self._period_ns, LONGEST_PAUSE_NS):
            return LetGo.PAUSE
        return None

    def _learn_pattern(
        self,
        before: _Before,
        now: _Before,
        surroundings: Surroundings,
        estimate: Plane,
    ) -> None:
        """Only by a guide: to the thermal pictures their own pattern is something that rests."""
        assert self._samples is not None  # the caller has them
        repeated = np.array_equal(before.measured, now.measured)
        if before.guide is None or now.guide is None or repeated:
            self._reference.begin(None)
            return
        newest = self._samples.newest
        change = self._reference.look(newest, surroundings, estimate, self._noise.counts)
        if change is not None:
            self._samples = self._samples.less(change)
            self._reference.begin(self._samples.newest)

    def _motion_between(self, before: _Before, now: _Before) -> Motion:
        if before.guide is not None and now.guide is not None:
            return self._motion.between(before.guide, now.guide)
        low, high, _, _ = cv2.minMaxLoc(before.measured)
        return self._motion.between(
            grey_of_thermal(before.measured, now.canvas, (low, high)),
            grey_of_thermal(now.measured, now.canvas, (low, high)),
        )

    def _warmed(
        self, picture: Plane, shown: Plane, motion: Motion, surroundings: Surroundings
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
        agrees = agreement(
            np.abs(surroundings.measured - averaged(earlier, surroundings.measured.shape)),
            self._noise.counts,
            0.25 * (surroundings.highest - surroundings.lowest),
        )
        agrees = _resized(np.asarray(cv2.erode(agrees, NEIGHBOURS), dtype=np.float32), half)
        weight = _resized(motion.held * agrees * np.float32(KEPT), (columns, rows))
        earlier -= picture
        earlier *= weight
        earlier += picture
        return earlier, weight


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
