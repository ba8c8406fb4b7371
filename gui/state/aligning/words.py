"""What is said of an alignment. No Qt."""

import math
import shlex
from pathlib import Path
from typing import NamedTuple

from gui.state.aligning.alignment import Alignment
from streamer.calibration.calibration import Placement

HELP = (
    "Arrows or dragging move the visible picture (Shift: by 10 px), + and - or the wheel scale it, "
    "[ and ] or Shift and the wheel turn it."
)
BEFORE = "To compare with. Before or Space again: what was made, to be changed and saved."
NOTHING = "No picture of both cameras yet."
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
        return "Looking how well edges agree ..."
    if score.refused:
        return f"A run would refuse this: {score.refused}."
    share = f"{score.agreement:.2f} of 1"
    if score.off_px is None:
        return f"Edges of both pictures hardly agree ({share}): too few are seen, or far off."
    if math.hypot(*score.off_px) >= _DRIFT_PX:
        return (
            f"Edges agree {share} here, and better elsewhere: the visible picture lies "
            f"{way(score.off_px)}."
        )
    if score.agreement < _FAINT:
        return f"Edges of both pictures agree little ({share}), but nowhere near better."
    how = "well" if score.agreement >= _CLEAR else "fairly"
    return f"Edges of both pictures agree {how} ({share}), and nowhere near better."


def way(off_px: tuple[float, float]) -> str:
    """Where something lies, in words."""
    x, y = off_px
    parts = [
        f"{abs(x):.0f} px to the {'right' if x > 0 else 'left'}" if abs(x) >= 0.5 else "",
        f"{abs(y):.0f} px too {'low' if y > 0 else 'high'}" if abs(y) >= 0.5 else "",
    ]
    return " and ".join(filter(None, parts)) or "where it should"


def placement_text(alignment: Alignment) -> str:
    """What is shown, in a person's words."""
    calibration = alignment.shown
    if calibration is None:
        return "Before: this run has no calibration; the visible picture is stretched over all."
    placed = Placement.of(calibration)
    x, y = placed.shift_px
    text = (
        f"the visible camera sees things {x:+.1f}, {y:+.1f} px aside, {placed.scale:.3f} times as "
        f"large, turned {placed.rotation_deg:+.2f} degrees"
    )
    if calibration.residual_px is not None:
        text += f"; {calibration.residual_px:.1f} px from what it was made of"
    return f"Before, as this run has it: {text}." if alignment.before else f"Now {text}."


def saved_text(path: Path) -> str:
    """What to do with the file."""
    return (
        f"Saved. From the next start on: `--calibration {shlex.quote(str(path))}`, or "
        "calibration.file in the configuration; this run goes on as it was."
    )
