"""One alarm over time: limit, hold time, hysteresis."""

import math
from collections import deque

import numpy as np

from streamer.clock import NS_PER_S, StreamNs, since
from streamer.measuring.alarm_rule import AlarmRule

_RATE_S = 10.0  # a rate is that of a line through so many seconds
_LEAST_S = 5.0  # and through so many at least
_RATE_VALUES = 400


class Alarm:
    """Holds once its value has been beyond the limit for long enough, until it is well within.

    Attributes:
        rule: what is watched.
        since_ns: since when it holds; None while it does not.
        value: the newest; NaN where there is none.
    """

    def __init__(self, rule: AlarmRule) -> None:
        self.rule = rule
        self.since_ns: StreamNs | None = None
        self.value = math.nan
        self._beyond_ns: StreamNs | None = None
        self._last_ns: StreamNs | None = None

    def update(self, at_ns: StreamNs, value: float) -> bool:
        """Takes the value of a moment; whether the alarm has just begun or ended.

        A value that is none (NaN) changes nothing: a lost camera neither makes an alarm nor ends
        one. Time that goes back has jumped: all begins anew.
        """
        if self._last_ns is not None and since(at_ns, self._last_ns) < 0:
            self.since_ns = self._beyond_ns = None
        self._last_ns = at_ns
        if math.isnan(value):
            return False
        self.value = value
        rule, before = self.rule, self.since_ns
        sign = 1.0 if rule.above is not None else -1.0
        over = sign * (value - rule.limit)
        if before is not None:
            if over <= -rule.hysteresis:
                self.since_ns = self._beyond_ns = None
        elif over > 0:
            if self._beyond_ns is None:
                self._beyond_ns = at_ns
            if since(at_ns, self._beyond_ns) >= rule.hold_s * NS_PER_S:
                self.since_ns = at_ns
        else:
            self._beyond_ns = None
        return (before is None) != (self.since_ns is None)

    def end(self) -> bool:
        """What it watches is there no more; whether it has held until now."""
        held = self.since_ns is not None
        self.since_ns, self._beyond_ns, self.value = None, None, math.nan
        return held


class RateMeter:
    """How fast a value rises, in units a minute, by a line through its last seconds."""

    def __init__(self) -> None:
        self._read: deque[tuple[StreamNs, float]] = deque(maxlen=_RATE_VALUES)

    def update(self, at_ns: StreamNs, value: float) -> float:
        """Takes a value; NaN until there are seconds enough."""
        if self._read and since(at_ns, self._read[-1][0]) < 0:
            self._read.clear()
        if not math.isnan(value):
            self._read.append((at_ns, value))
        while self._read and since(at_ns, self._read[0][0]) > _RATE_S * NS_PER_S:
            self._read.popleft()
        if not self._read or since(self._read[-1][0], self._read[0][0]) < _LEAST_S * NS_PER_S:
            return math.nan
        seconds = np.array([since(at, at_ns) / NS_PER_S for at, _ in self._read])
        values = np.array([value for _, value in self._read])
        away = seconds - seconds.mean()
        return float((away * (values - values.mean())).sum() / (away**2).sum() * 60)
