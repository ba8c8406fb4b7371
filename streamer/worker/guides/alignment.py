"""A calibration as the worker uses it: applied, refused where it cannot be right, watched."""

import logging
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.imaging.canvas import Canvas, fitted
from streamer.calibration.calibration import Calibration
from streamer.calibration.errors import CalibrationError
from streamer.calibration.registration.drifting import MOST_PX, DriftFollower
from streamer.calibration.registration.following import EVERY_S, DistanceFollower
from streamer.calibration.registration.offset import as_they_come, moved_back
from streamer.calibration.registration.patches import Patches
from streamer.calibration.registration.watch import DRIFT_PX, AlignmentWatch, agreement_surface
from streamer.calibration.timeline import CalibrationTimeline, TimedCalibration
from streamer.calibration.warp import GuideWarp, check_warp
from streamer.clock import NS_PER_S, HostNs, StreamNs
from streamer.messages import AlignmentState, FollowedDistance, FollowedDrift
from streamer.messages.calibrations import DISTANCE, DRIFT, FOLLOWING

log = logging.getLogger(__name__)

_Sizes = tuple[Canvas, Canvas, Canvas]
"""Of guides, thermal frames and results."""


class GuideAlignment:
    """How guides come to the canvas.

    Which calibration a result is made with follows from its capture time alone, so that a replay
    makes it with the same.

    Args:
        calibration: of the two cameras; None takes guides for aligned, as they come.
        every_s: how often the edges of a guide are compared with the thermal ones; 0: never.
        changes: of a replay: what the recording lines them up by from when on.
        follows: whether the calibration's distance follows the scene; not in a replay, which has
            it from the recording.
        follows_drift: whether what a guide drifts is taken out, likewise. Where the distance
            follows as well, it goes first: a drift is what is left once that rests.

    Attributes:
        refused: why guides are not used; empty where they are.
        declined: why a calibration that was ordered is not used; empty where there is none such.
        number: counts what was used so far.
    """

    def __init__(
        self,
        calibration: Calibration | None,
        every_s: float,
        changes: Iterable[TimedCalibration] = (),
        *,
        follows: bool = False,
        follows_drift: bool = False,
    ) -> None:
        self.refused = self.declined = ""
        self.number = 0
        self._timeline = CalibrationTimeline(calibration, changes)
        self._used = TimedCalibration(None, calibration)
        self._warp = None if calibration is None else GuideWarp(calibration)
        self._ordered: TimedCalibration | None = None
        self._ready: GuideWarp | None = None
        self._newest_ns = StreamNs(-1)
        self._every_ns = every_s * NS_PER_S
        self._watch = AlignmentWatch()
        self._next_ns = HostNs(0)
        self._follows = follows
        self._follower = self._follower_of(calibration)
        self._drifts = DriftFollower() if follows_drift else None
        self._follow_ns = HostNs(0)
        self._known: dict[_Sizes, str] = {}
        self._sizes: _Sizes | None = None
        self._warned = False

    def order(self, calibration: Calibration, number: int) -> None:
        """Takes a calibration that is to be used from the next result on."""
        self._ordered = TimedCalibration(None, calibration, order=number)

    def replace(self, calibration: Calibration, number: int) -> None:
        """Takes a calibration for every moment there is: of a replay that is lined up anew."""
        self._timeline = CalibrationTimeline(calibration, order=number)
        self._ordered = None

    def begin(self, moment_ns: StreamNs) -> TimedCalibration | None:
        """Begins a result; what lines it up, where that is another than that of the one before.

        An order is followed by the first result that is later than all others: then its capture
        time says of each result which calibration it was made with.

        Args:
            moment_ns: its capture time.
        """
        if self._ordered is not None and moment_ns > self._newest_ns:
            self._follow(self._ordered, moment_ns)
            self._ordered = None
        self._newest_ns = max(self._newest_ns, moment_ns)
        due = self._timeline.at(moment_ns)
        if due.calibration == self._used.calibration:
            return None
        self._use(due)
        return due

    def _follow(self, ordered: TimedCalibration, moment_ns: StreamNs) -> None:
        """Takes an order, unless its map is seen to be wrong for the pictures that come."""
        calibration = ordered.calibration
        assert calibration is not None  # an order names one
        self.declined = ""
        if self._sizes is not None and not self.refused:
            self.declined = _judged(calibration, *self._sizes)
        if self.declined:  # pictures that were taken until now would be no longer
            log.warning("%s: the one before is used on", self.declined)
            return
        self._timeline.add(TimedCalibration(moment_ns, calibration, ordered.reason, ordered.order))

    def _use(self, used: TimedCalibration) -> None:
        self._used = used
        ready, self._ready = self._ready, None
        if used.calibration is None:
            self._warp = None
        elif ready is not None and ready.calibration == used.calibration:
            self._warp = ready
        else:
            self._warp = GuideWarp(used.calibration)
        if used.reason not in FOLLOWING:  # of which what was seen so far holds as well
            self._watch, self._warned = AlignmentWatch(), False
            self._follower = self._follower_of(used.calibration)
            self._drifts = DriftFollower() if self._drifts is not None else None
        self._known.clear()
        self.refused = ""
        self.number += 1

    def takes(self, guide: Canvas, sensor: Canvas, canvas: Canvas) -> bool:
        """Whether guides of this size can be used; else `refused` says why not.

        Args:
            guide: (h', w') of the visible pictures.
            sensor: (h, w) of the thermal ones.
            canvas: (H, W) of results.
        """
        sizes = self._sizes = guide, sensor, canvas
        if self._warp is None:
            return True
        if sizes not in self._known:
            self._known[sizes] = why_not = _judged(self._warp.calibration, *sizes)
            if why_not:
                log.warning("%s: the run goes on without the visible picture", why_not)
        self.refused = self._known[sizes]
        return not self.refused

    def fit(self, guide: NDArray[np.uint8], canvas: Canvas) -> NDArray[np.uint8]:
        """The guide at the canvas's size and place."""
        if self._warp is None or self.refused:
            return fitted(guide, canvas)
        return self._warp(guide, canvas)

    def due(self, now_ns: HostNs) -> bool:
        """Whether it is time to look how well the pictures are lined up."""
        watches = self._every_ns > 0 and now_ns >= self._next_ns
        follower = self._follower is not None or self._drifts is not None
        follows = follower and now_ns >= self._follow_ns
        return (watches or follows) and not self.refused

    def look(
        self, guide: NDArray[np.uint8], thermal: NDArray[Any], canvas: Canvas, now_ns: HostNs
    ) -> None:
        """Compares a guide, as it came, with the thermal picture of its moment."""
        shown = self.fit(guide, canvas)
        surface = agreement_surface(shown, thermal)
        if now_ns >= self._follow_ns:
            alone = self._drifts if self._follower is None else None
            every_s = EVERY_S if alone is None else alone.every_s
            self._follow_ns = HostNs(now_ns + round(every_s * NS_PER_S))
            if surface is not None and self._follower is not None:
                self._follow_distance(self._follower, surface, guide, canvas)
            if surface is not None and self._drifts is not None:
                self._follow_drift(self._drifts, surface, shown, thermal, guide)
        if not self._every_ns or now_ns < self._next_ns:
            return
        self._next_ns = HostNs(now_ns + round(self._every_ns))
        if surface is not None:
            self._watch.add(surface)
        drift = self._watch.drift_px
        if drift is None:
            return
        drifted = float(np.hypot(*drift)) >= DRIFT_PX and not self._takes_out(drift)
        if drifted and not self._warned:
            cure = "calibrate anew" if self._warp is not None else "`corefusion calibrate` finds it"
            log.warning(
                "the visible picture lies %+.0f, %+.0f px beside the thermal one: %s", *drift, cure
            )
        self._warned = drifted

    def _follow_distance(
        self,
        follower: DistanceFollower,
        surface: NDArray[np.float64],
        guide: NDArray[np.uint8],
        canvas: Canvas,
    ) -> None:
        """Orders another distance, if the scene says so; its map is made now, not amid a result."""
        used = self._used.calibration
        if used is None or self._ordered is not None:
            return
        distance_m = follower.look(surface, used)
        if distance_m is None:
            return
        self._order_step(used.at(distance_m), DISTANCE, guide, canvas)
        if self._drifts is not None:
            self._drifts.begin_anew()

    def _follow_drift(
        self,
        drifts: DriftFollower,
        surface: NDArray[np.float64],
        shown: NDArray[np.uint8],
        thermal: NDArray[Any],
        guide: NDArray[np.uint8],
    ) -> None:
        """Orders the guide moved back, if it clearly lies aside."""
        if self._ordered is not None:
            return
        shift_px = drifts.look(surface, Patches([(shown, thermal)]))
        if shift_px is None:
            return
        canvas = shown.shape[0], shown.shape[1]
        sensor = thermal.shape[0], thermal.shape[1]
        used = self._used.calibration or as_they_come((guide.shape[0], guide.shape[1]), sensor)
        self._order_step(moved_back(used, shift_px), DRIFT, guide, canvas)

    def _order_step(
        self, moved: Calibration, reason: str, guide: NDArray[np.uint8], canvas: Canvas
    ) -> None:
        self._ready = GuideWarp(moved)
        self._ready(guide, canvas)
        self._ordered = TimedCalibration(None, moved, reason, self._used.order)

    def _takes_out(self, drift: tuple[float, float]) -> bool:
        """Whether a drift will be taken out, so that nobody need be warned of it."""
        if self._drifts is None:
            return False
        taken = self._drifts.taken_px
        return max(abs(taken[0] + drift[0]), abs(taken[1] + drift[1])) <= MOST_PX

    def _follower_of(self, calibration: Calibration | None) -> DistanceFollower | None:
        if not self._follows or calibration is None:
            return None
        if calibration.parallax is None or not any(calibration.parallax.baseline_m):
            log.warning(
                "calibration.follow_distance: the calibration does not know the cameras' baseline; "
                "`corefusion calibrate --baseline` writes one that does"
            )
            return None
        return DistanceFollower(calibration)

    @property
    def _distance(self) -> FollowedDistance | None:
        follower, used = self._follower, self._used.calibration
        if follower is None or used is None or used.parallax is None:
            return None
        metres = float(f"{used.parallax.distance_m:.3g}")
        return FollowedDistance(metres, follower.steps, follower.unsure)

    @property
    def _drift(self) -> FollowedDrift | None:
        drifts = self._drifts
        if drifts is None:
            return None
        right, down = drifts.taken_px
        return FollowedDrift((round(right, 2), round(down, 2)), drifts.steps, drifts.unsure)

    @property
    def state(self) -> AlignmentState | None:
        """As it is reported; None before anything is known."""
        agreement = self._watch.agreement
        nothing_known = agreement is None and not self.refused and not self.declined
        if nothing_known and self._warp is None and self._drifts is None:
            return None
        return AlignmentState(
            calibrated=self._warp is not None,
            refused=self.refused,
            agreement=None if agreement is None else round(agreement, 3),
            drift_px=self._watch.drift_px,
            declined=self.declined,
            distance=self._distance,
            drift=self._drift,
        )


def _judged(calibration: Calibration, guide: Canvas, sensor: Canvas, canvas: Canvas) -> str:
    """Why a calibration cannot be right for pictures of these sizes; empty where it can."""
    try:
        check_warp(calibration, guide, sensor, canvas)
    except CalibrationError as error:
        return str(error)
    return ""
