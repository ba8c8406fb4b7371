"""The mode that the states of two streams allow. Nothing here reads a clock."""

from collections import Counter

from streamer.clock import StreamNs
from streamer.messages import Mode, ModeChange, StreamState

_USABLE = (StreamState.OK, StreamState.LATE)


Drops = Counter[str]  # "STREAM/CAUSE" -> frames


def select_mode(thermal: StreamState, visible: StreamState) -> Mode:
    """The mode for these stream states.

    The thermal stream decides: without it nothing is measured, and a visible picture alone is
    shown only when the thermal is gone for good, not while it stalls or recalibrates.
    """
    if thermal in _USABLE:
        return Mode.GUIDED if visible in _USABLE else Mode.THERMAL_ONLY
    if thermal in (StreamState.STALE, StreamState.FFC):
        return Mode.HOLD
    return Mode.VISIBLE_ONLY if visible in _USABLE else Mode.NO_SIGNAL


class ModeMachine:
    """The current mode, and what changed it.

    Attributes:
        mode: the current one.
        guide_refused: why visible frames are not used as guides; empty where they are.
    """

    def __init__(self) -> None:
        self.mode = Mode.NO_SIGNAL
        self.guide_refused = ""

    def update(
        self, thermal: StreamState, visible: StreamState, now_ns: StreamNs
    ) -> ModeChange | None:
        """Moves to the mode of these states; returns the change if there is one."""
        previous, self.mode = self.mode, select_mode(thermal, visible)
        reason = f"thermal {thermal}, visible {visible}"
        if self.mode is Mode.GUIDED and self.guide_refused:
            self.mode, reason = Mode.THERMAL_ONLY, self.guide_refused
        if previous is self.mode:
            return None
        return ModeChange(now_ns, previous, self.mode, reason)
