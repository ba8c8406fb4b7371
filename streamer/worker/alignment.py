"""A calibration as the worker uses it: applied, refused where it cannot be right, watched."""

import logging
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.imaging.canvas import Canvas, fitted
from streamer.calibration.calibration import Calibration
from streamer.calibration.errors import CalibrationError
from streamer.calibration.timeline import CalibrationTimeline, TimedCalibration
from streamer.calibration.warp import GuideWarp, check_warp
from streamer.calibration.watch import DRIFT_PX, AlignmentWatch
from streamer.clock import NS_PER_S, HostNs, StreamNs
from streamer.messages import AlignmentState

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
    ) -> None:
        self.refused = self.declined = ""
        self.number = 0
        self._timeline = CalibrationTimeline(calibration, changes)
        self._used = TimedCalibration(None, calibration)
        self._warp = None if calibration is None else GuideWarp(calibration)
        self._ordered: TimedCalibration | None = None
        self._newest_ns = StreamNs(-1)
        self._every_ns = every_s * NS_PER_S
        self._watch = AlignmentWatch()
        self._next_ns = HostNs(0)
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
        self._warp = None if used.calibration is None else GuideWarp(used.calibration)
        self._watch, self._warned = AlignmentWatch(), False
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
        return self._every_ns > 0 and not self.refused and now_ns >= self._next_ns

    def look(
        self, guide: NDArray[np.uint8], thermal: NDArray[Any], canvas: Canvas, now_ns: HostNs
    ) -> None:
        """Compares a guide, as it came, with the thermal picture of its moment."""
        self._next_ns = HostNs(now_ns + round(self._every_ns))
        self._watch.look(self.fit(guide, canvas), thermal)
        drift = self._watch.drift_px
        if drift is None:
            return
        drifted = float(np.hypot(*drift)) >= DRIFT_PX
        if drifted and not self._warned:
            cure = "calibrate anew" if self._warp is not None else "`corefusion calibrate` finds it"
            log.warning(
                "the visible picture lies %+.0f, %+.0f px beside the thermal one: %s", *drift, cure
            )
        self._warned = drifted

    @property
    def state(self) -> AlignmentState | None:
        """As it is reported; None before anything is known."""
        agreement = self._watch.agreement
        nothing_known = agreement is None and not self.refused and not self.declined
        if nothing_known and self._warp is None:
            return None
        return AlignmentState(
            calibrated=self._warp is not None,
            refused=self.refused,
            agreement=None if agreement is None else round(agreement, 3),
            drift_px=self._watch.drift_px,
            declined=self.declined,
        )


def _judged(calibration: Calibration, guide: Canvas, sensor: Canvas, canvas: Canvas) -> str:
    """Why a calibration cannot be right for pictures of these sizes; empty where it can."""
    try:
        check_warp(calibration, guide, sensor, canvas)
    except CalibrationError as error:
        return str(error)
    return ""
