"""What of a run is recorded: the interface of pre-trigger buffer and time lapse."""

from typing import Protocol

from streamer.config.recording import RecordSettings
from streamer.recorder.selection.time_lapse import TimeLapse
from streamer.recorder.selection.triggers import PreTriggerBuffer, parse_trigger
from streamer.recording.schema import EncodedMessage, Recordable


class Selector(Protocol):
    """Decides which messages are written, and when: at once, later or never."""

    @property
    def open(self) -> bool:
        """Whether what comes is being written."""

    @property
    def held_bytes(self) -> int:
        """What it holds back in memory."""

    def take(self, message: Recordable, stored: EncodedMessage) -> list[EncodedMessage]:
        """Takes a message; returns what is to be written now, in order."""

    def flush(self) -> list[EncodedMessage]:
        """What is to be written before the end."""


def selector_of(settings: RecordSettings, held_bytes: float) -> Selector:
    """Which of both a recording has.

    Args:
        settings: what is recorded.
        held_bytes: that it may hold back.
    """
    if settings.every_s:
        return TimeLapse(settings.every_s, held_bytes)
    triggers = [parse_trigger(text) for text in settings.when]
    return PreTriggerBuffer(triggers, settings.before_s, settings.after_s, held_bytes)
