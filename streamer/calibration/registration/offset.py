"""How far a guide lies beside its thermal picture, and whether both show one scene at all.

Where edges agree best says whether they do, and where to within a few pixels; how well the light
foretells the heat then says it to a fraction of one. Both are means over all pairs that are given,
so that several moments say it more surely.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from streamer.calibration.calibration import Calibration, View, rows_of
from streamer.calibration.geometry import Size
from streamer.calibration.registration.patches import Pair, Patches, Pixels
from streamer.calibration.registration.watch import REACH_PX, WIDTH, agreement_surface

LEAST_AGREEMENT = 0.11
"""Of edges at their best place: below it a guide is taken for one of another scene."""

_CANVAS_WIDTH = 640


class Verdict(StrEnum):
    """What is to be done with a guide."""

    LINED_UP = "lined_up"
    LEFT = "left"
    REFUSED = "refused"


class Offset(NamedTuple):
    """Where a guide lies.

    Attributes:
        verdict: `lined_up`: it is to be moved back by `shift_px`; `left`: it stays as it lies;
            `refused`: it shows another scene, or nothing of what the thermal picture shows.
        shift_px: how far it lies to the right and down, pixels of a canvas 640 wide.
        agreement: of edges at their best place, at most 1.
        gain: how much more of the heat the light foretells there than where the guide lies.
    """

    verdict: Verdict
    shift_px: Pixels
    agreement: float
    gain: float


def find_offset(pairs: Sequence[Pair]) -> Offset:
    """Where guides lie beside their thermal pictures.

    Args:
        pairs: one or more of the same two cameras, of one size; all lie alike.
    """
    seen = [(pair, surface) for pair in pairs if (surface := agreement_surface(*pair)) is not None]
    if not seen:
        return Offset(Verdict.REFUSED, (0.0, 0.0), 0.0, 0.0)
    surface = np.mean([one for _, one in seen], axis=0)
    agreement = float(surface.max())
    if agreement < LEAST_AGREEMENT:
        return Offset(Verdict.REFUSED, (0.0, 0.0), agreement, 0.0)
    y, x = np.unravel_index(int(np.argmax(surface)), surface.shape)
    coarse = _CANVAS_WIDTH / WIDTH
    start = float(x - REACH_PX) * coarse, float(y - REACH_PX) * coarse
    patches = Patches([pair for pair, _ in seen])
    shift, gain = patches.best(start)
    moves = gain >= patches.least_gain and float(np.hypot(*shift)) >= patches.near_px
    return Offset(Verdict.LINED_UP if moves else Verdict.LEFT, shift, agreement, gain)


def as_they_come(guide: Size, thermal: Size) -> Calibration:
    """Two cameras whose whole pictures lie on each other, as they do without a calibration.

    Args:
        guide: (h, w) of visible pictures.
        thermal: (h, w) of thermal ones.
    """
    taller = (guide[0] / guide[1]) / (thermal[0] / thermal[1])
    return Calibration(
        method="itself",
        visible=View(width=guide[1], height=guide[0]),
        thermal=View(width=thermal[1], height=thermal[0]),
        matrix=rows_of(np.diag([1.0, taller, 1.0])),
    )


def moved_back(calibration: Calibration, shift_px: Pixels) -> Calibration:
    """A calibration that lines up what lay so far to the right and down of it."""
    return calibration.nudged(1.0, 0.0, (-shift_px[0], -shift_px[1]))
