"""Foretold errors as a fog over a picture: what cannot be trusted at this span is hardly seen."""

import numpy as np
from numpy.typing import NDArray

from streamer.messages import Uncertainty
from streamer.thermal.span import Span

Fog = NDArray[np.uint32]
"""(rows, columns), alpha, red, green, blue; the colours multiplied by alpha."""

FULL = 0.05
"""Sigma at which the fog is thickest, as a share of the span of the colours."""

THICKEST = 0.9
GREY = 150, 160, 170


def full_counts(span: Span) -> float:
    """The sigma at which the fog is thickest, in counts."""
    return FULL * max(span.width, 1e-6)


def fog_of(uncertainty: Uncertainty, span: Span) -> Fog:
    """The fog of a result whose colours have a span."""
    share = np.minimum(uncertainty.sigma_counts() / full_counts(span), 1.0) * THICKEST
    bgra = [level * share for level in (*reversed(GREY), 255)]
    return np.stack(bgra, axis=-1).astype(np.uint8).view(np.uint32)[..., 0]
