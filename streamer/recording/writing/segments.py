"""Writes a recording to a folder of segments that each stand alone."""

import re
from pathlib import Path
from typing import Protocol

import msgspec

from streamer.clock import NS_PER_S, StreamNs
from streamer.recording.errors import RecordingError, in_words
from streamer.recording.names import SUFFIX
from streamer.recording.place import recordings_in
from streamer.recording.schema import (
    CHANGES,
    EncodedMessage,
    Recordable,
    RecordingInfo,
    encode_message,
)
from streamer.recording.wall_clock import ClockNote
from streamer.recording.writing.writer import RecordingWriter


class Writer(Protocol):
    """What a file and a folder of segments have in common for those who write."""

    path: Path

    @property
    def size_bytes(self) -> int:
        """Bytes written so far."""

    def write(self, message: Recordable, arrived_ns: StreamNs) -> int:
        """Adds a message that arrived at `arrived_ns`; returns the frames missing before it."""

    def write_stored(self, stored: EncodedMessage) -> int:
        """As `write`, of a message that is encoded already."""

    @property
    def info(self) -> RecordingInfo:
        """The description of the file that is being written."""

    def describe(self, info: RecordingInfo) -> None:
        """Writes the description anew, when more is known."""

    def note_clock(self, note: ClockNote) -> None:
        """Writes what the time of day is at a moment."""

    def tick(self, now_ns: int) -> None:
        """Lets time pass while nothing is written."""

    def close(self) -> None:
        """Completes it; after a failure, or a second time, nothing is left to do."""


def _number_of(path: Path, folder: Path) -> int:
    """Which segment of a folder a file is; -1 of one with another name."""
    found = re.match(rf"{re.escape(folder.name)}_(\d+){re.escape(SUFFIX)}", path.name)
    return -1 if found is None else int(found[1])


class SegmentWriter:
    """A recording in segments `FOLDER/NAME_0000.mcap` and so on.

    Args:
        folder: made where it is missing; it must not hold a recording yet, unless resumed.
        info: what holds for the whole recording.
        segment_s: a segment is closed when it is this long.
        segment_bytes: or this large.
        resume: go on after the segments that are there.

    Raises:
        RecordingError: the folder holds a recording, or cannot be made.
    """

    def __init__(
        self,
        folder: Path,
        info: RecordingInfo,
        *,
        segment_s: float,
        segment_bytes: int = 2**40,
        resume: bool = False,
    ) -> None:
        self.path = folder
        self._info = info
        self._segment_ns = round(segment_s * NS_PER_S)
        self._segment_bytes = segment_bytes
        self._closed_bytes = 0
        self._index = 0
        self._began_ns: int | None = None
        self._note: ClockNote | None = None
        self._changes: dict[str, EncodedMessage] = {}  # the last of each kind
        try:
            folder.mkdir(parents=True, exist_ok=True)
            there = recordings_in(folder)
            if there and not resume:
                raise RecordingError(f"folder {folder} holds a recording already")
            self._index = max((_number_of(path, folder) for path in there), default=-1) + 1
        except OSError as error:
            raise in_words(folder, error) from error
        self._writer = self._next()

    @property
    def info(self) -> RecordingInfo:
        """The description of the segment that is being written."""
        return self._writer.info

    @property
    def size_bytes(self) -> int:
        """Bytes written so far, all segments together."""
        return self._closed_bytes + self._writer.size_bytes

    def write(self, message: Recordable, arrived_ns: StreamNs) -> int:
        """Adds a message, to a new segment where one is due; as `RecordingWriter.write`."""
        return self.write_stored(encode_message(message, self._writer.info, arrived_ns))

    def write_stored(self, stored: EncodedMessage) -> int:
        """As `RecordingWriter.write_stored`."""
        if self._began_ns is None:
            self._began_ns = stored.arrived_ns
        old = stored.arrived_ns - self._began_ns >= self._segment_ns
        if old or self._writer.size_bytes >= self._segment_bytes:
            self._writer.close()
            self._closed_bytes += self._writer.size_bytes
            self._index += 1
            self._began_ns = stored.arrived_ns
            self._writer = self._next()
            for change in self._changes.values():  # each segment stands alone
                self._writer.write_stored(change._replace(arrived_ns=stored.arrived_ns))
        if stored.stream in CHANGES:
            self._changes[stored.stream] = stored
        return self._writer.write_stored(stored)

    def describe(self, info: RecordingInfo) -> None:
        """As `RecordingWriter.describe`; later segments start with it."""
        self._info = info
        self._writer.describe(info)

    def note_clock(self, note: ClockNote) -> None:
        """As `RecordingWriter.note_clock`; later segments start with it."""
        self._note = note
        self._writer.note_clock(note)

    def tick(self, now_ns: int) -> None:
        """As `RecordingWriter.tick`."""
        self._writer.tick(now_ns)

    def close(self) -> None:
        """Completes the last segment; as `RecordingWriter.close`."""
        self._writer.close()

    def _next(self) -> RecordingWriter:
        offset_ns = self._info.wall_offset_ns if self._note is None else self._note.offset_ns
        info = msgspec.structs.replace(self._info, segment=self._index, wall_offset_ns=offset_ns)
        writer = RecordingWriter(self.path / self._name(), info)
        if self._note is not None:
            writer.note_clock(self._note)
        return writer

    def _name(self) -> str:
        return f"{self.path.name}_{self._index:04}{SUFFIX}"
