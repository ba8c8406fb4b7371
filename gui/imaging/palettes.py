"""The palettes as Qt paints them fastest: 256 colours each, packed as 0xffRRGGBB."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from streamer.palettes import DEFAULT, DIVERGING, GREY, PALETTES

__all__ = ["DEFAULT", "GREY", "PALETTES", "Table", "diverging", "table"]

Table = NDArray[np.uint32]


@cache
def table(name: str) -> Table:
    """The 256 packed colours of a palette; those of the default one for an unknown name."""
    return _pack(PALETTES.get(name, PALETTES[DEFAULT]).colours())


@cache
def diverging() -> Table:
    """The palette of differences: dark at zero, so that only what differs stands out."""
    return _pack(DIVERGING.colours())


def _pack(colours: NDArray[np.float64]) -> Table:
    rgb = np.rint(colours * 255).astype(np.uint32)
    packed: Table = np.full(len(rgb), 0xFF000000, np.uint32)
    packed |= rgb[:, 0] << 16 | rgb[:, 1] << 8 | rgb[:, 2]
    packed.flags.writeable = False
    return packed
