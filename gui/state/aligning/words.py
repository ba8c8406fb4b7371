"""What is said of an alignment. No Qt."""

import math
import shlex
from pathlib import Path
from typing import NamedTuple

from gui.language import mark, tr
from gui.state.aligning.alignment import Alignment
from streamer.calibration.calibration import Placement

HELP = mark(
    "Arrows or dragging move the visible picture (Shift: by 10 px), + and - or the wheel scale it, "
    "[ and ] or Shift and the wheel turn it."
)
BEFORE = mark("To compare with. Before or Space again: what was made, to be changed and saved.")
NOTHING = mark("No picture of both cameras yet.")
_CLEAR, _FAINT = 0.35, 0.2  # agreement of edges: from here on clear, below this too little
_DRIFT_PX = 4.0


class Score(NamedTuple):
    """How well the edges of both pictures agree.

    Attributes:
        agreement: 0 to 1.
        off_px: where the visible picture lies beside the best place, right and down, pixels of a
            canvas 640 wide; None where too little is seen.
        refused: why no run would take the calibration; empty if it would.
    """

    agreement: float
    off_px: tuple[float, float] | None
    refused: str = ""


def score_text(score: Score | None) -> str:
    """The score in words."""
    if score is None:
        return tr("Looking how well edges agree ...")
    if score.refused:
        return tr("A run would refuse this: {refused}.", refused=score.refused)
    share = tr("{agreement:.2f} of 1", agreement=score.agreement)
    if score.off_px is None:
        return tr(
            "Edges of both pictures hardly agree ({share}): too few are seen, or far off.",
            share=share,
        )
    if math.hypot(*score.off_px) >= _DRIFT_PX:
        return tr(
            "Edges agree {share} here, and better elsewhere: the visible picture lies {way}.",
            share=share,
            way=way(score.off_px),
        )
    if score.agreement < _FAINT:
        return tr(
            "Edges of both pictures agree little ({share}), but nowhere near better.", share=share
        )
    how = tr("well") if score.agreement >= _CLEAR else tr("fairly")
    return tr(
        "Edges of both pictures agree {how} ({share}), and nowhere near better.",
        how=how,
        share=share,
    )


def way(off_px: tuple[float, float]) -> str:
    """Where something lies, in words."""
    x, y = off_px
    right = tr("{x:.0f} px to the right", x=x) if x > 0 else tr("{x:.0f} px to the left", x=-x)
    down = tr("{y:.0f} px too low", y=y) if y > 0 else tr("{y:.0f} px too high", y=-y)
    parts = [right if abs(x) >= 0.5 else "", down if abs(y) >= 0.5 else ""]
    return tr(" and ").join(filter(None, parts)) or tr("where it should")


def placement_text(alignment: Alignment) -> str:
    """What is shown, in a person's words."""
    calibration = alignment.shown
    if calibration is None:
        return tr("Before: this run has no calibration; the visible picture is stretched over all.")
    placed = Placement.of(calibration)
    x, y = placed.shift_px
    text = tr(
        "the visible camera sees things {x:+.1f}, {y:+.1f} px aside, {scale:.3f} times as large, "
        "turned {rotation_deg:+.2f} degrees",
        x=x,
        y=y,
        scale=placed.scale,
        rotation_deg=placed.rotation_deg,
    )
    if calibration.residual_px is not None:
        text += tr(
            "; {residual_px:.1f} px from what it was made of", residual_px=calibration.residual_px
        )
    return (
        tr("Before, as this run has it: {words}.", words=text)
        if alignment.before
        else tr("Now {words}.", words=text)
    )


def saved_text(path: Path) -> str:
    """What to do with the file."""
    return tr(
        "Saved, and used from now on. At the next start: `--calibration {path}`, or "
        "calibration.file in the configuration.",
        path=shlex.quote(str(path)),
    )
