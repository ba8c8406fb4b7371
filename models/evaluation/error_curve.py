"""From features and errors to a score, and from a score to a sigma."""

import numpy as np
from numpy.typing import NDArray

from models.evaluation.coverage import quantile

RIDGE = 0.02
KNOTS = 12
SMALLEST = 0.05
"""Levels below which no sigma is foretold."""


def ridge(
    features: NDArray[np.float64], wanted: NDArray[np.float64], weights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float]:
    """Weighted least squares, shrunk on standardised features: (coefficients, bias)."""
    mean = np.average(features, axis=0, weights=weights)
    deviation = np.sqrt(np.average((features - mean) ** 2, axis=0, weights=weights)) + 1e-6
    centre = float(np.average(wanted, weights=weights))
    standard = (features - mean) / deviation
    weighed = standard * weights[:, None]
    square = weighed.T @ standard + RIDGE * weights.sum() * np.eye(standard.shape[1])
    found = np.linalg.solve(square, weighed.T @ (wanted - centre)) / deviation
    return found, float(centre - mean @ found)


def curve(
    scores: NDArray[np.float64], errors: NDArray[np.int64], weights: NDArray[np.float64]
) -> tuple[list[float], list[float]]:
    """(scores, sigmas) at KNOTS stretches of equal weight, from the lowest score up."""
    order = np.argsort(scores, kind="stable")
    share = np.cumsum(weights[order]) / weights.sum()
    knots: list[float] = []
    sigmas: list[float] = []
    for part in range(KNOTS):
        inside = order[(share > part / KNOTS) & (share <= (part + 1) / KNOTS)]
        if inside.size == 0:
            continue
        each = np.repeat(weights[inside], errors.shape[1])
        counted = np.bincount(errors[inside].ravel(), each, minlength=2)
        knot = float(np.average(scores[inside], weights=weights[inside]))
        if knots and knot - knots[-1] < 1e-3:
            continue
        knots.append(knot)
        sigmas.append(max(quantile(counted), SMALLEST, *sigmas[-1:]))
    return knots, sigmas
