"""What a recorder notices beside the messages: shutters, restarts, gaps, alarms, what changed."""

from collections import Counter

from streamer.clock import NS_PER_S, StreamNs, live_stream
from streamer.messages import (
    CalibrationChange,
    Frame,
    FrameFlag,
    NetworkChange,
    SessionStatus,
    TimelineEvent,
    capture_process,
)
from streamer.messages.calibrations import GIVEN
from streamer.recorder.selection.triggers import ALARM_TEXT
from streamer.recording.schema import NETWORK_EVENT, Recordable

_GAPS_EVERY_NS = NS_PER_S


class EventDetector:
    """Turns what arrives into events. No clock: arrival times are handed in."""

    def __init__(self) -> None:
        self._shutter = False
        self._corrections: int | None = None  # those before it was there are none of this recording
        self._restarts: Counter[str] = Counter()
        self._missing: Counter[str] = Counter()
        self._next_gaps_ns = 0
        self._alarms: set[str] = set()

    def take(self, message: Recordable, arrived_ns: StreamNs) -> list[TimelineEvent]:
        """The events that a message means."""
        if isinstance(message, Frame) and message.stream == "thermal":
            return self._shutter_of(message)
        if isinstance(message, SessionStatus):
            return [
                *self._restarts_of(message),
                *self._alarms_of(message),
                *self._correction_of(message),
            ]
        if isinstance(message, CalibrationChange) and message.reason == GIVEN:
            words = "both cameras are lined up anew"
            return [TimelineEvent(message.timestamp_ns, "calibration", words)]
        if isinstance(message, NetworkChange):
            words = f"network: {message.previous.words} -> {message.network.words}"
            return [TimelineEvent(message.timestamp_ns, NETWORK_EVENT, words)]
        return []

    def missed(self, stream: str, count: int, now_ns: StreamNs) -> list[TimelineEvent]:
        """Notes frames that never came; one event a second tells of all of them."""
        if count:
            self._missing[stream] += count
        if not self._missing or now_ns < self._next_gaps_ns:
            return []
        self._next_gaps_ns = now_ns + _GAPS_EVERY_NS
        words = ", ".join(f"{n} of {name}" for name, n in self._missing.items())
        self._missing.clear()
        return [TimelineEvent(now_ns, "gap", f"frames missing: {words}")]

    def _shutter_of(self, frame: Frame) -> list[TimelineEvent]:
        before, self._shutter = self._shutter, FrameFlag.FFC in frame.flags
        if before == self._shutter:
            return []
        words = "the shutter closes" if self._shutter else "the shutter opens"
        return [TimelineEvent(frame.timestamp_ns, "ffc", words)]

    def _correction_of(self, session: SessionStatus) -> list[TimelineEvent]:
        """A shutter that was asked for: not every camera says that it closes."""
        status = session.statuses.get(capture_process("thermal"))
        answer = None if status is None else status.correction
        number = 0 if answer is None else answer.number
        before, self._corrections = self._corrections, number
        if answer is None or before is None or number <= before or answer.problem:
            return []
        at_ns = live_stream(session.timestamp_ns)
        return [TimelineEvent(at_ns, "ffc", "a shutter correction was asked for")]

    def _alarms_of(self, session: SessionStatus) -> list[TimelineEvent]:
        active = {alarm.name: alarm for alarm in session.alarms if alarm.active}
        now = live_stream(session.timestamp_ns)
        begun = [
            TimelineEvent(alarm.since_ns or now, "alarm", f"{ALARM_TEXT}{name}, {alarm.text}")
            for name, alarm in active.items()
            if name not in self._alarms
        ]
        over = [
            TimelineEvent(now, "alarm", f"alarm over: {name}")
            for name in sorted(self._alarms - active.keys())
        ]
        self._alarms = set(active)
        return begun + over

    def _restarts_of(self, session: SessionStatus) -> list[TimelineEvent]:
        events = []
        for name, health in session.processes.items():
            if health.restarts > self._restarts[name]:
                words = f"{name} was started again ({health.restarts})"
                events.append(TimelineEvent(live_stream(session.timestamp_ns), "restart", words))
            self._restarts[name] = health.restarts
        return events
