"""The coarse step: every scale, turn and shift tried, on small pictures.

For each scale and turn the visible picture is brought to the thermal one's size, and the normalised
correlation of their edges is worked out for all shifts at once, by Fourier transform. A shift is
judged by what overlaps. Correlations of several moments are averaged: what moves, noise and what
only one camera sees cancel out.
"""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from streamer.calibration.geometry import Size, similarity
from streamer.calibration.registration.gradients import Edges, Plane, edges

WIDTH = 96  # of the small thermal picture

SCALES = tuple(float(np.exp(step * 0.035)) for step in range(-20, 8))  # 0.50 to 1.28
TURNS_DEG = (-6.0, -4.0, -2.0, 0.0, 2.0, 4.0, 6.0)

_SIGMA = 1.2
_LEAST_OVERLAP = 0.45  # of the thermal picture
_MOST_SHIFT = 0.35  # of the width
_APART = 0.06  # of the width: peaks nearer than this are the same


class Guess(NamedTuple):
    """One hypothesis: visible = scale * R(turn) * thermal + shift, in half widths; its score."""

    matrix: NDArray[np.float64]
    score: float


class SearchResult(NamedTuple):
    """What was found.

    Attributes:
        guesses: the best first, each another place.
        deviation: of all scores: how high a score is by chance.
    """

    guesses: tuple[Guess, ...]
    deviation: float


def search(
    pairs: Sequence[tuple[Plane, Plane]],
    scales: Sequence[float] = SCALES,
    turns_deg: Sequence[float] = TURNS_DEG,
    keep: int = 6,
) -> SearchResult:
    """Tries everything.

    Args:
        pairs: grey pictures (visible, thermal) of the same moments.
        scales: of the visible against the thermal half width.
        turns_deg: of the visible against the thermal picture.
        keep: how many different guesses to return.
    """
    rows, columns = pairs[0][1].shape
    size = (round(WIDTH * rows / columns), WIDTH)
    padded = tuple(cv2.getOptimalDFTSize(2 * side) for side in size)
    fixed = [_Fixed(edges(_small(thermal, size), _SIGMA), padded) for _, thermal in pairs]
    lights = [_reduced(visible, WIDTH * 2) for visible, _ in pairs]
    candidates: list[tuple[float, float, float, float, float]] = []
    scores: list[float] = []
    for scale in scales:
        for turn in turns_deg:
            surface = np.mean(
                [
                    one.correlate(_turned(light, scale, turn, size), padded)
                    for light, one in zip(lights, fixed, strict=True)
                ],
                axis=0,
            )
            scores.append(float(np.var(surface)))
            for _ in range(2):
                y, x = np.unravel_index(int(np.argmax(surface)), surface.shape)
                score = float(surface[y, x])
                dx = float(x if x <= padded[1] // 2 else x - padded[1])
                dy = float(y if y <= padded[0] // 2 else y - padded[0])
                candidates.append((score, scale, turn, dx, dy))
                surface = surface.copy()
                near = int(_APART * WIDTH)
                ys = np.arange(y - near, y + near + 1) % padded[0]
                xs = np.arange(x - near, x + near + 1) % padded[1]
                surface[np.ix_(ys, xs)] = -1
    candidates.sort(reverse=True)
    guesses: list[Guess] = []
    corners = np.array([[-0.8, -0.6], [0.8, -0.6], [-0.8, 0.6], [0.8, 0.6], [0, 0]])
    for score, scale, turn, dx, dy in candidates:
        # A moved canvas point p shows the light at p - d, so visible = sR (p - d)
        matrix = similarity(scale, turn, (0, 0))
        offset = matrix[:2, :2] @ np.array([dx, dy]) * (2 / WIDTH)
        matrix[:2, 2] = -offset
        if all(_apart(matrix, other.matrix, corners) > 2 * _APART for other in guesses):
            guesses.append(Guess(matrix, score))
        if len(guesses) == keep:
            break
    return SearchResult(tuple(guesses), float(np.sqrt(np.mean(scores))))


def _apart(
    one: NDArray[np.float64], other: NDArray[np.float64], points: NDArray[np.float64]
) -> float:
    difference = (one - other)[:2]
    moved = points @ difference[:, :2].T + difference[:, 2]
    return float(np.median(np.linalg.norm(moved, axis=1)))


class _Fixed:
    """The transformed edges of a thermal picture."""

    def __init__(self, found: Edges, padded: tuple[int, ...]) -> None:
        self.area = found.strength.size
        ones = np.ones_like(found.strength)
        self._planes = [np.fft.rfft2(plane, s=padded) for plane in found]
        energy = sum(plane * plane for plane in found)
        self._energy = np.fft.rfft2(energy, s=padded)
        self._mask = np.fft.rfft2(ones, s=padded)

    def correlate(
        self, moving: tuple[Edges, Plane], padded: tuple[int, ...]
    ) -> NDArray[np.float32]:
        """(padded): the normalised correlation by shift of the moving picture."""
        found, mask = moving
        top = sum(
            mine * np.conj(np.fft.rfft2(plane, s=padded))
            for mine, plane in zip(self._planes, found, strict=True)
        )
        energy = sum(plane * plane for plane in found)
        masks = np.conj(np.fft.rfft2(mask, s=padded))
        stacked = np.stack(
            [top, self._energy * masks, self._mask * np.conj(np.fft.rfft2(energy, s=padded)),
             self._mask * masks]
        )  # fmt: skip
        product, mine, theirs, overlap = np.fft.irfft2(stacked, s=padded)
        norm = np.sqrt(np.maximum(mine, 1e-6) * np.maximum(theirs, 1e-6))
        surface = product / np.maximum(norm, 0.02 * norm.max())
        far = np.abs(np.fft.fftfreq(padded[1], 1 / padded[1])) > _MOST_SHIFT * WIDTH
        surface[:, far] = 0
        far = np.abs(np.fft.fftfreq(padded[0], 1 / padded[0])) > _MOST_SHIFT * WIDTH
        surface[far] = 0
        surface[overlap < _LEAST_OVERLAP * self.area] = 0
        return np.asarray(surface, np.float32)


def _small(picture: Plane, size: Size) -> Plane:
    shrinks = picture.shape[1] > size[1]
    how = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, size[::-1], interpolation=how), np.float32)


def _reduced(picture: Plane, columns: int) -> Plane:
    rows = round(picture.shape[0] * columns / picture.shape[1])
    return picture if picture.shape[1] <= columns else _small(picture, (rows, columns))


def _turned(light: Plane, scale: float, turn: float, size: Size) -> tuple[Edges, Plane]:
    """The visible picture as it would be seen at a scale and turn, and where it is."""
    rows, columns = light.shape
    half, out = columns / 2, size[1] / 2
    linear = similarity(scale, turn, (0, 0))[:2, :2] * half / out
    centre_out = np.array([size[1] / 2 - 0.5, size[0] / 2 - 0.5])
    centre_in = np.array([columns / 2 - 0.5, rows / 2 - 0.5])
    affine = np.column_stack([linear, centre_in - linear @ centre_out])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    blur = max(0.0, scale * half / out - 1) * 0.5
    source = cv2.GaussianBlur(light, (0, 0), blur) if blur > 0.2 else light
    picture = cv2.warpAffine(
        source, affine, size[::-1], flags=flags, borderMode=cv2.BORDER_REPLICATE
    )
    mask = cv2.warpAffine(
        np.ones_like(light), affine, size[::-1], flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    )
    mask = cv2.erode(mask, np.ones((5, 5)), borderType=cv2.BORDER_CONSTANT, borderValue=1)
    found = edges(np.asarray(picture, np.float32), _SIGMA)
    kept = Edges(*(np.asarray(plane * mask, np.float32) for plane in found))
    return kept, np.asarray(mask, np.float32)
