"""From what two cameras gave to their calibration."""

import importlib
import math
from datetime import UTC, datetime
from typing import Any, NamedTuple

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from streamer.calibrate.frames import Footage, Progress, planes
from streamer.calibrate.order import CalibrationOrder
from streamer.calibrate.report import CalibrationReport, TruthErrorPx
from streamer.calibration.calibration import (
    Calibration,
    Parallax,
    Placement,
    View,
    rows_of,
)
from streamer.calibration.errors import CalibrationError
from streamer.calibration.finding.board import from_board
from streamer.calibration.finding.distance import find_distance
from streamer.calibration.finding.fields_of_view import from_fields_of_view
from streamer.calibration.finding.fit import Fit
from streamer.calibration.finding.itself import LEAST_CONFIDENCE, find_by_itself
from streamer.calibration.finding.points import from_points
from streamer.calibration.finding.search import SCALES
from streamer.calibration.finding.timing import Lag, lag_between, motion_of
from streamer.calibration.geometry import Size, pixel_grid, shown_size
from streamer.calibration.overlay import before_and_after, overlay
from streamer.calibration.registration.gradients import grey
from streamer.calibration.warp import GuideWarp, check_warp
from streamer.config.schema import Config

_EYE = "capture.scene.eye"  # by name: streamer does not know capture
_MOMENTS = 12
_KNOWN_SCALE = 1.12  # fields of view of a data sheet are that good
_PICTURE_WIDTH = 640
_TRUTH_STEP = 13  # pixels


class Result(NamedTuple):
    """What came of it.

    Attributes:
        calibration: the best there is, also where it is refused.
        accepted: whether it may be used.
        why_not: why it is refused.
        lag: between the cameras, where it was asked for and there was motion.
    """

    calibration: Calibration
    accepted: bool
    why_not: str
    lag: Lag | None


class _Map(NamedTuple):
    """A map, however it was found."""

    fit: Fit
    residual_px: float | None
    confidence: float
    why_not: str = ""


def calibrate(footage: Footage, order: CalibrationOrder, progress: Progress) -> Result:
    """The calibration of the two cameras that gave this.

    Args:
        footage: what they gave.
        order: how to go about it.
        progress: told what share is done.

    Raises:
        CalibrationError: what was given, or seen, makes no calibration.
    """
    lag = _lag(footage) if order.find_time else None
    offset_ms = lag.offset_ms if lag is not None and lag.accepted else 0.0
    if order.known is not None:
        return _at_a_distance(footage, order.known, offset_ms, lag)
    found = _map(footage, order, offset_ms, progress)
    k1, k2 = found.fit.lens
    residual_px = found.residual_px
    if residual_px is not None and not math.isfinite(residual_px):
        residual_px = None
    calibration = Calibration(
        date=_now(),
        method=order.method,
        residual_px=None if residual_px is None else round(residual_px, 3),
        confidence=round(found.confidence, 3),
        visible=msgspec.structs.replace(_view(footage, "visible"), k1=k1, k2=k2),
        thermal=_view(footage, "thermal"),
        matrix=rows_of(found.fit.matrix),
        parallax=_parallax(order),
    )
    nudge = order.nudge
    calibration = calibration.nudged(nudge.scale, nudge.rotation_deg, (nudge.x_px, nudge.y_px))
    why_not = found.why_not
    why_not = why_not or _impossible(calibration, calibration.visible.size)
    return Result(calibration, not why_not, why_not, lag)


def report_of(result: Result, config: Config | None) -> CalibrationReport:
    """The report of a result; with the truth where the sources are the simulated rig's."""
    calibration = result.calibration
    placed = Placement.of(calibration)
    return CalibrationReport(
        method=calibration.method,
        residual_px=calibration.residual_px,
        confidence=calibration.confidence or 0.0,
        accepted=result.accepted,
        shift_px=(round(placed.shift_px[0], 2), round(placed.shift_px[1], 2)),
        scale=round(placed.scale, 5),
        rotation_deg=round(placed.rotation_deg, 3),
        distance_m=(
            None if calibration.parallax is None else round(calibration.parallax.distance_m, 3)
        ),
        offset_ms=(
            round(result.lag.offset_ms, 1)
            if result.lag is not None and result.lag.accepted
            else None
        ),
        truth_error_px=_truth_error(calibration, config),
    )


def picture_of(footage: Footage, calibration: Calibration, offset_ms: float) -> NDArray[np.uint8]:
    """The visible edges over the thermal picture, as it is without a calibration and with it."""
    time_ms, colour = footage.colour[0]
    times = np.array([one.time_ms for one in footage.thermal])
    heat = footage.thermal[int(np.argmin(np.abs(times - time_ms - offset_ms)))].plane
    canvas = shown_size((heat.shape[0], heat.shape[1]))
    shown = grey(heat)
    shrinks = colour.shape[0] >= canvas[0] and colour.shape[1] >= canvas[1]
    how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    stretched = np.asarray(cv2.resize(colour, canvas[::-1], interpolation=how), np.uint8)
    lined_up = GuideWarp(calibration)(colour, canvas)
    return before_and_after(
        overlay(shown, stretched, canvas), overlay(shown, lined_up, canvas), ("before", "after")
    )


def _at_a_distance(
    footage: Footage, known: Calibration, offset_ms: float, lag: Lag | None
) -> Result:
    """The same cameras, for what they look at now."""
    guide, sensor = _view(footage, "visible").size, _view(footage, "thermal").size
    if why_not := _impossible(known, guide, sensor):
        raise CalibrationError(why_not)
    pairs = planes(footage.pairs(offset_ms, _MOMENTS))
    found = find_distance(pairs, known, sensor)
    calibration = msgspec.structs.replace(
        known.at(found.distance_m),
        date=_now(),
        confidence=round(min(found.confidence, known.confidence or 1.0), 3),
    )
    sure = found.confidence >= LEAST_CONFIDENCE
    why_not = "" if sure else "no distance fits clearly better than the others"
    return Result(calibration, sure, why_not, lag)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _impossible(calibration: Calibration, guide: Size, sensor: Size | None = None) -> str:
    """Why a calibration cannot be right for pictures of these sizes; empty if it can."""
    sensor = sensor or calibration.thermal.size
    try:
        check_warp(calibration, guide, sensor, shown_size(sensor))
    except CalibrationError as error:
        return str(error)
    return ""


def _map(footage: Footage, order: CalibrationOrder, offset_ms: float, progress: Progress) -> _Map:
    sensor = _view(footage, "thermal").size
    guide = _view(footage, "visible").size
    if order.method == "fields_of_view":
        assert order.fields_of_view_deg is not None  # the order has seen to it
        return _Map(from_fields_of_view(*order.fields_of_view_deg), None, 1.0)
    if order.method == "points":
        given = np.array(order.points, np.float64)
        clicked = from_points(given[:, :2], given[:, 2:], sensor, guide)
        return _Map(clicked.fit, clicked.residual_px, 1.0)
    pairs = planes(footage.pairs(offset_ms, _MOMENTS))
    if not pairs:
        raise CalibrationError(
            "no visible and thermal picture were taken at the same moment; --time finds the lag"
        )
    if order.method == "board":
        assert order.board is not None  # what makes the method
        kept = pairs[0][0].shape[0], pairs[0][0].shape[1]
        board = from_board(pairs, sensor, kept, order.board, order.board_kind)
        return _Map(board.fit, board.residual_px, 1.0)
    scales = SCALES
    if order.fields_of_view_deg is not None:
        middle = float(from_fields_of_view(*order.fields_of_view_deg).matrix[0, 0])
        low, high = middle / _KNOWN_SCALE, middle * _KNOWN_SCALE
        scales = tuple(float(one) for one in np.geomspace(low, high, 8))
    found = find_by_itself(pairs, sensor, scales, progress)
    why_not = "" if found.accepted else f"not sure enough: {found.words()}"
    return _Map(found.fit, found.residual_px, found.confidence, why_not)


def _view(footage: Footage, stream: str) -> View:
    info = footage.infos[stream]
    height, width = (
        footage.colour[0][1].shape[:2] if stream == "visible" else footage.thermal[0].plane.shape
    )
    return View(camera=info.name, width=width, height=height)


def _lag(footage: Footage) -> Lag | None:
    motions = [
        motion_of([one.time_ms for one in taken], [one.small for one in taken])
        for taken in (footage.visible, footage.thermal)
    ]
    return lag_between(*motions)


def _parallax(order: CalibrationOrder) -> Parallax | None:
    if order.baseline_m is None or order.distance_m is None or order.fields_of_view_deg is None:
        return None
    return Parallax(
        baseline_m=order.baseline_m,
        field_of_view_deg=order.fields_of_view_deg[0],
        distance_m=order.distance_m,
    )


def _truth_error(calibration: Calibration, config: Config | None) -> TruthErrorPx | None:
    """Of the simulated rig, which knows where each of its points is."""
    if config is None:
        return None
    capture = config.capture
    if capture.visible.source != "sim" or capture.thermal.source != "sim":
        return None
    bracket = capture.simulated.bracket
    eye: Any = importlib.import_module(_EYE).Eye(bracket)
    points = pixel_grid((480, 640), _TRUTH_STEP)
    missed = calibration.visible_points(points) - eye.still_places(points)
    error = np.linalg.norm(missed, axis=-1) * (_PICTURE_WIDTH / 2) / bracket.scale
    return TruthErrorPx(round(float(np.median(error)), 3), round(float(error.max()), 3))
