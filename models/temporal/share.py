"""How much of a picture was measured before its own frame, place by place."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from models.imaging.canvas import Canvas
from models.temporal.samples import PRIOR, Plane, Samples

MOST_CELLS = 4_800
"""Cells of a map at most: what is looked at as a whole needs no more."""


def share_of(
    kept: Plane, sensor_hw: Canvas, samples: Samples | None, trust: NDArray[np.float32] | None
) -> Plane:
    """What earlier frames say about each place, as a share of all that counts there.

    A place has what the present frame measured, what earlier frames measured around it, each as
    much as it is trusted, and the estimate that both are brought together in, which comes in part
    from the picture before.

    Args:
        kept: (H, W) 0 to 1: how much of the estimate is the picture before.
        sensor_hw: (h, w) of the present frame.
        samples: of the earlier frames; None where none are kept.
        trust: (frames, h, w) 0 to 1, of the samples.

    Returns:
        (rows, columns) 0 to 1, a cell for each sensor pixel, or for a block of them.
    """
    rows, columns = sensor_hw
    each = max(1, math.ceil(math.sqrt(rows * columns / MOST_CELLS)))
    high, wide = max(1, rows // each), max(1, columns // each)
    share = np.asarray(cv2.resize(kept, (wide, high), interpolation=cv2.INTER_AREA), np.float32)
    if samples is not None and trust is not None:
        per_cell = np.array([kept.shape[1] / wide, kept.shape[0] / high], np.float32)
        at = ((samples.points.reshape(-1, 2) + np.float32(0.5)) / per_cell).astype(np.intp)
        x, y = np.clip(at[:, 0], 0, wide - 1), np.clip(at[:, 1], 0, high - 1)
        summed = np.bincount(y * wide + x, trust.ravel(), high * wide).reshape(high, wide)
        # Motion that gathers or spreads samples is no trust: two in a cell beside one with none.
        blurred = cv2.blur(summed, (3, 3), borderType=cv2.BORDER_REPLICATE)
        before = np.asarray(blurred, np.float32) / np.float32(each * each)
        share = (np.float32(PRIOR) * share + before) / (np.float32(PRIOR + 1) + before)
    return np.asarray(share, dtype=np.float32)
