"""Pairs of points that are clicked: a place in one picture, the same place in the other. No Qt."""

import numpy as np

from gui.language import plural, tr
from gui.panes import Pane
from streamer.calibration.finding.points import LEAST_POINTS, PointFit, from_points
from streamer.calibration.geometry import Points, Size

Place = tuple[float, float]
"""Shares of a picture's width and height."""


class ClickedPairs:
    """The first point of the one picture belongs to the first one of the other, and so on."""

    def __init__(self) -> None:
        self._places: dict[Pane, list[Place]] = {Pane.VISIBLE: [], Pane.THERMAL: []}

    def places(self, pane: Pane) -> tuple[Place, ...]:
        """All points of the visible or the thermal picture."""
        return tuple(self._places[pane])

    @property
    def complete(self) -> int:
        """How many pairs there are."""
        return min(map(len, self._places.values()))

    @property
    def enough(self) -> bool:
        """Whether a map can be made of them."""
        return self.complete >= LEAST_POINTS

    def click(self, pane: Pane, place: Place) -> None:
        """Takes a point; a second one before its companion replaces the first."""
        own = self._places[pane]
        if not all(0 <= share <= 1 for share in place):
            return
        if len(own) > self.complete:
            own[-1] = place
        else:
            own.append(place)

    def take_back(self) -> None:
        """The last point, or the last pair where both are there."""
        longest = max(map(len, self._places.values()))
        for own in self._places.values():
            del own[longest - 1 if longest else 0 :]

    def clear(self) -> None:
        """None any more."""
        for own in self._places.values():
            own.clear()

    def fit(self, guide: Size, sensor: Size) -> PointFit:
        """The map that they ask for.

        Args:
            guide: (h, w) of the visible picture.
            sensor: (h, w) of the thermal one.

        Raises:
            CalibrationError: they make none; the text says why.
        """
        return from_points(
            self._pixels(Pane.THERMAL, sensor), self._pixels(Pane.VISIBLE, guide), sensor, guide
        )

    def words(self) -> str:
        """What to click next."""
        visible, thermal = (len(self._places[pane]) for pane in (Pane.VISIBLE, Pane.THERMAL))
        if visible > thermal:
            return tr(
                "Now the same place {visible} in the thermal picture, on the right.",
                visible=visible,
            )
        if thermal > visible:
            return tr(
                "Now the same place {thermal} in the visible picture, on the left.", thermal=thermal
            )
        missing = LEAST_POINTS - self.complete
        more = tr("more pairs make it surer")
        if missing > 0:
            more = plural("{n} more pair at least", "{n} more pairs at least", missing)
        return tr(
            "Click a place in one picture, then the same in the other; {more}, all over.", more=more
        )

    def _pixels(self, pane: Pane, size: Size) -> Points:
        rows, columns = size
        places = np.array(self._places[pane][: self.complete], np.float64).reshape(-1, 2)
        return np.asarray(places * np.array([columns, rows]) - 0.5)
