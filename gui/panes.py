"""The pictures that the window can show."""

from enum import StrEnum


class Pane(StrEnum):
    """One of them; the order is that of the number keys."""

    RESULT = "result"
    VISIBLE = "visible"
    THERMAL = "thermal"
    INFLUENCE = "influence"

    @property
    def caption(self) -> str:
        """As written on the picture."""
        return {
            "result": "Super-resolved",
            "visible": "Visible",
            "thermal": "Raw thermal",
            "influence": "Added by the guide",
        }[self.value]
