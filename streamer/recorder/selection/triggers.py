"""What of a stream of messages is kept: all, or the time around certain moments."""

import math
import operator
import re
from collections.abc import Iterable

import msgspec

from streamer.clock import NS_PER_S, after
from streamer.config.recording import ASKED
from streamer.messages import Frame, FrameFlag, ModeChange, SessionStatus, TimelineEvent
from streamer.recorder.selection.held_messages import HeldMessages
from streamer.recording.errors import RecordingError
from streamer.recording.schema import EncodedMessage, Recordable
from streamer.thermal.readings import extremes
from streamer.thermal.validity import Places, mask_of

_CONDITION = re.compile(r"(?P<end>max|min)_celsius\s*(?P<sign>[<>])\s*(?P<limit>-?\d+(\.\d+)?)")
_COMPARE = {"<": operator.lt, ">": operator.gt}
ASKED_TEXT = "recording was asked for in the window"
ALARM_TEXT = "alarm: "
"""How the event of an alarm that begins starts."""
_EXAMPLES = '"max_celsius > 60", "min_celsius < 5", "mode" or "alarm"'


class Trigger(msgspec.Struct, frozen=True):
    """A moment worth keeping: an extreme of the sensor beyond a limit, a new mode, an alarm."""

    end: str
    sign: str = ">"
    limit_celsius: float = 0.0

    @property
    def in_degrees(self) -> bool:
        """Whether it can hold only where counts have degrees."""
        return self.end in ("max", "min")

    def fires(self, message: Recordable, bad_pixels: Places = ()) -> bool:
        """Whether it holds of this message. Without degrees, no limit is ever passed.

        Args:
            message: of any stream.
            bad_pixels: of the thermal camera, which are no readings.
        """
        if self.end == "mode":
            return isinstance(message, ModeChange)
        if self.end == "alarm":
            if isinstance(message, TimelineEvent):  # of the last moments, without a state
                return message.kind == "alarm" and message.text.startswith(ALARM_TEXT)
            alarms = message.alarms if isinstance(message, SessionStatus) else ()
            return any(alarm.active for alarm in alarms)
        if self.end == ASKED:
            return isinstance(message, TimelineEvent) and message.text == ASKED_TEXT
        if not isinstance(message, Frame) or message.stream != "thermal":
            return False
        if message.radiometry is None or FrameFlag.FFC in message.flags:
            return False
        bad = mask_of(bad_pixels, message.pixels.shape) if bad_pixels else None
        found = extremes(message.pixels, message.radiometry, bad)
        counts = found.hottest.counts if self.end == "max" else found.coldest.counts
        celsius = message.radiometry.celsius(counts)
        return bool(_COMPARE[self.sign](celsius, self.limit_celsius))


def parse_trigger(text: str) -> Trigger:
    """Reads one `--trigger`.

    Raises:
        RecordingError: it is none; says what was wanted.
    """
    if text.strip() in ("mode", "alarm", ASKED):
        return Trigger(text.strip())
    found = _CONDITION.fullmatch(text.strip())
    if found is None:
        raise RecordingError(f"--trigger {text:.80}: {_EXAMPLES} wanted")
    return Trigger(found["end"], found["sign"], float(found["limit"]))


class PreTriggerBuffer:
    """Holds the last seconds back until a trigger fires. Without triggers it is always open.

    What waits is encoded already: ten seconds of 640x480 results are 80 MB then, not 200.

    Args:
        triggers: what is waited for.
        before_s: how much is kept from before it.
        after_s: how much is kept from after it last held.
        limit_bytes: of what is held back; the oldest make room.
    """

    def __init__(
        self,
        triggers: Iterable[Trigger],
        before_s: float,
        after_s: float,
        limit_bytes: float = math.inf,
    ) -> None:
        self._triggers = tuple(triggers)
        self._before_ns, self._after_ns = round(before_s * NS_PER_S), round(after_s * NS_PER_S)
        self._waiting = HeldMessages(limit_bytes)
        self._open_until_ns: int | None = None
        self._bad_pixels: Places = ()

    @property
    def open(self) -> bool:
        """Whether the newest message was let through."""
        return not self._triggers or self._open_until_ns is not None

    @property
    def held_bytes(self) -> int:
        """What it holds back in memory."""
        return self._waiting.size_bytes

    def take(self, message: Recordable, stored: EncodedMessage) -> list[EncodedMessage]:
        """Takes a message; returns what is to be written now, in order."""
        if not self._triggers:
            return [stored]
        now_ns = stored.arrived_ns
        if isinstance(message, SessionStatus) and (worker := message.statuses.get("inference")):
            self._bad_pixels = worker.bad_pixels
        if any(trigger.fires(message, self._bad_pixels) for trigger in self._triggers):
            self._open_until_ns = now_ns + self._after_ns
        if self._open_until_ns is not None and now_ns > self._open_until_ns:
            self._open_until_ns = None
        if self._open_until_ns is not None:
            return [*self._waiting.pop_until(None), stored]
        self._waiting.pop_until(after(now_ns, -self._before_ns - 1))
        self._waiting.append(stored)
        return []

    def flush(self) -> list[EncodedMessage]:
        """What is to be written before the end: nothing that no trigger has asked for."""
        return []
