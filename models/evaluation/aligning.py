"""Guides lined up with their thermal pictures before they are scored, each pair by itself."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.imaging.canvas import Canvas, fitted
from models.imaging.metrics import Image
from streamer.calibration.registration.offset import (
    Offset,
    Verdict,
    as_they_come,
    find_offset,
    moved_back,
)
from streamer.calibration.warp import GuideWarp


class Aligner:
    """Lines guides up, and counts."""

    def __init__(self) -> None:
        self._found: list[Offset] = []

    def lined_up(
        self, guide: NDArray[np.uint8], low: Image, canvas: Canvas
    ) -> NDArray[np.uint8] | None:
        """The guide at its place on the canvas; None where it shows another scene.

        Args:
            guide: (H', W', 3).
            low: (h, w), the thermal picture as the network sees it.
            canvas: (H, W) of the result.
        """
        shown = fitted(guide, canvas)
        found = find_offset([(shown, low)])
        self._found.append(found)
        if found.verdict is Verdict.REFUSED:
            return None
        if found.verdict is Verdict.LEFT:
            return guide
        return GuideWarp(moved_back(as_they_come(canvas, canvas), found.shift_px))(shown, canvas)

    def report(self) -> dict[str, Any]:
        """How many guides were moved, left and refused, by how many pixels, and of each pair."""
        verdicts = [str(one.verdict) for one in self._found]
        moved = [np.hypot(*one.shift_px) for one in self._found if one.verdict is Verdict.LINED_UP]
        return {
            **{str(verdict): verdicts.count(str(verdict)) for verdict in Verdict},
            "median_shift_px": round(float(np.median(moved)), 2) if moved else None,
            "guides": [
                {
                    "verdict": str(one.verdict),
                    "shift_px": [round(pixels, 2) for pixels in one.shift_px],
                    "agreement": round(one.agreement, 3),
                    "gain": round(one.gain, 4),
                }
                for one in self._found
            ],
        }
