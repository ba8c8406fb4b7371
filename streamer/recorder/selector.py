"""What of a run is recorded: the interface of pre-trigger buffer and time lapse."""

from typing import Protocol

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
