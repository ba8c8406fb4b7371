"""Pixels that are found over time to be no readings: stuck ones, hot ones and dead ones.

One picture cannot tell a bad pixel from a small hot thing. Time can, once the scene moves: what is
bad stays where it is while everything around it changes. So a pixel is judged by windows of looks,
and is taken for bad after two of them in which

- the scene moved under it: the gradient across its place pointed one way and the other, far beyond
  noise. In a still scene nothing is ever found; a drift, or another gain, is no movement;
- and it did not move by a fiftieth of what seven of its eight neighbours did (stuck), or stood
  beyond its four neighbours to the same side in every look, far beyond noise (hot, dead);
- and, where it stands out so, its neighbours did not: a lens spreads every small hot thing over the
  pixels beside it, by a tenth and more, and a bad pixel stands alone.

A pixel that belies this in two windows is a reading again. Where more than one pixel in 500 seems
bad, something else is under way, and none is added.

State is handed in frame by frame; no clock is read. One band of rows is looked at in each frame, so
that a large sensor costs no more than 0.5 ms, and one of 80x60 0.1 ms.
"""

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from streamer.messages import Radiometry
from streamer.pictures.readings.pixel_band import HALO, NOISE, PixelBand
from streamer.thermal.validity import Mask, Places

BAND_PX = 45_000
"""Pixels of a band, at most: a frame of so many is looked at as a whole."""

ONE_IN = 500
"""Where more than one pixel of so many seems bad, it is not pixels that are bad."""

_FEWEST = 4


class BadPixelFinder:
    """Looks for bad pixels in the frames of one thermal stream, in their order.

    Attributes:
        found: (H, W), true where a pixel is bad; None where none is.
        places: (column, row) of each of them.
    """

    def __init__(self) -> None:
        self.found: Mask | None = None
        self.places: Places = ()
        self._kind: tuple[object, ...] | None = None
        self._bands: list[PixelBand] = []
        self._next = 0

    def add(self, counts: NDArray[Any], radiometry: Radiometry | None = None) -> bool:
        """Takes the next frame; whether `found` has changed.

        Args:
            counts: (H, W) uint8 or uint16; pixels known to be none have a neighbour's value.
            radiometry: what they mean. Where it, or the size, changes, it begins anew.
        """
        kind = (counts.shape, counts.dtype, radiometry)
        if kind != self._kind:
            self._kind, changed = kind, self.found is not None
            self.found, self.places, self._next = None, (), 0
            self._bands = _bands_of(counts)
            return changed
        if not self._bands:
            return False
        band = self._bands[self._next]
        self._next = (self._next + 1) % len(self._bands)
        return band.add(counts) and self._gather(counts.size)

    def _gather(self, pixels: int) -> bool:
        """Puts together what the bands have found; whether that is something else."""
        found = np.concatenate([band.found for band in self._bands])
        places = tuple((int(column), int(row)) for row, column in np.argwhere(found))
        many = len(places) > max(_FEWEST, pixels // ONE_IN)
        if places == self.places or (many and len(places) > len(self.places)):
            return False
        self.found, self.places = (found if places else None), places
        return True


def _bands_of(counts: NDArray[Any]) -> list[PixelBand]:
    """The bands of a frame; none where it is too small to tell anything."""
    rows, columns = counts.shape
    if min(rows, columns) < 2 * HALO + 1 or counts.dtype not in NOISE:
        return []
    number = min(-(-counts.size // BAND_PX), rows)
    edges = [round(each * rows / number) for each in range(number + 1)]
    return [PixelBand(top, bottom, rows, columns, counts.dtype) for top, bottom in pairwise(edges)]
