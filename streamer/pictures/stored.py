"""A picture as a file stores it, before anybody decides what it means."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from streamer.messages import Radiometry

Metadata = dict[str, str | int | float | bool]


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """The samples of one picture, upright, every bit of them.

    Attributes:
        pixels: (H, W), or (H, W, 3) in the order blue, green, red; of the file's own type.
        rendering: what says that it is a rendering: `in colour`, `with a palette`, ...; empty
            where its samples may be counts.
        radiometry: what samples mean in kelvin, where the file states it.
        lossy: whether a lossy codec has been over it, so that equal channels may differ a little.
        metadata: what the file says besides.
        visible: (H, W, 3) uint8 BGR, the visible picture that a radiometric still holds.
        kelvin: whether the samples are kelvin themselves, by the file's own word.
        heat: whether they are a thermal camera's raw counts, by the file's own word.
    """

    pixels: NDArray[Any]
    rendering: str = ""
    radiometry: Radiometry | None = None
    lossy: bool = False
    metadata: Metadata = field(default_factory=dict)
    visible: NDArray[np.uint8] | None = None
    kelvin: bool = False
    heat: bool = False


def is_coloured(pixels: NDArray[Any]) -> bool:
    """Whether the channels of a picture differ: (H, W, 3) of whole numbers.

    Grey that went through a JPEG differs by 3 levels of 256, a palette by 100; what has 16 bits
    went through none, and as many counts are a difference there. A mark that a camera draws into
    its grey picture does not make it one.
    """
    if pixels.ndim == 2:
        return False
    step = max(1, int((pixels.shape[0] * pixels.shape[1] / SAMPLES) ** 0.5))
    one, two, three = (pixels[::step, ::step, channel] for channel in range(3))
    most = np.maximum(np.maximum(one, two), three)
    spread = most - np.minimum(np.minimum(one, two), three)
    return float((spread >= COLOURED_LEVELS).mean()) > COLOURED_SHARE


SAMPLES = 20_000
"""Pixels of a large picture that are looked at."""

COLOURED_LEVELS, COLOURED_SHARE = 16, 0.01
"""A picture is coloured where the channels of more pixels than this share of all differ by so many
levels, or counts, and more."""
