"""The map that pairs of points ask for: robust, and no freer than the pairs can carry.

The map is a similarity, then an affine change, a perspective and the visible lens's distortion.
Each of these has a prior about nothing at all: two cameras side by side differ little in aspect and
perspective, so a few points near the middle cannot bend the corners.
"""

from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from streamer.calibration.geometry import Lens, Points, ideal, projected, seen

_PRIOR = np.array([np.inf, np.inf, np.inf, np.inf, 0.006, 0.006, 0.012, 0.012, 0.06, 0.008])
"""How far each parameter lies from 0: scale and turn, shift (2), aspect, shear, perspective (2),
k1, k2."""

PRECISION = np.where(np.isinf(_PRIOR), 0.0, 1 / _PRIOR**2)
"""The prior's, of each parameter."""

_STEPS = 12
_NUDGE = 1e-5


class Fit(NamedTuple):
    """A map from thermal to visible points, in half widths.

    Attributes:
        matrix: (3, 3), thermal to ideal visible points.
        lens: of the visible camera.
        weights: (N,), what each pair counted in the end: 1 where it fits.
        missed: (N, 2), how far each visible point lies from where it should, half widths.
        parameters: (10,), of the map, in the order of the prior.
    """

    matrix: NDArray[np.float64]
    lens: Lens
    weights: NDArray[np.float64]
    missed: Points
    parameters: NDArray[np.float64]

    @classmethod
    def given(cls, matrix: NDArray[np.float64]) -> Self:
        """A map that nothing was fitted to."""
        return cls(matrix, (0.0, 0.0), np.ones(1), np.zeros((1, 2)), np.zeros(10))


def fit(
    thermal: Points,
    visible: Points,
    tolerance: float,
    certainty: NDArray[np.float64] | None = None,
    *,
    bends: bool = True,
    thermal_lens: Lens = (0.0, 0.0),
) -> Fit:
    """The map that brings thermal points to visible ones.

    Args:
        thermal: (N, 2), N >= 2, half widths.
        visible: (N, 2).
        tolerance: half widths that a good pair may be off; farther ones count ever less.
        certainty: (N, 2, 2), the inverse covariance of each pair relative to `tolerance`; None is
            the same for all.
        bends: whether more than a similarity may be found.
        thermal_lens: of the thermal camera, known.
    """
    straight = ideal(thermal, thermal_lens)
    if certainty is None:
        certainty = np.broadcast_to(np.eye(2), (len(thermal), 2, 2))
    free = 10 if bends else 4
    prior = PRECISION[:free]
    first = _similarity_of(straight, visible)
    parameters = np.zeros(free)
    parameters[:4] = first
    weights = np.ones(len(thermal))
    scale = 8.0
    for _ in range(_STEPS):
        missed = visible - _apply(parameters, straight)
        distance = np.sqrt(np.einsum("ni,nij,nj->n", missed, certainty, missed))
        weights = 1 / (1 + (distance / (tolerance * scale)) ** 2) ** 2
        scale = max(1.0, scale * 0.6)
        columns = []
        for index in range(free):
            moved = parameters.copy()
            moved[index] += _NUDGE
            columns.append((_apply(moved, straight) - (visible - missed)) / _NUDGE)
        jacobian = np.stack(columns, axis=-1)  # (N, 2, P)
        weighted = certainty * (weights / tolerance**2)[:, None, None]
        normal = np.einsum("nip,nij,njq->pq", jacobian, weighted, jacobian) + np.diag(prior)
        right = np.einsum("nip,nij,nj->p", jacobian, weighted, missed) - prior * parameters
        parameters = parameters + np.linalg.solve(normal + 1e-9 * np.eye(free), right)
    missed = visible - _apply(parameters, straight)
    matrix, lens = map_of(parameters)
    whole = np.zeros(10)
    whole[:free] = parameters
    return Fit(matrix, lens, weights, missed, whole)


def _similarity_of(thermal: Points, visible: Points) -> NDArray[np.float64]:
    """Least squares; (a, b, x, y) of [[a, -b, x], [b, a, y]]."""
    x, y = thermal.T
    ones, none = np.ones_like(x), np.zeros_like(x)
    rows = np.concatenate([np.stack([x, -y, ones, none], 1), np.stack([y, x, none, ones], 1)])
    found, *_ = np.linalg.lstsq(rows, visible.T.reshape(-1), rcond=None)
    return np.asarray(found)


def map_of(parameters: NDArray[np.float64]) -> tuple[NDArray[np.float64], Lens]:
    """The homography (3, 3) and the visible lens of parameters, in the order of the prior."""
    a, b, x, y = parameters[:4]
    matrix = np.array([[a, -b, x], [b, a, y], [0.0, 0.0, 1.0]])
    if len(parameters) == 4:
        return matrix, (0.0, 0.0)
    aspect, shear, across, down, k1, k2 = parameters[4:]
    bent = np.array([[1 + aspect, shear, 0.0], [shear, 1 - aspect, 0.0], [across, down, 1.0]])
    return matrix @ bent, (float(k1), float(k2))


def _apply(parameters: NDArray[np.float64], straight: Points) -> Points:
    matrix, lens = map_of(parameters)
    return seen(projected(matrix, straight), lens)
