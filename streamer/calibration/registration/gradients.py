"""What a visible and a thermal picture have in common: where edges are, and which way they run.

Brightness and heat go up and down independently, so the sign of an edge says nothing: its direction
is taken modulo half a turn, as twice its angle. The strength is taken as a logarithm, less its
surroundings' mean, so that neither a strong edge nor a textured wall outweighs the rest.
"""

from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from streamer.order_statistics import median, percentile

Plane = NDArray[np.float32]

_SURROUNDINGS = 0.06  # of the width: sigma of what counts as surroundings
_FAINT = 1.0  # of the median strength: below it an edge is taken for noise


class Edges(NamedTuple):
    """Edges of a picture.

    Attributes:
        strength: (H, W), mean about 0.
        across, along: (H, W), cosine and sine of twice the angle, times the strength above 0.
    """

    strength: Plane
    across: Plane
    along: Plane


def grey(picture: NDArray[Any]) -> Plane:
    """A picture, (H, W, 3) BGR or (H, W) of any depth, as float32; counts stretched to 0..255."""
    if picture.ndim == 3:
        return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.float32)
    plane = picture.astype(np.float32)
    low, high = (percentile(plane[::2, ::2], share) for share in (0.5, 99.5))
    stretched = (plane - np.float32(low)) * np.float32(255.0 / max(high - low, 1e-6))
    return np.asarray(np.clip(stretched, -64, 320), np.float32)


def edges(plane: Plane, sigma: float) -> Edges:
    """The edges of a grey picture that is first blurred by `sigma` pixels."""
    soft = cv2.GaussianBlur(plane, (0, 0), sigma) if sigma > 0 else plane
    x = cv2.Sobel(soft, cv2.CV_32F, 1, 0)
    y = cv2.Sobel(soft, cv2.CV_32F, 0, 1)
    size = cv2.magnitude(x, y)
    faint = max(median(size) * _FAINT, 1e-3)
    logarithm = np.log1p(size / faint)
    around = cv2.GaussianBlur(logarithm, (0, 0), _SURROUNDINGS * plane.shape[1])
    strength = np.asarray(logarithm - around, np.float32)
    weight = logarithm / np.maximum(size * size, 1e-12)
    across = np.asarray((x * x - y * y) * weight, np.float32)
    along = np.asarray(2 * x * y * weight, np.float32)
    across -= cv2.GaussianBlur(across, (0, 0), _SURROUNDINGS * plane.shape[1])
    along -= cv2.GaussianBlur(along, (0, 0), _SURROUNDINGS * plane.shape[1])
    return Edges(strength, across, along)
