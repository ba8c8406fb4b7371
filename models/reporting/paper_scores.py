"""ScoreCache of the paper, for comparison: dB and SSIM on the 30 validation pairs, x8.

Only rows whose values are known to us; the others are absent, not estimated.
"""

from models.imaging.metrics import Score

BOTH: dict[float, Score] = {0.1: (27.992, 0.8347), 1.0: (28.039, 0.8322)}
"""Table 1 by beta: both modalities."""

VISIBLE_MISSING: dict[float, Score] = {0.0: (20.677, 0.779), 1.0: (20.35, 0.7335)}
"""Table 2 by beta."""

THERMAL_MISSING_BEST: Score = (11.626, 0.6107)
"""Table 3, the best row."""

BETAS = (0.0, 0.001, 0.01, 0.1, 1.0)

SHARED_PLACES = ("062_01", "039_02", "013_01", "048_02")
"""Validation images that show a place of a training image (061_01, 044_02, 014_01, 046_02)."""
