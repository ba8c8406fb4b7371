"""How two cameras are lined up, where that changes while a run goes on."""

from typing import Any

import msgspec

from streamer.clock import StreamNs

GIVEN = "given"
DISTANCE = "distance"
DRIFT = "drift"

FOLLOWING = (DISTANCE, DRIFT)
"""Reasons of changes that follow the scene by small steps."""


class FollowedDistance(msgspec.Struct, frozen=True):
    """The distance that both cameras are lined up for, where it follows the scene.

    Attributes:
        distance_m: metres.
        steps: how often it was moved.
        unsure: looks after which it stayed, because the scene did not say clearly how far it is.
    """

    distance_m: float
    steps: int = 0
    unsure: int = 0


class FollowedDrift(msgspec.Struct, frozen=True):
    """How far the visible picture was moved back, where what it drifts is taken out.

    Attributes:
        shift_px: how far it had drifted to the right and down of its calibration, pixels of a
            canvas 640 wide.
        steps: how often it was moved.
        unsure: looks after which it stayed, because the scene did not say clearly how it lies, or
            it lay too far aside.
    """

    shift_px: tuple[float, float]
    steps: int = 0
    unsure: int = 0


class CalibrationOrder(msgspec.Struct, frozen=True):
    """Which calibration is to be used, told with the state of the session.

    Attributes:
        number: counts orders; the calibration that a run began with is none.
        calibration: as its file has it.
    """

    number: int
    calibration: dict[str, Any]


class CalibrationChange(msgspec.Struct, frozen=True, tag="calibration_change"):
    """The worker lines both cameras up by another calibration than before.

    Attributes:
        timestamp_ns: capture time of the first result made with it; what is later is as well.
        calibration: as its file has it; None where both are taken for aligned again.
        reason: `given` by a person, or by a file that was written anew; `distance`: the same for
            another distance, which follows the scene; `drift`: moved by a pixel at most, since the
            guide had drifted.
        order: number of the order that it follows; 0 where it follows none.
    """

    timestamp_ns: StreamNs
    calibration: dict[str, Any] | None
    reason: str = GIVEN
    order: int = 0
