"""Encoded messages that wait for their moment to be written, bounded in bytes."""

import logging
from collections import deque

from streamer.clock import NS_PER_S, StreamNs, since
from streamer.recording.schema import EncodedMessage

log = logging.getLogger(__name__)


class HeldMessages:
    """A queue of the newest messages.

    Args:
        limit_bytes: what they may take in all; the oldest make room.

    Attributes:
        size_bytes: what they take.
        left_out: messages that had to make room.
    """

    def __init__(self, limit_bytes: float) -> None:
        self.size_bytes = self.left_out = 0
        self._limit_bytes = limit_bytes
        self._messages: deque[EncodedMessage] = deque()

    def append(self, message: EncodedMessage) -> list[EncodedMessage]:
        """Takes a message; returns those that have to make room for it, in order."""
        self._messages.append(message)
        self.size_bytes += _bytes_of(message)
        left_out = []
        while self.size_bytes > self._limit_bytes and len(self._messages) > 1:
            left_out.append(self._pop())
        if left_out and not self.left_out:
            held_s = since(message.arrived_ns, self._messages[0].arrived_ns) / NS_PER_S
            log.warning(
                "%.0f MB hold the messages of %.1f s alone (recording.queue_mb)",
                self._limit_bytes / 1e6,
                held_s,
            )
        self.left_out += len(left_out)
        return left_out

    def pop_until(self, moment_ns: StreamNs | None) -> list[EncodedMessage]:
        """Takes those that arrived at a moment or before it; all of them for None."""
        taken = []
        while self._messages and (moment_ns is None or self._messages[0].arrived_ns <= moment_ns):
            taken.append(self._pop())
        return taken

    def _pop(self) -> EncodedMessage:
        message = self._messages.popleft()
        self.size_bytes -= _bytes_of(message)
        return message


def _bytes_of(message: EncodedMessage) -> int:
    return sum(len(payload.data) for payload in message.payloads)
