"""Which calibration holds for which moment of the frames, where it changes while a run goes on."""

import bisect
from collections.abc import Iterable, Sequence

import msgspec

from streamer.calibration.calibration import Calibration
from streamer.calibration.geometry import Size
from streamer.calibration.plain_data import calibration_of
from streamer.clock import StreamNs
from streamer.messages.calibrations import GIVEN, CalibrationChange

_KEPT = 64  # frames come in the order of their times, but for a moment


class TimedCalibration(msgspec.Struct, frozen=True):
    """A calibration, and since when it holds.

    Attributes:
        from_ns: capture time of the first result made with it; None of the one a run began with.
        calibration: of the two cameras; None takes them for aligned.
        reason: what led to it.
        order: number of the order that it follows.
    """

    from_ns: StreamNs | None
    calibration: Calibration | None
    reason: str = GIVEN
    order: int = 0


class CalibrationTimeline:
    """Calibrations by the moments they hold from. Nothing here reads a clock.

    Args:
        first: what holds before all others.
        changes: what follows, in any order.
        order: number of the order that the first one follows.
    """

    def __init__(
        self,
        first: Calibration | None = None,
        changes: Iterable[TimedCalibration] = (),
        order: int = 0,
    ) -> None:
        timed = [change for change in changes if change.from_ns is not None]
        self._entries = [
            TimedCalibration(None, first, order=order),
            *sorted(timed, key=lambda one: one.from_ns or 0),
        ]
        self._starts = [one.from_ns or StreamNs(0) for one in self._entries[1:]]

    def at(self, moment_ns: StreamNs) -> TimedCalibration:
        """What holds at a moment."""
        return self._entries[bisect.bisect_right(self._starts, moment_ns)]

    @property
    def thermal_size(self) -> Size:
        """(H, W) of the thermal pictures that its calibrations were made for."""
        known = (one.calibration for one in self._entries if one.calibration is not None)
        return next(calibration.thermal.size for calibration in known)

    def add(self, change: TimedCalibration) -> None:
        """Takes a change at its end; of a run that goes on for days, the newest are kept."""
        assert change.from_ns is not None
        self._entries.append(change)
        self._starts.append(change.from_ns)
        del self._entries[:-_KEPT], self._starts[: -(_KEPT - 1)]


def recorded_changes(
    changes: Sequence[CalibrationChange], distance_m: float = 0.0
) -> tuple[TimedCalibration, ...]:
    """The changes that a recording holds.

    Args:
        changes: as they were told.
        distance_m: what all are to be lined up for; 0: as it was.

    Raises:
        CalibrationError: one of them is none.
    """
    return tuple(
        TimedCalibration(
            change.timestamp_ns,
            None
            if change.calibration is None
            else calibration_of(change.calibration, "the recording's calibration").at(distance_m),
            change.reason,
        )
        for change in changes
    )
