"""How a recording stands: its size, the rates of its streams, room on the disk, how far behind."""

import logging
from collections import Counter
from collections.abc import Callable, Sequence

from streamer.clock import NS_PER_S, StreamNs, after, later, since
from streamer.messages import RecordingState, TimelineEvent
from streamer.recorder.housekeeping import Housekeeper
from streamer.recorder.writer_thread import WriterThread
from streamer.recording import Writer
from streamer.recording.writing.disk_space import DiskSpace, Room

log = logging.getLogger(__name__)

_RATES_EVERY_NS = NS_PER_S
_BEHIND_S = 1.0


class RecordingFigures:
    """What a recorder tells of its recording, in figures and in words.

    Args:
        streams: of pictures.
        writer: of the file; its thread's, but for name and size.
        writing: that thread.
        disk: on which it grows.
        housekeeper: who removes old segments.
        note: records an event.

    Attributes:
        full: whether it ended because the disk is nearly full.
        detail: in words.
        told: in figures; None before the first.
    """

    def __init__(
        self,
        streams: Sequence[str],
        writer: Writer,
        writing: WriterThread,
        disk: DiskSpace,
        housekeeper: Housekeeper,
        note: Callable[[TimelineEvent], None],
    ) -> None:
        self.full = False
        self.detail = ""
        self.told: RecordingState | None = None
        self._streams = streams
        self._writer, self._writing = writer, writing
        self._disk, self._housekeeper = disk, housekeeper
        self._note = note
        self._next_rates_ns = StreamNs(0)
        self._came: Counter[str] = Counter()  # since the last look at rates
        self._behind = False

    def came(self, stream: str) -> None:
        """A picture of a stream has come."""
        self._came[stream] += 1

    def look(self, now: StreamNs) -> None:
        """Looks how it stands, once a second; where it falls behind, that is noted once."""
        if later(self._next_rates_ns, now):
            return
        passed_s = (since(now, self._next_rates_ns) + _RATES_EVERY_NS) / NS_PER_S
        self._next_rates_ns = after(now, _RATES_EVERY_NS)
        behind_s = self._writing.behind_s(now)
        if behind_s > _BEHIND_S and not self._behind:
            words = f"cannot keep up: {behind_s:.1f} s behind"
            log.warning("recorder: %s", words)
            self._note(TimelineEvent(now, "recording", words))
        self._behind = behind_s > _BEHIND_S
        rates_hz = {stream: round(self._came[stream] / passed_s, 1) for stream in self._streams}
        self._came.clear()
        self.told = told = self._state(rates_hz)
        state = "" if self._writing.recording else "waiting for its moment, "
        size, room = f"{told.size_mb:.1f} MB", f"{told.disk_left_gb:.1f} GB left"
        self.detail = f"{state}{self._writer.path.name}: {size}, {room}"
        if self._disk.room is Room.LITTLE:
            self.detail += ", the disk is getting full"
        if self._behind:
            self.detail += f", {behind_s:.1f} s behind"

    def end(self) -> None:
        """Looks for the last time."""
        self.told = told = self._state({})
        self.detail = f"{told.file}, {told.size_mb:.1f} MB"
        if self.full:
            self.detail = f"the disk is nearly full: {self.detail}"

    def end_empty(self, why: str) -> None:
        """Of a recording that was removed, as nothing came for it."""
        self.told = None
        self.detail = why

    def _state(self, rates_hz: dict[str, float]) -> RecordingState:
        return RecordingState(
            file=str(self._writer.path),
            size_mb=round(self._writer.size_bytes / 1e6, 3),
            disk_left_gb=round(self._disk.free_bytes / 1e9, 3),
            rates_hz=rates_hz,
            full=self.full,
            removed=self._housekeeper.removed,
            pictures=self._writing.pictures,
            handled=self._writing.handled,
        )
