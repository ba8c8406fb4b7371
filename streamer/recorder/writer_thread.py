"""The recorder's second half: a thread that encodes and writes what the first half receives.

Encoding takes longer than the gap between two messages of a frame. With one thread, a message
would be stamped when its predecessor has been encoded instead of when it arrived.
"""

import logging
import queue
import threading
from collections import deque
from typing import NamedTuple

from streamer.clock import NS_PER_S, StreamNs, now_ns, since
from streamer.messages import CalibrationChange, Frame, NetworkChange, SuperResolvedFrame
from streamer.recorder.selection.selector import Selector
from streamer.recording.errors import RecordingError
from streamer.recording.schema import (
    CHANGES,
    EncodedMessage,
    Recordable,
    RecordingInfo,
    encode_message,
)
from streamer.recording.wall_clock import ClockNote
from streamer.recording.writing.segments import Writer

log = logging.getLogger(__name__)

_TICK_S = 0.05
_AROUND = 2000  # bytes that a message takes besides its pixels
_MOST_CHANGES = 256  # of calibration and network, that wait for a picture
_PLAIN = ("log", "session", *CHANGES)


class _Arrived(NamedTuple):
    message: Recordable
    arrived_ns: StreamNs


_Order = _Arrived | RecordingInfo | ClockNote


class WriterThread:
    """Writes in the order of arrival; says how far it is behind.

    Attributes:
        error: why nothing is written any more, once that is so.
        pictures: that were written or are held back by the selector.
        written: pictures that were written.
        handled: all messages of which that is so.
        left_out: messages for which there was no time at the end.

    Args:
        writer: used by this thread alone until `finish`.
        selector: what is kept.
    """

    def __init__(self, writer: Writer, selector: Selector) -> None:
        self.error: RecordingError | None = None
        self.pictures = self.written = self.handled = self.left_out = 0
        self._hurry = threading.Event()
        self._writer = writer
        self._selector = selector
        self._changes: deque[EncodedMessage] = deque(maxlen=_MOST_CHANGES)
        self._queue: queue.SimpleQueue[_Arrived | RecordingInfo | ClockNote | None] = (
            queue.SimpleQueue()
        )
        self._bytes = 0
        self._lock = threading.Lock()
        self._oldest_ns: StreamNs | None = None
        self._thread = threading.Thread(target=self._run, name="writing")
        self._thread.start()

    @property
    def waiting_bytes(self) -> int:
        """What waits to be written, or for its moment: pixels, and the messages around them."""
        return self._bytes + self._selector.held_bytes

    @property
    def recording(self) -> bool:
        """Whether what comes is being written."""
        return self._selector.open

    def behind_s(self, now: StreamNs) -> float:
        """How long the message that is being written has waited."""
        oldest_ns = self._oldest_ns
        return 0.0 if oldest_ns is None else (since(now, oldest_ns)) / NS_PER_S

    def put(self, message: Recordable, arrived_ns: StreamNs) -> None:
        """Queues a message."""
        self._count(_size_of(message))
        self._queue.put(_Arrived(message, arrived_ns))

    def describe(self, info: RecordingInfo) -> None:
        """Queues a new description."""
        self._queue.put(info)

    def note_clock(self, note: ClockNote) -> None:
        """Queues a note of the time of day."""
        self._queue.put(note)

    def finish(self, timeout_s: float, grace_s: float = 5.0) -> bool:
        """Writes what waits, then completes the recording.

        Args:
            timeout_s: what still waits then is left out, so that the recording can be completed.
            grace_s: how long that may take.

        Returns:
            Whether it is completed.
        """
        self._queue.put(None)
        self._thread.join(timeout_s)
        if self._thread.is_alive():
            self._hurry.set()
            self._thread.join(grace_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            while (given := self._next()) is not None:
                if self._hurry.is_set():
                    self.left_out += isinstance(given, _Arrived)
                elif isinstance(given, RecordingInfo):
                    self._writer.describe(given)
                elif isinstance(given, ClockNote):
                    self._writer.note_clock(given)
                elif isinstance(given, _Arrived):
                    self._write(given)
                else:
                    self._writer.tick(now_ns())
            for encoded in self._selector.flush():
                self._store(encoded)
            if self.written:  # the last pictures may be of its time
                self._store_changes()
            self._writer.close()
        except RecordingError as error:
            self.error = error
        except Exception as error:  # a bug must not leave the recorder running and writing nothing
            log.exception("the recording ends")
            self.error = RecordingError(f"recording {self._writer.path}: {error}")
            self._writer.close()

    def _next(self) -> _Order | tuple[()] | None:
        try:
            return self._queue.get(timeout=_TICK_S)
        except queue.Empty:
            self._oldest_ns = None
            return ()

    def _write(self, arrived: _Arrived) -> None:
        self._oldest_ns = arrived.arrived_ns
        message = arrived.message
        stored = encode_message(message, self._writer.info, arrived.arrived_ns)
        if isinstance(message, CalibrationChange | NetworkChange):
            self._changes.append(stored)
        else:
            for encoded in self._selector.take(message, stored):
                self._store(encoded)
        self.pictures += stored.stream not in _PLAIN
        self.handled += 1
        self._count(-_size_of(message))

    def _store(self, encoded: EncodedMessage) -> None:
        """Writes a message; before a picture, what cameras are lined up by, and the network.

        That holds also where it changed long before anything was recorded, and a recording begins
        with its first picture.
        """
        picture = encoded.stream not in _PLAIN
        if picture:
            self._store_changes(encoded.arrived_ns)
        self._writer.write_stored(encoded)
        self.written += picture

    def _store_changes(self, arrived_ns: StreamNs | None = None) -> None:
        while self._changes:
            change = self._changes.popleft()
            self._writer.write_stored(
                change if arrived_ns is None else change._replace(arrived_ns=arrived_ns)
            )

    def _count(self, size: int) -> None:
        with self._lock:
            self._bytes += size


def _size_of(message: Recordable) -> int:
    pixels = message.pixels.nbytes if isinstance(message, Frame | SuperResolvedFrame) else 0
    return pixels + _AROUND
