"""Where the places of a picture are on the screen."""

from typing import NamedTuple

from gui.state.framing.orientation import Orientation
from gui.state.framing.zoom import Box
from streamer.measuring.tool import Place


class Placement(NamedTuple):
    """A picture on the screen.

    Attributes:
        box: where it lies, in pixels of its view; larger than the view where it was zoomed into.
        seen: the part of that which is in the view.
        orientation: which way up it is.
    """

    box: Box
    seen: Box
    orientation: Orientation = Orientation()

    def on_screen(self, place: Place) -> tuple[float, float]:
        """The pixel of the view at which a place of the picture is seen."""
        u, v = self.orientation.seen(place)
        return self.box.x + u * self.box.width, self.box.y + v * self.box.height

    def shows(self, place: Place) -> bool:
        """Whether a place of the picture is in the view."""
        x, y = self.on_screen(place)
        seen = self.seen
        return seen.x <= x <= seen.x + seen.width and seen.y <= y <= seen.y + seen.height
