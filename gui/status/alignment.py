"""How the two pictures lie over each other, as words for the window. No Qt, no clock."""

import math

from gui.language import tr
from gui.status.run_status import RunStatus
from streamer.messages import AlignmentState

DRIFT_PX = 4.0
"""From here on it is told, pixels of a canvas 640 wide."""


def refusal_lines(run: RunStatus) -> tuple[str, ...]:
    """Why the visible picture is not used at all; nothing where it is."""
    state = _state(run)
    if state is None or not state.refused:
        return ()
    reason = f"{state.refused[:1].upper()}{state.refused[1:]}."
    return (reason, tr("`corefusion calibrate`, or Ctrl+L, makes a calibration for these cameras."))


def drift_lines(run: RunStatus) -> tuple[str, ...]:
    """Where the visible picture has gone to; nothing where it lies as it should."""
    state = _state(run)
    if state is None or state.drift_px is None or math.hypot(*state.drift_px) < DRIFT_PX:
        return ()
    x, y = state.drift_px
    right = tr("{x:.0f} px to the right", x=x) if x > 0 else tr("{x:.0f} px to the left", x=-x)
    down = tr("{y:.0f} px down", y=y) if y > 0 else tr("{y:.0f} px up", y=-y)
    way = [right if abs(x) >= 1 else "", down if abs(y) >= 1 else ""]
    cure = tr("Ctrl+L lines both up again; near things need another distance.")
    if state.drift is not None and not state.drift.unsure:
        cure = tr("It is moved back, slowly.")
    return (
        tr("It lies {way} beside the thermal picture.", way=tr(" and ").join(filter(None, way))),
        cure,
    )


def declined_lines(run: RunStatus) -> tuple[str, ...]:
    """Why a calibration that was given is not used; nothing where all are."""
    state = _state(run)
    if state is None or not state.declined:
        return ()
    reason = f"{state.declined[:1].upper()}{state.declined[1:]}."
    return (reason, tr("The one before stays in use."))


def distance_line(run: RunStatus) -> tuple[tuple[str, str], ...]:
    """What both are lined up for, where that follows the scene; nothing where it does not."""
    state = _state(run)
    told = None if state is None else state.distance
    if told is None:
        return ()
    words = tr(
        "{distance_m:g} m, moved {steps} times, unsure {unsure} times",
        distance_m=told.distance_m,
        steps=told.steps,
        unsure=told.unsure,
    )
    return ((tr("distance, follows the scene"), words),)


def drift_line(run: RunStatus) -> tuple[tuple[str, str], ...]:
    """How far the visible picture was moved back; nothing where its drift is not taken out."""
    state = _state(run)
    told = None if state is None else state.drift
    if told is None:
        return ()
    words = tr(
        "{x:+.1f}, {y:+.1f} px, moved {steps} times, unsure {unsure} times",
        x=told.shift_px[0],
        y=told.shift_px[1],
        steps=told.steps,
        unsure=told.unsure,
    )
    return ((tr("drift, taken out"), words),)


def _state(run: RunStatus) -> AlignmentState | None:
    status = run.status(run.worker)
    return None if status is None else status.alignment
