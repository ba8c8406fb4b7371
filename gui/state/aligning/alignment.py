"""The calibration that is being made in the window, step by step. No Qt, no OpenCV."""

from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from streamer.calibration.calibration import Calibration, Method, View, rows_of
from streamer.calibration.finding.fit import Fit
from streamer.calibration.geometry import Size, similarity

STEP_PX = 1.0
"""Of an arrow key, pixels of a canvas 640 wide."""

LONG_STEP_PX = 10.0
STEP_SCALE = 1.005
STEP_DEG = 0.2
CANVAS_WIDTH = 640
_MOST_STEPS = 200


@dataclass
class Alignment:
    """What was chosen so far, and the way back.

    Attributes:
        visible: the visible camera.
        thermal: the thermal one.
        run: the calibration that the run uses; None takes the pictures for aligned.
        before: whether the run's is shown in place of the one that is being made.
    """

    visible: View
    thermal: View
    run: Calibration | None
    before: bool = False
    _steps: list[Calibration] = field(default_factory=list)
    _saved: Calibration | None = None

    def __post_init__(self) -> None:
        self._steps = [self._first()]
        self._saved = self._steps[0]

    @property
    def calibration(self) -> Calibration:
        """As it is now."""
        return self._steps[-1]

    @property
    def shown(self) -> Calibration | None:
        """What the pictures are laid over each other by."""
        return self.run if self.before else self.calibration

    @property
    def unsaved(self) -> bool:
        """Whether there is something that closing would lose."""
        return self.calibration is not self._saved

    @property
    def can_undo(self) -> bool:
        """Whether there is a step before."""
        return len(self._steps) > 1

    def fits(self, guide: Size, sensor: Size) -> bool:
        """Whether it is of pictures of these sizes, (h, w) of the visible and the thermal one."""
        return guide == self.visible.size and sensor == self.thermal.size

    def shift(self, x_px: float, y_px: float) -> None:
        """Moves the visible picture right and down, pixels of a canvas 640 wide."""
        self._by_hand(1.0, 0.0, (x_px, y_px))

    def enlarge(self, steps: float) -> None:
        """Makes the visible picture larger, or smaller for negative steps."""
        self._by_hand(STEP_SCALE**steps, 0.0, (0.0, 0.0))

    def turn(self, steps: float) -> None:
        """Turns the visible picture clockwise, or the other way for negative steps."""
        self._by_hand(1.0, STEP_DEG * steps, (0.0, 0.0))

    def take(
        self, fit: Fit, method: Method, residual_px: float, confidence: float | None = None
    ) -> Calibration:
        """Takes a map that was found; returns its calibration."""
        found = self._of(fit, method, residual_px, confidence)
        self._add(found)
        return found

    def undo(self) -> None:
        """The step before."""
        if self.can_undo:
            self._steps.pop()

    def start_over(self) -> None:
        """As it was at first; that, too, can be undone."""
        if self.calibration is not self._steps[0]:
            self._add(self._steps[0])

    def to_save(self, now: datetime) -> Calibration:
        """As a file is to have it."""
        date = now.isoformat(timespec="seconds")
        return msgspec.structs.replace(self.calibration, date=date)

    def saved(self) -> None:
        """Notes that a file has it."""
        self._saved = self.calibration

    def _first(self) -> Calibration:
        """The run's, or the visible picture's middle over all of the thermal picture."""
        if self.run is not None:
            return self.run
        height = (self.visible.height / self.visible.width) / (
            self.thermal.height / self.thermal.width
        )
        return Calibration(
            method="hand",
            visible=self.visible,
            thermal=self.thermal,
            matrix=rows_of(similarity(min(1.0, height), 0.0, (0.0, 0.0))),
        )

    def _of(
        self, fit: Fit, method: Method, residual_px: float, confidence: float | None
    ) -> Calibration:
        k1, k2 = fit.lens
        return Calibration(
            method=method,
            residual_px=round(residual_px, 3),
            confidence=None if confidence is None else round(confidence, 3),
            visible=msgspec.structs.replace(self.visible, k1=k1, k2=k2),
            thermal=self.thermal,
            matrix=rows_of(fit.matrix),
        )

    def _by_hand(self, scale: float, rotation_deg: float, shift_px: tuple[float, float]) -> None:
        changed = self.calibration.nudged(scale, rotation_deg, shift_px)
        # how far points or blocks lie from the map was of the map before
        self._add(msgspec.structs.replace(changed, residual_px=None, confidence=None))

    def _add(self, calibration: Calibration) -> None:
        self.before = False
        self._steps.append(calibration)
        del self._steps[1 : max(1, len(self._steps) - _MOST_STEPS)]
