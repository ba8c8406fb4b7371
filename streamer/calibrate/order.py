"""What `corefusion calibrate` is asked for."""

import msgspec

from streamer.calibration.calibration import Calibration, Method
from streamer.calibration.errors import CalibrationError
from streamer.calibration.finding.board import Kind

Correspondence = tuple[float, float, float, float]
"""Thermal x and y, visible x and y, in pixels of their pictures, the first at 0."""


class Nudge(msgspec.Struct, frozen=True):
    """A change by hand: of the visible picture, in pixels of a canvas 640 wide, times, degrees."""

    x_px: float = 0.0
    y_px: float = 0.0
    scale: float = 1.0
    rotation_deg: float = 0.0


class CalibrationOrder(msgspec.Struct, frozen=True, kw_only=True):
    """How to calibrate.

    Attributes:
        method: how the map is found.
        points: pairs of points.
        board: inner corners or circles of a row and of a column.
        board_kind: of the board.
        fields_of_view_deg: of the visible and of the thermal camera.
        nudge: on top of what was found.
        seconds: how long to look, at most.
        find_time: whether the lag between the cameras is wanted.
        baseline_m: from the thermal to the visible camera, right and down.
        distance_m: of what is looked at.
        known: of the same cameras: their distance alone is looked for.
    """

    method: Method = "itself"
    points: tuple[Correspondence, ...] = ()
    board: tuple[int, int] | None = None
    board_kind: Kind = "checkerboard"
    fields_of_view_deg: tuple[float, float] | None = None
    nudge: Nudge = Nudge()
    seconds: float = 10.0
    find_time: bool = False
    baseline_m: tuple[float, float] | None = None
    distance_m: float | None = None
    known: Calibration | None = None

    def __post_init__(self) -> None:
        if self.method == "fields_of_view" and self.fields_of_view_deg is None:
            raise CalibrationError("--fields-of-view VISIBLE,THERMAL wanted, in degrees")
        if self.baseline_m is not None and (
            self.distance_m is None or self.fields_of_view_deg is None
        ):
            raise CalibrationError(
                "--baseline wants --distance, of what is looked at, and --fields-of-view"
            )
