"""Which changes of calibration and network a recording has been told of."""

from collections import deque

import msgspec

from streamer.messages import CalibrationChange, NetworkChange, NetworkUse, SuperResolvedFrame
from streamer.recording import RecordingInfo

Change = CalibrationChange | NetworkChange

_KEPT = 8  # by which one that is told again is known


def without_changes(
    result: SuperResolvedFrame,
) -> tuple[SuperResolvedFrame, list[Change]]:
    """A result as it is recorded, and the changes that it is the first of: they are streams."""
    brought = (result.realigned, result.network)
    changes: list[Change] = [one for one in brought if one is not msgspec.UNSET]
    if changes:
        result = msgspec.structs.replace(result, realigned=msgspec.UNSET, network=msgspec.UNSET)
    return result, changes


class KnownChanges:
    """Each is told with the first result of it and by the session; it is recorded once."""

    def __init__(self) -> None:
        self._calibrations: deque[CalibrationChange] = deque(maxlen=_KEPT)
        self._networks: deque[NetworkChange] = deque(maxlen=_KEPT)

    def is_new(self, change: Change, info: RecordingInfo) -> bool:
        """Whether a change is to be recorded; it then counts as such.

        Args:
            change: as it was told.
            info: of the recording, which says what it began with.
        """
        if isinstance(change, CalibrationChange):
            newest = self._calibrations[-1] if self._calibrations else None
            goes_on = newest is not None and newest.calibration == change.calibration
            if goes_on or change in self._calibrations:
                return False
            self._calibrations.append(change)
            return True
        of_before = not self._networks and change.network == _first(info)
        if of_before or change in self._networks:
            return False
        self._networks.append(change)
        return True


def _first(info: RecordingInfo) -> NetworkUse | None:
    """The network that a recording begins with."""
    if info.model is None:
        return None
    return NetworkUse(
        info.model,
        info.engine or "",
        info.precision or "",
        info.views,
        info.model_sha256,
        info.threads,
    )
