"""Faults on purpose: `--inject` specifications, parsed once, asked by the processes they concern.

Times count from the first result of the run, in seconds.
"""

import re
from collections.abc import Iterable
from enum import StrEnum

import msgspec

from streamer.clock import NS_PER_S, StreamNs, since
from streamer.errors import CorefusionError
from streamer.messages import SENSORS, capture_process


class InjectionError(CorefusionError):
    """A specification that does not parse; shows one that does."""


class Fault(StrEnum):
    """What can be done to a stream or a process."""

    DROP = "drop"  # frames are taken but not sent
    FREEZE = "freeze"  # the last picture again and again
    DELAY = "delay"  # frames are sent late, with their true timestamp
    FFC = "ffc"  # the shutter closes, announced
    KILL = "kill"  # SIGKILL to a process
    CORRUPT = "corrupt"  # foreign bytes beside the frames


_INTERVAL = {Fault.DROP, Fault.FREEZE, Fault.DELAY, Fault.CORRUPT}
_TARGETS = {
    Fault.KILL: (*map(capture_process, SENSORS), "inference", "viewer"),
    Fault.FFC: ("thermal",),
}
_SPEC = re.compile(
    r"(?P<fault>[a-z]+):(?P<target>[a-z.]+)(=(?P<ms>[0-9]+(\.[0-9]+)?)ms)?"
    r"@(?P<start>[0-9]+(\.[0-9]+)?)(-(?P<end>[0-9]+(\.[0-9]+)?))?"
)
_LARGEST = 1e9  # seconds or milliseconds: finite, and its nanoseconds fit into 64 bits
_EXAMPLES = (
    "drop:visible@2-4, freeze:thermal@3-5, delay:visible=80ms@2-6, ffc:thermal@5, "
    "kill:capture.visible@3, kill:inference@4, corrupt:visible@2-3"
)


class Injection(msgspec.Struct, frozen=True):
    """One fault: on `target` from `start_s` to `end_s` (equal for an instant)."""

    fault: Fault
    target: str
    start_s: float
    end_s: float
    delay_ms: float = 0.0

    def active(self, since_first_result_ns: int) -> bool:
        """Whether the fault is on at this time of the run."""
        return self.start_s <= since_first_result_ns / NS_PER_S < self.end_s


def parse_injection(spec: str, ffc_duration_s: float) -> Injection:
    """Reads one `--inject` specification.

    Raises:
        InjectionError: it is none; says what was wanted.
    """
    found = _SPEC.fullmatch(spec.strip())
    if found is None or found["fault"] not in list(Fault):
        raise InjectionError(f"--inject {spec:.80}: none of {_EXAMPLES}")
    fault = Fault(found["fault"])
    targets = _TARGETS.get(fault, SENSORS)
    if found["target"] not in targets:
        raise InjectionError(f"--inject {spec:.80}: {fault} takes {' or '.join(targets)}")
    start, end, delay_ms = (float(found[name] or 0) for name in ("start", "end", "ms"))
    if max(start, end, delay_ms) > _LARGEST:
        raise InjectionError(f"--inject {spec:.60}: no number over {_LARGEST:.0f} wanted")
    if (found["end"] is not None) != (fault in _INTERVAL):
        form = "a time span such as @2-4" if fault in _INTERVAL else "one moment such as @5"
        raise InjectionError(f"--inject {spec:.80}: {fault} takes {form}")
    if (found["ms"] is not None) != (fault is Fault.DELAY):
        raise InjectionError(f"--inject {spec:.80}: a length such as =80ms goes with delay alone")
    end = end if found["end"] is not None else start
    if fault is Fault.FFC:
        end = start + ffc_duration_s
    if fault in _INTERVAL and end <= start:
        raise InjectionError(f"--inject {spec:.80}: the span ends before it starts")
    return Injection(fault, found["target"], start, end, delay_ms)


class FaultPlan:
    """The faults of one stream, asked frame by frame."""

    def __init__(self, injections: Iterable[Injection], target: str) -> None:
        self._injections = [injection for injection in injections if injection.target == target]

    def active(
        self, fault: Fault, now_ns: StreamNs, first_result_ns: StreamNs | None
    ) -> Injection | None:
        """The fault of this kind that is on now, if any; none before the first result."""
        if first_result_ns is None:
            return None
        for injection in self._injections:
            if injection.fault is fault and injection.active(since(now_ns, first_result_ns)):
                return injection
        return None

    def has(self, fault: Fault) -> bool:
        """Whether this kind of fault is planned at all."""
        return any(injection.fault is fault for injection in self._injections)
