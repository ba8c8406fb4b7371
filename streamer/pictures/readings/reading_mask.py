"""Which pixels of a thermal stream are readings, and its frames without those that are none."""

import logging
from typing import Any

import numpy as np
from numpy.typing import NDArray

from streamer.messages import Radiometry
from streamer.pictures.degrees import nearest_sources
from streamer.pictures.readings.bad_pixels import BadPixelFinder
from streamer.thermal.validity import Mask, Places, valid_pixels, without

log = logging.getLogger(__name__)

_NAMED = 8


class ReadingMask:
    """Puts together what each frame tells of its pixels, and what time does.

    Args:
        finds: whether bad pixels are looked for over time.
    """

    def __init__(self, *, finds: bool = True) -> None:
        self._finder = BadPixelFinder() if finds else None
        self._filling: tuple[Mask, NDArray[np.intp], NDArray[np.intp]] | None = None

    @property
    def bad(self) -> Mask | None:
        """(H, W), true where a pixel was found over time to be none."""
        return None if self._finder is None else self._finder.found

    @property
    def places(self) -> Places:
        """(column, row) of these."""
        return () if self._finder is None else self._finder.places

    def take(
        self, counts: NDArray[Any], radiometry: Radiometry | None = None
    ) -> tuple[NDArray[Any], Mask | None]:
        """Takes the next frame.

        Args:
            counts: (H, W), not written to.
            radiometry: what they mean.

        Returns:
            The counts, where a pixel that is no reading has its nearest neighbour's; and (H, W),
            true where one is, None where all are.
        """
        valid = valid_pixels(counts)
        if self._finder is not None:
            seen = counts if valid is None else self._filled(counts, valid)
            if self._finder.add(seen, radiometry):
                self._tell()
            if self.bad is None:
                return seen, valid
            valid = without(valid, self.bad)
        return counts if valid is None else self._filled(counts, valid), valid

    def _filled(self, counts: NDArray[Any], valid: Mask) -> NDArray[Any]:
        """Filled in; where from is worked out anew only where the mask has changed."""
        if self._filling is None or not np.array_equal(self._filling[0], valid):
            self._filling = (valid, *nearest_sources(~valid))
        _, none, nearest = self._filling
        filled = counts.copy()
        filled.ravel()[none] = counts.ravel()[nearest]
        return filled

    def _tell(self) -> None:
        """Says which pixels are bad by now."""
        places = self.places
        if not places:
            log.warning("the pixels of the thermal camera that were bad are readings again")
            return
        shown = "; ".join(f"{column}, {row}" for column, row in places[:_NAMED])
        log.warning(
            "%d pixels of the thermal camera are stuck, hot or dead, and no readings "
            "(column, row: %s%s)",
            len(places),
            shown,
            "; ..." if len(places) > _NAMED else "",
        )
