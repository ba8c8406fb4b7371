"""Where everybody is at a time: pure functions of seconds, so that two processes agree."""

import math
from dataclasses import dataclass

from capture.scene.moving.people import STRIDE_M
from capture.scene.yard import HORIZON

_UNITS_PER_METRE_AND_ROW = 0.2057  # a person of 1.72 m is 68 units tall where the ground is at 312


def units_per_metre(foot_y: float) -> float:
    """How large a metre is for something that stands at `foot_y`."""
    return (foot_y - HORIZON) * _UNITS_PER_METRE_AND_ROW


@dataclass(frozen=True)
class Step:
    """Where a walker is: the middle of the body, its direction, metres walked (None: standing)."""

    x: float
    to_right: bool
    walked_m: float | None


@dataclass(frozen=True)
class Patrol:
    """Somebody walking to and fro between two points, resting at each."""

    left: float
    right: float
    foot_y: float
    speed_m_s: float
    rest_s: float
    phase_s: float

    def at(self, time_s: float) -> Step:
        """The walker at a time."""
        scale = units_per_metre(self.foot_y)
        leg_s = (self.right - self.left) / scale / self.speed_m_s
        moment = (time_s + self.phase_s) % (2 * (leg_s + self.rest_s))
        to_right = moment < leg_s + self.rest_s
        moment = moment if to_right else moment - leg_s - self.rest_s
        walked = min(moment, leg_s) * self.speed_m_s
        x = self.left + walked * scale if to_right else self.right - walked * scale
        return Step(x, to_right, walked if moment < leg_s else None)

    def footprints(self, time_s: float, count: int) -> list[tuple[float, float]]:
        """The last steps as (x, age in seconds), newest first."""
        now = self.at(time_s)
        if now.walked_m is None:
            return []
        step_m = STRIDE_M / 2
        prints = []
        for index in range(count):
            age = (now.walked_m % step_m + index * step_m) / self.speed_m_s
            then = self.at(time_s - age)
            if then.walked_m is not None:
                prints.append((then.x, age))
        return prints


@dataclass(frozen=True)
class Passage:
    """A vehicle that drives through every `period_s`, by turns to the right and to the left."""

    foot_y: float
    length: float
    speed: float  # scene units a second
    period_s: float
    phase_s: float
    width: float  # of the scene

    def at(self, time_s: float) -> tuple[float, bool, float]:
        """Left end, whether it drives to the right, and units driven since it came into view."""
        turn, moment = divmod(time_s + self.phase_s, self.period_s)
        driven = moment * self.speed
        to_right = int(turn) % 2 == 0
        left = driven - self.length if to_right else self.width - driven
        return left, to_right, driven

    def since_passed(self, time_s: float, x: float) -> float:
        """Seconds since the tail left `x`; infinite when it has not in this turn."""
        _, to_right, driven = self.at(time_s)
        gone = driven - self.length - (x if to_right else self.width - x)
        return gone / self.speed if gone > 0 else math.inf
