"""What `corefusion calibrate` says of its result."""

import msgspec
from rich.table import Table

from streamer.terminal.console import PlainConsole


class TruthErrorPx(msgspec.Struct, frozen=True):
    """How far a result is from the truth, pixels of a canvas 640 wide."""

    median: float
    max: float


class CalibrationReport(msgspec.Struct, frozen=True, kw_only=True):
    """The JSON report.

    Attributes:
        method: itself, points, board or fields_of_view; hand of one that the window made.
        residual_px: how far what it was made of lies from it, pixels of a canvas 640 wide; None of
            fields of view, which have nothing to lie elsewhere.
        confidence: 0 to 1; 1 of what a person has given.
        accepted: whether it may be used; what is not is not saved.
        shift_px: of the visible picture's middle, right and down.
        scale: things look so many times larger to the visible camera.
        rotation_deg: the visible picture is turned clockwise.
        distance_m: for which it fits; None where that was not given.
        offset_ms: to be added to the visible camera's timestamps; None where it was not asked for
            or not found.
        truth_error_px: of the simulated rig alone.
    """

    method: str
    residual_px: float | None
    confidence: float
    accepted: bool
    shift_px: tuple[float, float]
    scale: float
    rotation_deg: float
    distance_m: float | None
    offset_ms: float | None
    truth_error_px: TruthErrorPx | None


def print_calibration(report: CalibrationReport) -> None:
    """Prints what a person at a terminal wants to know."""
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    x, y = report.shift_px
    table.add_row("found by", report.method.replace("_", " "))
    table.add_row(
        "visible picture",
        f"moved {x:+.1f}, {y:+.1f} px, {report.scale:.3f} times as large, turned "
        f"{report.rotation_deg:+.2f} degrees",
    )
    residual = "-" if report.residual_px is None else f"{report.residual_px:.2f} px"
    table.add_row("residual", f"{residual}, confidence {report.confidence:.2f}")
    if report.distance_m is not None:
        table.add_row("distance", f"{report.distance_m:.2f} m")
    if report.offset_ms is not None:
        table.add_row("in time", f"capture.visible.offset_ms: {report.offset_ms:.0f}")
    if report.truth_error_px is not None:
        error = report.truth_error_px
        table.add_row("truth", f"{error.median:.2f} px off, {error.max:.2f} px at most")
    PlainConsole().print(table)
