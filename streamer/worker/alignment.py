"""A calibration as the worker uses it: applied, refused where it cannot be right, watched."""

import logging
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.imaging.canvas import Canvas, fitted
from streamer.calibration.calibration import Calibration
from streamer.calibration.errors import CalibrationError
from streamer.calibration.warp import GuideWarp, check_warp
from streamer.calibration.watch import DRIFT_PX, AlignmentWatch
from streamer.clock import NS_PER_S, HostNs
from streamer.messages import AlignmentState

log = logging.getLogger(__name__)


class GuideAlignment:
    """How guides come to the canvas.

    Args:
        calibration: of the two cameras; None takes guides for aligned, as they come.
        every_s: how often the edges of a guide are compared with the thermal ones; 0: never.

    Attributes:
        refused: why guides are not used; empty where they are.
    """

    def __init__(self, calibration: Calibration | None, every_s: float) -> None:
        self.refused = ""
        self._warp = None if calibration is None else GuideWarp(calibration)
        self._every_ns = every_s * NS_PER_S
        self._watch = AlignmentWatch()
        self._next_ns = HostNs(0)
        self._known: dict[tuple[Canvas, Canvas, Canvas], str] = {}
        self._warned = False

    def takes(self, guide: Canvas, sensor: Canvas, canvas: Canvas) -> bool:
        """Whether guides of this size can be used; else `refused` says why not.

        Args:
            guide: (h', w') of the visible pictures.
            sensor: (h, w) of the thermal ones.
            canvas: (H, W) of results.
        """
        if self._warp is None:
            return True
        sizes = guide, sensor, canvas
        if sizes not in self._known:
            self._known[sizes] = self._judged(*sizes)
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
        if agreement is None and not self.refused and self._warp is None:
            return None
        return AlignmentState(
            calibrated=self._warp is not None,
            refused=self.refused,
            agreement=None if agreement is None else round(agreement, 3),
            drift_px=self._watch.drift_px,
        )

    def _judged(self, guide: Canvas, sensor: Canvas, canvas: Canvas) -> str:
        assert self._warp is not None  # the caller has seen to it
        try:
            check_warp(self._warp.calibration, guide, sensor, canvas)
        except CalibrationError as error:
            log.warning("%s: the run goes on without the visible picture", error)
            return str(error)
        return ""
