"""Texts on several models side by side: which is which, and their values in one line."""

from collections.abc import Sequence

from gui.language import tr
from gui.panes import Pane
from gui.state.frame_sync import BEHIND_MS
from gui.state.picture import Picture
from gui.state.readout import Readout
from gui.status.run_status import RunStatus
from gui.status.wording import engine_text, letter, seconds
from streamer.thermal.scale import Scale

_DOT = "  \N{MIDDLE DOT}  "
_SAME_COUNTS = 0.5


def model_caption(model: int, name: str, run: RunStatus, rate_hz: float) -> str:
    """Which model made a picture, on what, and how many it makes a second.

    Args:
        model: its number.
        name: as configured; the worker's status tells what it runs, once there is one.
        run: the run as its worker has it.
        rate_hz: how many results come a second.
    """
    status = run.status(run.worker)
    parts = [name]
    if status is not None and status.model is not None:
        parts = [status.model, engine_text(status)]
    rate = tr("{rate_hz:.0f} fps", rate_hz=rate_hz) if rate_hz else ""
    return f"{letter(model)}  " + _DOT.join(part for part in (*parts, rate) if part)


def behind_text(behind_ms: float) -> str:
    """How far a model is behind the others, where that is worth a stamp."""
    return tr("{seconds} BEHIND", seconds=seconds(behind_ms)) if behind_ms > BEHIND_MS else ""


def readout_line(shown: Sequence[tuple[Readout, Picture | None]]) -> str:
    """The values of all models at one place, or their extremes; else the first picture's line.

    Args:
        shown: what each large view shows, and what was read off it.
    """
    measured = [
        (letter(model), readout, picture.scale)
        for model, (readout, picture) in enumerate(shown)
        if picture is not None and picture.pane is Pane.RESULT and picture.scale is not None
    ]
    if len(shown) > 1 and len(measured) == len(shown):
        cursors = [
            (name, at.cursor, scale) for name, at, scale in measured if at.cursor is not None
        ]
        if len(cursors) == len(shown):
            values = [f"{name} {scale.text(counts)}" for name, counts, scale in cursors]
            return _DOT.join([*values, *_difference(cursors)])
        ends = [(name, at.extremes, scale) for name, at, scale in measured if at.extremes]
        if len(ends) == len(shown):
            return _DOT.join(
                tr(
                    "{name} hottest {hottest}, coldest {coldest}",
                    name=name,
                    hottest=scale.text(extremes.hottest.counts),
                    coldest=scale.text(extremes.coldest.counts),
                )
                for name, extremes, scale in ends
            )
    return shown[0][0].line


def _difference(cursors: Sequence[tuple[str, float, Scale]]) -> list[str]:
    """By how much two models differ; of more, the values themselves are enough."""
    if len(cursors) != 2:
        return []
    (first, counts, scale), (second, others_counts, others_scale) = cursors
    by = others_counts - counts
    if abs(by) < _SAME_COUNTS:
        return [tr("the same here")]
    if scale.radiometry != others_scale.radiometry:
        return []
    sign = "+" if by > 0 else "-"
    return [
        tr(
            "{second} minus {first} {sign}{difference}",
            second=second,
            first=first,
            sign=sign,
            difference=scale.difference_text(abs(by)),
        )
    ]
