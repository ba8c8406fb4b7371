"""The pictures that the window can show."""

from enum import StrEnum

from gui.language import tr


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
            "result": tr("Super-resolved"),
            "visible": tr("Visible"),
            "thermal": tr("Raw thermal"),
            "influence": tr("Added by the guide"),
        }[self.value]
