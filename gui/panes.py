"""The pictures that can be looked at."""

from enum import StrEnum


class Pane(StrEnum):
    """One thing that can be looked at; the order is that of the number keys."""

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
